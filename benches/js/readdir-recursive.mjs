import { readdir } from 'node:fs/promises';
import { file, measure } from './harness.mjs';

const dir = file('tree');
const all = async () => (await readdir(dir, { recursive: true })).length;
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
