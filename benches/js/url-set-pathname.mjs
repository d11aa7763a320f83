import { inputs, measureEach } from './harness.mjs';

const url = new URL('https://example.org/a/b?c#d');
await measureEach(inputs('url-set-pathname'), (line) => {
  url.pathname = line[0];
  return url.href.length;
});
