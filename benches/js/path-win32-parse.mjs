import { win32 } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-win32-parse'), (line) => {
  const { root, dir, base, ext, name } = win32.parse(line[0]);
  return root.length + dir.length + base.length + ext.length + name.length;
});
