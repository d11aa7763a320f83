import { inputs, measureEach } from './harness.mjs';

const lines = inputs('urlsearchparams').map((line) => new URLSearchParams(line[0]));
await measureEach(lines, (params) => {
  let sum = 0;
  for (const [name, value] of params) sum += name.length + (value === '' ? 0 : 1);
  return sum;
});
