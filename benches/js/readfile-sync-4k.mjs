import { readFileSync } from 'node:fs';
import { file, measure } from './harness.mjs';

const path = file('4k');
let bytes = 0;
await measure(readFileSync(path).length, (times) => {
  for (let i = 0; i < times; i++) bytes += readFileSync(path).length;
});
