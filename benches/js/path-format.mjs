import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

// Reading a unit makes the string that a path is used as; engines put it together no earlier.
const parsed = inputs('path-parse').map((line) => posix.parse(line[0]));
await measureEach(parsed, (pieces) => {
  const path = posix.format(pieces);
  return path.charCodeAt(0) > 0 ? path.length : 0;
});
