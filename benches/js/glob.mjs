import * as fs from 'node:fs/promises';
import { file, measure } from './harness.mjs';

const cwd = file('tree');
const all = async () => {
  let count = 0;
  for await (const _ of fs.glob('**/*7.txt', { cwd })) count++;
  return count;
};
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
