import url from 'node:url';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('url-resolve'), (line) => url.resolve(line[0], line[1]).length);
