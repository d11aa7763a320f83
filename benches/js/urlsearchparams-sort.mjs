import { inputs, measureEach } from './harness.mjs';

// Parsed anew each time: what is sorted already would take no work.
await measureEach(inputs('urlsearchparams'), (line) => {
  const params = new URLSearchParams(line[0]);
  params.sort();
  return params.size;
});
