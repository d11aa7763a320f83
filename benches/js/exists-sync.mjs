import { existsSync } from 'node:fs';
import { file, measure } from './harness.mjs';

const path = file('4k');
let there = 0;
await measure(Number(existsSync(path)), (times) => {
  for (let i = 0; i < times; i++) there += existsSync(path);
});
