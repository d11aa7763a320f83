import { cp, readdir, rm } from 'node:fs/promises';
import { file, measureAfter } from './harness.mjs';

const to = file(`copy-${process.pid}`);
const copy = () => cp(file('tree'), to, { recursive: true });
const remove = () => rm(to, { recursive: true, force: true });
await copy();
const check = (await readdir(to, { recursive: true })).length;
await measureAfter(remove, async () => {
  await copy();
  return check;
});
await remove();
