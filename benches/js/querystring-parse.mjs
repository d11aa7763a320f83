import querystring from 'node:querystring';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('querystring'), (line) => Object.keys(querystring.parse(line[0])).length);
