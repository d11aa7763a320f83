import { inputs, measureEach } from './harness.mjs';

const lines = inputs('url-pattern').map(([pattern, url]) => ({ pattern: new URLPattern(pattern), url }));
await measureEach(lines, ({ pattern, url }) => {
  const matches = pattern.test(url) ? 1 : 0;
  const found = pattern.exec(url);
  return found === null ? matches : matches + found.pathname.input.length + (found.pathname.groups.id ?? '').length;
});
