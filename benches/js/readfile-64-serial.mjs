import { readFile } from 'node:fs/promises';
import { file, measure } from './harness.mjs';

const paths = Array.from({ length: 64 }, (_, i) => file(`many/${i}`));
const all = async () => {
  let bytes = 0;
  for (const path of paths) bytes += (await readFile(path)).length;
  return bytes;
};
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
