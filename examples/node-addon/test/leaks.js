'use strict';
// node test/leaks.js [CALLS] [KIND…]: every kind of binding, 100,000 calls each, and what the process has grown by.
//
// The memory is read after a collection, ten times over the calls; its slope is that of the line through the last
// seven readings, because the first calls fill caches and pools. Descriptors are counted before and after.

const fs = require('fs');
const os = require('os');
const path = require('path');
const v8 = require('v8');
const vm = require('vm');
const nodecore = require('../lib');

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');

/** Bytes a call; what is lost by a call that leaks is more: the smallest block of malloc has 24. */
const MOST = 8;
const READINGS = 10;
const AT_ONCE = 100;

const { crypto, fs: files, path: paths, querystring, url, zlib } = nodecore;
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
};

const descriptors = () => fs.readdirSync('/proc/self/fd').length;

/** The slope of the least-squares line through (x, y). */
function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const over = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return over / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

async function measure(call, calls) {
  const readings = [];
  const before = descriptors();
  for (let reading = 1; reading <= READINGS; reading++) {
    for (let done = 0; done < calls / READINGS; done += AT_ONCE) {
      const pending = Array.from({ length: AT_ONCE }, call);
      if (pending[0] instanceof Promise) await Promise.all(pending);
      else await null;
    }
    // What was finalized frees its memory in the turn after the collection.
    for (let i = 0; i < 3; i++) {
      gc();
      await later(setImmediate);
    }
    readings.push([(reading * calls) / READINGS, process.memoryUsage.rss()]);
  }
  return { slope: slope(readings.slice(3)), rss: readings.at(-1)[1], descriptors: descriptors() - before };
}

(async () => {
  const words = process.argv.slice(2);
  const calls = Number.parseInt(words[0]) ? Number(words.shift()) : 100_000;
  let [passed, failed] = [0, 0];
  console.log(`${calls} calls each`);
  console.log(`${'kind'.padEnd(30)} ${'bytes a call'.padStart(12)} ${'RSS, MB'.padStart(8)} descriptors`);
  for (const [kind, call] of Object.entries(KINDS)) {
    if (words.length > 0 && !words.some((word) => kind.includes(word))) continue;
    const found = await measure(call, calls);
    const good = found.slope < MOST && found.descriptors <= 0;
    if (good) passed++;
    else failed++;
    console.log(`${kind.padEnd(30)} ${found.slope.toFixed(2).padStart(12)} ${(found.rss / 1e6).toFixed(1).padStart(8)} ` +
      `${String(found.descriptors).padStart(11)}${good ? '' : '  FAILED'}`);
  }
  fs.rmSync(folder, { recursive: true });
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
})();
