import querystring from 'node:querystring';
import { inputs, measureEach } from './harness.mjs';

// The last character is looked at, because otherwise the text need not be there: engines put off joining strings.
const lines = inputs('querystring').map((line) => querystring.parse(line[0]));
await measureEach(lines, (pairs) => {
  const text = querystring.stringify(pairs);
  return text.length + text.charCodeAt(text.length - 1);
});
