import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { peak } from './harness.mjs';

const CHUNK = 64 << 10;
let left = (256 << 20) / CHUNK;
let bytes = 0;
const source = new Readable({
  read() {
    this.push(left-- > 0 ? Buffer.alloc(CHUNK, 7) : null);
  },
});
// A sink that is slower than its source: each chunk takes a turn of the loop.
const sink = new Writable({
  write(chunk, encoding, done) {
    bytes += chunk.length;
    setImmediate(done);
  },
});
const stages = Array.from({ length: 5 }, () => new PassThrough());
await pipeline(source, ...stages, sink);
peak(bytes);
