import querystring from 'node:querystring';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('querystring-escape'), (line) => querystring.escape(line[0]).length);
