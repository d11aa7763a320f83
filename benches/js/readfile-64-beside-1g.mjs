import { readFile } from 'node:fs/promises';
import { file, printMedian } from './harness.mjs';

const paths = Array.from({ length: 64 }, (_, i) => file(`many/${i}`));
let whole = 0;
const reading = readFile(file('1g')).then((data) => (whole = data.length));
const samples = [];
let bytes;
while (whole === 0) {
  const start = performance.now();
  const small = await Promise.all(paths.map((path) => readFile(path)));
  samples.push(performance.now() - start);
  bytes = small.reduce((n, data) => n + data.length, 0);
}
await reading;
printMedian(samples, bytes + whole);
