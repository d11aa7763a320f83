'use strict';

const assert = require('node:assert');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Transform } = require('node:stream');
const fs = require('../../lib').fs;
const promises = require('../../lib')['fs/promises'];

const called = (fn, ...args) =>
  new Promise((resolve, reject) => fn(...args, (err, ...values) => (err ? reject(err) : resolve(values))));

module.exports = async () => {
  const dir = fs.mkdtempSync(join(tmpdir(), 'nodecore-smoke-'));
  const at = (...names) => join(dir, ...names);
  try {
    // Files as a whole, in the three forms, and by every kind of path.
    fs.writeFileSync(at('a'), 'héllo');
    assert.strictEqual(fs.readFileSync(Buffer.from(at('a')), 'utf8'), 'héllo');
    assert.strictEqual(fs.readFileSync(pathToFileURL(at('a')), 'latin1').length, 6);
    await called(fs.appendFile, at('a'), Buffer.from('!'));
    assert.deepStrictEqual((await called(fs.readFile, at('a')))[0], Buffer.from('héllo!'));
    await promises.writeFile(
      at('b'),
      (async function* () {
        yield 'one ';
        yield 'two';
      })(),
    );
    assert.strictEqual(await promises.readFile(at('b'), 'utf8'), 'one two');

    // Descriptors: a caller's memory, positions, several buffers.
    const fd = fs.openSync(at('a'), 'r+');
    const memory = Buffer.alloc(4);
    assert.deepStrictEqual(await called(fs.read, fd, memory, 1, 3, 0n), [3, memory]);
    assert.strictEqual(memory.toString('latin1'), '\0h\u00c3\u00a9');
    assert.deepStrictEqual((await called(fs.writev, fd, [Buffer.from('ab'), Buffer.from('c')], 0))[0], 3);
    assert.strictEqual(fs.readvSync(fd, [new Uint8Array(2), new Uint8Array(9)], 0), 7);
    fs.closeSync(fd);

    // What is known of files; errors.
    const stats = fs.statSync(at('a'));
    assert.ok(stats.isFile() && stats instanceof fs.Stats && stats.mtime instanceof Date);
    assert.strictEqual(fs.statSync(at('a'), { bigint: true }).size, 7n);
    assert.strictEqual(fs.statSync(at('none'), { throwIfNoEntry: false }), undefined);
    const missing = { code: 'ENOENT', syscall: 'stat', path: at('none') };
    assert.throws(() => fs.statSync(at('none')), missing);
    await assert.rejects(promises.stat(at('none')), missing);
    assert.throws(() => fs.stat(5, () => {}), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.strictEqual(fs.existsSync(at('none')), false);

    // Directories and trees.
    fs.mkdirSync(at('tree', 'in', 'it'), { recursive: true });
    fs.writeFileSync(at('tree', 'in', 'file'), '');
    fs.symlinkSync('file', at('tree', 'in', 'link'));
    assert.deepStrictEqual(fs.readdirSync(at('tree'), { recursive: true }).sort(), [
      'in',
      'in/file',
      'in/it',
      'in/link',
    ]);
    const entries = await promises.readdir(at('tree', 'in'), { withFileTypes: true });
    assert.deepStrictEqual(
      entries.map((entry) => [entry.name, entry.isFile()]),
      [
        ['file', true],
        ['it', false],
        ['link', false],
      ],
    );
    const names = [];
    for await (const entry of await promises.opendir(at('tree', 'in'))) names.push(entry.name);
    assert.deepStrictEqual(names.sort(), ['file', 'it', 'link']);
    await promises.cp(at('tree'), at('copy'), {
      recursive: true,
      filter: async (src) => !src.endsWith('it'),
    });
    assert.deepStrictEqual(fs.readdirSync(at('copy', 'in')), ['file', 'link']);
    assert.deepStrictEqual(fs.globSync('**/f*', { cwd: at('copy'), exclude: (name) => name === 'none' }), [
      'in/file',
    ]);
    await promises.rm(at('copy'), { recursive: true });

    // FileHandles, streams, signals.
    const handle = await promises.open(at('c'), 'w+');
    await handle.write('line one\nline two\n');
    await handle.close();
    assert.strictEqual(handle.fd, -1);
    const upper = new Transform({
      transform: (chunk, encoding, done) => done(null, chunk.toString().toUpperCase()),
    });
    await new Promise((resolve, reject) => {
      fs.createReadStream(at('c'), { start: 5 })
        .on('error', reject)
        .pipe(upper)
        .pipe(fs.createWriteStream(at('d')))
        .on('error', reject)
        .on('close', resolve);
    });
    assert.strictEqual(fs.readFileSync(at('d'), 'utf8'), 'ONE\nLINE TWO\n');
    const abort = new AbortController();
    const reading = promises.readFile(at('c'), { signal: abort.signal });
    abort.abort(new Error('enough'));
    await assert.rejects(reading, (err) => err.name === 'AbortError' && err.cause.message === 'enough');

    // Changes.
    const watcher = fs.watch(dir);
    const change = new Promise((resolve) => watcher.once('change', (event, name) => resolve([event, name])));
    setTimeout(() => fs.writeFileSync(at('new'), ''), 20);
    assert.deepStrictEqual(await change, ['rename', 'new']);
    watcher.close();

    // Logs and Blobs.
    const log = new fs.Utf8Stream({ dest: at('log') });
    const closed = new Promise((resolve) => log.on('close', resolve));
    log.write('a line\n');
    log.end();
    await closed;
    assert.strictEqual(fs.readFileSync(at('log'), 'utf8'), 'a line\n');
    const blob = await fs.openAsBlob(at('c'), { type: 'text/plain' });
    assert.ok(blob instanceof Blob);
    assert.strictEqual(await blob.slice(5, 8).text(), 'one');
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
};
