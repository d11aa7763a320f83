import url from 'node:url';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('url-paths'), (line) => url.pathToFileURL(line[0]).href.length);
