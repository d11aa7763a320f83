import querystring from 'node:querystring';
import { inputs, measureEach } from './harness.mjs';

// Lengths differ between the languages; the last character, which is ASCII in every line, does not.
const last = (text) => text.charCodeAt(text.length - 1);
await measureEach(inputs('querystring-unescape'), (line) => last(querystring.unescape(line[0])));
