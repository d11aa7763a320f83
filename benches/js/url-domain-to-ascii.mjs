import url from 'node:url';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('url-domains'), (line) => url.domainToASCII(line[0]).length);
