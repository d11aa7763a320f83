import { readdir } from 'node:fs/promises';
import { file, measure } from './harness.mjs';

const dir = file('dir');
const files = async () => {
  let count = 0;
  for (const entry of await readdir(dir, { withFileTypes: true })) count += entry.isFile();
  return count;
};
await measure(await files(), async (times) => {
  for (let i = 0; i < times; i++) await files();
});
