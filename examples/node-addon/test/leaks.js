'use strict';
// node test/leaks.js [CALLS] [KIND…]: every kind of binding, 100,000 calls each, and what the process has grown by.
//
// Each kind runs in a process of its own: once over all calls, which fills caches and pools, then once more, while the
// memory is read ten times. The halves of V8's young space have a fixed size: they would grow with the garbage.
// Descriptors are counted before and after that.

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const nodecore = require('../lib');

/** Bytes a call, less than the smallest block that malloc gives. */
const MOST = 16;
const READINGS = 10;
const AT_ONCE = 100;

const { crypto, fs: files, path: paths, querystring, stream, url, zlib } = nodecore;
const { PassThrough, Readable, finished, pipeline } = stream;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nodecore-leaks-'));
const file = path.join(folder, 'file');
fs.writeFileSync(file, 'x'.repeat(5000));
const small = Buffer.alloc(100, 'a');
const large = Buffer.alloc(8192, 'b');

const refused = (call) => {
  try {
    call();
  } catch {
    return;
  }
  throw new Error('it was not refused');
};
const later = (call) => new Promise((resolve) => call(resolve));

/** A kind of binding, and a call of it; those that end later return a promise. */
const KINDS = {
  'text in, text out': () => paths.join('a', '..', 'b'),
  'a struct out': () => paths.parse('/a/b.c'),
  'a list of structs in': () => querystring.stringify({ a: '1', b: ['2', 'ä'] }),
  'a number out': () => zlib.crc32(small),
  'bytes copied out': () => crypto.createHash('sha256').update(small).digest(),
  'text out of bytes': () => files.readFileSync(file, 'utf8'),
  'bytes lent out': () => zlib.deflateRawSync(large, { level: 0 }),
  'a handle': () => new url.URL('https://example.org/a?b#c').href,
  'an exception': () => refused(() => new url.URL('nonsense')),
  'a callback with a struct': () => later((done) => files.stat(file, done)),
  'a callback with bytes': () => later((done) => files.readFile(file, done)),
  'a callback with an error': () => later((done) => files.stat(`${file}-gone`, done)),
  'a promise': () => files.promises.readFile(file, 'utf8'),
  'the caller\'s memory lent in': () => later((done) => {
    const fd = files.openSync(file);
    files.read(fd, Buffer.alloc(100), 0, 100, 0, () => files.close(fd, done));
  }),
  'an object of the library\'s': async () => (await files.promises.open(file)).close(),
  'a stream': () => later((done) => {
    const stream = zlib.createDeflateRaw({ memLevel: 1, windowBits: 9 });
    stream.on('close', done).resume().end(small);
  }),
  'a wait for a stream': () => later((done) => finished(new PassThrough().resume().end('x'), done)),
  'a pipeline': () => later((done) => pipeline(Readable.from(['x']), new PassThrough(), new PassThrough().resume(), done)),
  'a pipeline that nobody ends': () => void pipeline(new PassThrough(), new PassThrough(), () => {}),
};

const descriptors = () => fs.readdirSync('/proc/self/fd').length;

/** The median of the slopes between any two points: a pool that grows once is a step, and a leak is none. */
function slope(points) {
  const slopes = points.flatMap(([x, y], i) => points.slice(i + 1).map(([u, v]) => (v - y) / (u - x)));
  slopes.sort((a, b) => a - b);
  return slopes[slopes.length >> 1];
}

/** Collects, so that garbage never has to wait for memory; what was finalized frees its memory a turn later. */
async function collect() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await later(setImmediate);
  }
}

async function run(call, calls) {
  for (let done = 0; done < calls; done += AT_ONCE) {
    const pending = Array.from({ length: AT_ONCE }, call);
    if (pending[0] instanceof Promise) await Promise.all(pending);
    if (done % 1000 === 0) await collect();
  }
  await collect();
}

async function measure(call, calls) {
  const readings = [];
  await run(call, calls);
  const before = descriptors();
  for (let reading = 1; reading <= READINGS; reading++) {
    await run(call, calls / READINGS);
    readings.push([(reading * calls) / READINGS, process.memoryUsage.rss()]);
  }
  return { slope: slope(readings), rss: readings.at(-1)[1], descriptors: descriptors() - before };
}

/** In the child: measures one kind, and tells it on a line. */
async function child(kind, calls) {
  const found = await measure(KINDS[kind], calls);
  console.log(JSON.stringify(found));
}

function parent(words) {
  const calls = Number.parseInt(words[0]) ? Number(words.shift()) : 100_000;
  const flags = ['--expose-gc', '--max-semi-space-size=1', '--min-semi-space-size=1'];
  let [passed, failed] = [0, 0];
  console.log(`${calls} calls each`);
  console.log(`${'kind'.padEnd(30)} ${'bytes a call'.padStart(12)} ${'RSS, MB'.padStart(8)} descriptors`);
  for (const kind of Object.keys(KINDS)) {
    if (words.length > 0 && !words.some((word) => kind.includes(word))) continue;
    const run = spawnSync(process.execPath, [...flags, __filename, '--child', kind, `${calls}`], { encoding: 'utf8' });
    let line = `FAILED: ended early with ${run.signal ?? run.status}\n${run.stderr}`;
    let good = false;
    if (run.status === 0 && run.stdout) {
      const found = JSON.parse(run.stdout);
      good = found.slope < MOST && found.descriptors <= 0;
      line = `${found.slope.toFixed(2).padStart(12)} ${(found.rss / 1e6).toFixed(1).padStart(8)} ` +
        `${String(found.descriptors).padStart(11)}${good ? '' : '  FAILED'}`;
    }
    if (good) passed++;
    else failed++;
    console.log(`${kind.padEnd(30)} ${line}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}

process.on('exit', () => fs.rmSync(folder, { recursive: true }));
const words = process.argv.slice(2);
if (words[0] === '--child') child(words[1], Number(words[2]));
else parent(words);
