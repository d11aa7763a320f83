import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { memory, peak } from './harness.mjs';

const CHUNK = Buffer.alloc(64 << 10);
let left = (10 * 2 ** 30) / CHUNK.length;
const source = new Readable({
  read() {
    this.push(left-- > 0 ? CHUNK : null);
  },
});
const sink = new Writable({ write: (chunk, encoding, done) => done() });
const gzip = createGzip();
const before = memory('VmRSS');
await pipeline(source, gzip, sink);
peak(gzip.bytesWritten, before);
