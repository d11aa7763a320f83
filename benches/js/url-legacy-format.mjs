import url from 'node:url';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('urls').map((line) => url.parse(line[0])), (parsed) => url.format(parsed).length);
