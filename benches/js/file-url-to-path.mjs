import url from 'node:url';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('url-files'), (line) => url.fileURLToPath(line[0]).length);
