'use strict';
const assert = require('assert');
const { once } = require('events');
const { promisify } = require('util');
const v8 = require('v8');
const vm = require('vm');
const { zlib } = require('../..');

const FAMILIES = [
  'Deflate,Inflate',
  'Gzip,Gunzip',
  'DeflateRaw,InflateRaw',
  'BrotliCompress,BrotliDecompress',
  'ZstdCompress,ZstdDecompress',
];
const KINDS = FAMILIES.join().split(',');

/** What comes out of a stream. */
async function all(stream, ...chunks) {
  const out = [];
  stream.on('data', (chunk) => out.push(chunk));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await once(stream, 'end');
  return Buffer.concat(out);
}

/** The runtime's collector. */
function collector() {
  if (globalThis.Bun) return () => Bun.gc(true);
  v8.setFlagsFromString('--expose-gc');
  return vm.runInNewContext('gc');
}

/** Streams that nobody keeps work on to their end, though everything is collected. */
async function dropped() {
  const collect = collector();
  let ended = 0;
  const ends = Array.from({ length: 300 }, () => new Promise((resolve) => {
    zlib.createGzip().on('end', () => resolve(++ended)).resume().end('text');
  }));
  const timer = setInterval(collect, 1);
  setTimeout(() => ends.length === ended || assert.fail(`${ended} streams ended`), 10_000).unref();
  await Promise.all(ends);
  clearInterval(timer);
}

module.exports = async () => {
  await dropped();
  const text = 'text of some length, '.repeat(5000);
  for (let i = 0; i < KINDS.length; i += 2) {
    const [pack, unpack] = KINDS.slice(i, i + 2).map((kind) => kind[0].toLowerCase() + kind.slice(1));
    const packed = zlib[`${pack}Sync`](text);
    assert.ok(packed.length < text.length / 10);
    assert.strictEqual(zlib[`${unpack}Sync`](packed).toString(), text);
    assert.deepStrictEqual(
      await promisify(zlib[unpack])(await promisify(zlib[pack])(text)),
      Buffer.from(text),
    );
    const streamed = await all(zlib[`create${KINDS[i]}`](), text.slice(0, 7), text.slice(7));
    assert.strictEqual((await all(new zlib[KINDS[i + 1]](), streamed)).toString(), text);
    await assert.rejects(promisify(zlib[unpack])(packed.subarray(0, 20)), { code: 'Z_BUF_ERROR' });
  }
  assert.strictEqual(zlib.crc32('hello'), 907060870);
  assert.throws(() => zlib.gzipSync('', { level: 10 }), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => zlib.inflateSync(Buffer.from([1, 2, 3])), { code: 'Z_DATA_ERROR', errno: -3 });
  const [gzip, gunzip] = [new zlib.Gzip(), new zlib.Gunzip()];
  const first = gzip._processChunk(Buffer.from('a'), zlib.constants.Z_SYNC_FLUSH);
  const rest = gzip._processChunk(Buffer.from('b'), zlib.constants.Z_FINISH);
  assert.strictEqual(gunzip._processChunk(first, 0).toString(), 'a');
  assert.strictEqual(gunzip._processChunk(rest, 0).toString(), 'b');
  const broken = zlib.createGunzip();
  broken.end('nothing like gzip');
  const [error] = await once(broken, 'error');
  assert.strictEqual(error.code, 'Z_DATA_ERROR');
  assert.strictEqual(broken._closed, true);

  const { ZipBuffer, ZipEntry } = zlib;
  const parts = [Buffer.from('x'), Buffer.from('yz')];
  const entries = [ZipEntry.createSync('a', Buffer.from('aa')), ZipEntry.createStream('s', parts)];
  const archive = [];
  for await (const chunk of zlib.createZipArchive(entries, { comment: 'c' })) archive.push(chunk);
  const zip = new ZipBuffer(Buffer.concat(archive));
  assert.deepStrictEqual([zip.size, zip.comment, [...zip.keys()]], [2, 'c', ['a', 's']]);
  assert.strictEqual(zip.get('s').contentSync().toString(), 'xyz');
  assert.strictEqual((await zip.get('a').content()).toString(), 'aa');
  await zip.add('n', Buffer.alloc(1000), { method: 'zstd' });
  assert.strictEqual(new ZipBuffer(await zip.toBuffer()).get('n').method, 93);
  assert.throws(() => zip.get('none'), { code: 'ERR_ZIP_ENTRY_NOT_FOUND' });
};
