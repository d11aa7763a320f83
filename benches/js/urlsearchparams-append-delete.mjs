import { inputs, measureEach } from './harness.mjs';

// What is added is taken away, so that the list stays as long as it is.
const lines = inputs('urlsearchparams').map((line) => new URLSearchParams(line[0]));
await measureEach(lines, (params) => {
  params.append('added', 'one');
  params.append('added', 'two');
  params.set('added', 'three');
  const size = params.size;
  params.delete('added');
  return size;
});
