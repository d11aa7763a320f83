import { stat } from 'node:fs/promises';
import { file, measure } from './harness.mjs';

const paths = Array.from({ length: 64 }, (_, i) => file(`many/${i}`));
const all = async () => (await Promise.all(paths.map((path) => stat(path)))).reduce((n, stats) => n + stats.size, 0);
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
