import querystring from 'node:querystring';
import { inputs, measureEach } from './harness.mjs';

const lines = inputs('querystring').map((line) => querystring.parse(line[0]));
await measureEach(lines, (pairs) => querystring.stringify(pairs).length);
