import { cp, rm } from 'node:fs/promises';
import { file, measureAfter } from './harness.mjs';

const to = file(`copy-${process.pid}`);
await measureAfter(() => cp(file('tree'), to, { recursive: true }), async () => {
  await rm(to, { recursive: true, force: true });
  return 0;
});
