import { statSync } from 'node:fs';
import { file, measure } from './harness.mjs';

const path = file('4k');
let bytes = 0;
await measure(statSync(path).size, (times) => {
  for (let i = 0; i < times; i++) bytes += statSync(path).size;
});
