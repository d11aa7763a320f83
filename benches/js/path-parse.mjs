import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-parse'), (line) => {
  const { root, dir, base, ext, name } = posix.parse(line[0]);
  return root.length + dir.length + base.length + ext.length + name.length;
});
