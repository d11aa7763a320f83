'use strict';
// What the apps share: a folder to work in, files with known contents, and what they say of what they did.

const fs = require('fs');
const path = require('path');
const crypto = require('crypto');

const folder = process.argv[2];

const sha256 = (data) => crypto.createHash('sha256').update(data).digest('hex');
const say = (what, value) => console.log(`${what}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);

/** `size` bytes that are the same in every run. */
function bytes(size, seed = 1) {
  const made = Buffer.alloc(size);
  let state = seed >>> 0;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    made[i] = state >>> 24;
  }
  return made;
}

/** A small tree: text, bytes, an empty file, a name that is not ASCII, a link. */
function tree(name) {
  const root = path.join(folder, name);
  fs.mkdirSync(path.join(root, 'a', 'b'), { recursive: true });
  fs.writeFileSync(path.join(root, 'text.txt'), 'line one\nline two\nline three\n'.repeat(500));
  fs.writeFileSync(path.join(root, 'a', 'bytes.bin'), bytes(300_000));
  fs.writeFileSync(path.join(root, 'a', 'b', 'größe.txt'), 'ä'.repeat(1000));
  fs.writeFileSync(path.join(root, 'a', 'empty'), '');
  fs.symlinkSync('text.txt', path.join(root, 'link'));
  return root;
}

/** Every path below `root`, with what is there. */
function list(root, at = '') {
  return fs.readdirSync(path.join(root, at), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
    const name = path.join(at, entry.name);
    if (entry.isDirectory()) return [`${name}/`, ...list(root, name)];
    if (entry.isSymbolicLink()) return [`${name} -> ${fs.readlinkSync(path.join(root, name))}`];
    return [`${name} ${sha256(fs.readFileSync(path.join(root, name))).slice(0, 16)}`];
  });
}

/** Serves with `handler` for as long as `use(url)` takes. */
async function serving(handler, use) {
  const server = require('http').createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** What a server answers to a few requests for files. */
async function ask(url) {
  const requests = [
    ['/text.txt', {}],
    ['/a/bytes.bin', { headers: { range: 'bytes=100-199' } }],
    ['/a/bytes.bin', {}],
    ['/a/b/gr%C3%B6%C3%9Fe.txt', {}],
    ['/a/empty', { method: 'HEAD' }],
    ['/not-there', {}],
    ['/%2e%2e/kit.js', {}],
  ];
  for (const [at, options] of requests) {
    const answer = await fetch(url + at, options);
    const body = Buffer.from(await answer.arrayBuffer());
    const { status, headers } = answer;
    say(`${options.method ?? 'GET'} ${at}`, [status, headers.get('content-type'), headers.get('content-range'),
      headers.get('content-length'), status < 400 ? sha256(body).slice(0, 16) : '']);
  }
}

/** An app's end: what went wrong is said as well. */
function run(app) {
  app().catch((error) => {
    console.log(`failed: ${error?.stack ?? error}`);
    process.exitCode = 1;
  });
}

module.exports = { ask, bytes, folder, list, run, say, serving, sha256, tree };
