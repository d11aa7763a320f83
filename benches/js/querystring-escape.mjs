import querystring from 'node:querystring';
import { inputs, measureEach } from './harness.mjs';

// The last character is looked at, because otherwise the text need not be there: engines put off joining strings.
await measureEach(inputs('querystring-escape'), (line) => {
  const text = querystring.escape(line[0]);
  return text.length + text.charCodeAt(text.length - 1);
});
