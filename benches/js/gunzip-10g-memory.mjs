import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gzipSync } from 'node:zlib';
import { memory, peak } from './harness.mjs';

// A gzip member of a MiB, 10,240 times.
const member = gzipSync(Buffer.alloc(1 << 20));
let left = 10 * 2 ** 10;
const source = new Readable({
  read() {
    this.push(left-- > 0 ? member : null);
  },
});
let size = 0;
const sink = new Writable({
  write(chunk, encoding, done) {
    size += chunk.length;
    done();
  },
});
const before = memory('VmRSS');
await pipeline(source, createGunzip(), sink);
peak(size, before);
