// The rows of the sheet `zlib`: `codec/level/data/bytes`. A runtime that lacks a codec prints no line for it.
import { createReadStream, createWriteStream, readFileSync, statSync, unlinkSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { file } from './harness.mjs';

const BATCH_MS = 2;
const MIDDLE = 4 << 20;
const CHUNK = 64 << 10;
const c = zlib.constants;

class Row {
  constructor(text) {
    const [codec, level, kind, bytes] = text.split('/');
    Object.assign(this, { text, codec, level: Number(level), kind, bytes: Number(bytes) });
  }

  data() {
    const all = readFileSync(file(this.kind));
    const part = all.subarray(MIDDLE, MIDDLE + this.bytes);
    return part.length === this.bytes ? part : Buffer.alloc(this.bytes, all);
  }

  // The same for all: made by the gzip program.
  gzipped() {
    if (this.bytes > 8 << 20) return zlib.gzipSync(this.data());
    return readFileSync(file(`${this.kind}-${this.bytes}.gz`));
  }

  raw() {
    return this.gzipped().subarray(10, -8);
  }

  zlibbed() {
    let [a, b] = [1, 0];
    for (const byte of this.data()) {
      a = (a + byte) % 65521;
      b = (b + a) % 65521;
    }
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(b * 65536 + a);
    return Buffer.concat([Buffer.from([0x78, 0x9c]), this.raw(), sum]);
  }
}

const on = (input, work) => () => work(input).length;

async function streamed(input, stream) {
  let at = 0;
  let size = 0;
  const source = new Readable({
    read() {
      this.push(at < input.length ? input.subarray(at, (at += CHUNK)) : null);
    },
  });
  const sink = new Writable({
    write(chunk, encoding, done) {
      size += chunk.length;
      done();
    },
  });
  await pipeline(source, stream, sink);
  return size;
}

const bodies = {
  gzip: (row) => on(row.data(), (data) => zlib.gzipSync(data, { level: row.level })),
  deflate: (row) => on(row.data(), (data) => zlib.deflateSync(data, { level: row.level })),
  gunzip: (row) => on(row.gzipped(), (data) => zlib.gunzipSync(data)),
  inflate: (row) => on(row.zlibbed(), (data) => zlib.inflateSync(data)),
  'inflate-raw': (row) => on(row.raw(), (data) => zlib.inflateRawSync(data)),
  brotli: (row) => {
    const options = { params: { [c.BROTLI_PARAM_QUALITY]: row.level } };
    return on(row.data(), (data) => zlib.brotliCompressSync(data, options));
  },
  unbrotli: (row) => {
    const options = { params: { [c.BROTLI_PARAM_QUALITY]: row.level } };
    return on(zlib.brotliCompressSync(row.data(), options), (data) => zlib.brotliDecompressSync(data));
  },
  zstd: (row) => {
    const options = { params: { [c.ZSTD_c_compressionLevel]: row.level } };
    return on(row.data(), (data) => zlib.zstdCompressSync(data, options));
  },
  unzstd: (row) => {
    const options = { params: { [c.ZSTD_c_compressionLevel]: row.level } };
    return on(zlib.zstdCompressSync(row.data(), options), (data) => zlib.zstdDecompressSync(data));
  },
  'stream-gzip': (row) => {
    const data = row.data();
    return () => streamed(data, zlib.createGzip({ level: row.level }));
  },
  'stream-gunzip': (row) => {
    const data = row.gzipped();
    return () => streamed(data, zlib.createGunzip());
  },
  'file-gzip-file': (row) => async () => {
    const to = file(`packed-${process.pid}`);
    await pipeline(createReadStream(file(row.kind)), zlib.createGzip({ level: row.level }), createWriteStream(to));
    const { size } = statSync(to);
    unlinkSync(to);
    return size;
  },
};

const budget = Number(process.env.NODECORE_BENCH_MS);
for (const text of process.env.NODECORE_BENCH_CELLS.split('\n')) {
  const row = new Row(text);
  if (row.codec.endsWith('zstd') && zlib.zstdCompressSync === undefined) continue;
  const work = bodies[row.codec](row);
  let size;
  let times = 1;
  let best = Infinity;
  const start = performance.now();
  for (let batches = 0; batches < 2 || performance.now() - start < budget;) {
    const begun = performance.now();
    for (let i = 0; i < times; i++) {
      size = work();
      if (size instanceof Promise) size = await size;
    }
    const took = performance.now() - begun;
    best = Math.min(best, took / times);
    if (took < BATCH_MS) times *= 2;
    else batches++;
  }
  console.log(JSON.stringify({ cell: text, ns: best * 1e6, size }));
}
