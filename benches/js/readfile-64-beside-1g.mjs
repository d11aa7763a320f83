import { readFile } from 'node:fs/promises';
import { file, printMedian } from './harness.mjs';

const paths = Array.from({ length: 64 }, (_, i) => file(`many/${i}`));
const samples = [];
let check;
for (let i = 0; i < 5; i++) {
  const whole = readFile(file('1g'));
  const start = performance.now();
  const small = await Promise.all(paths.map((path) => readFile(path)));
  samples.push(performance.now() - start);
  check = small.reduce((n, data) => n + data.length, 0) + (await whole).length;
}
printMedian(samples, check);
