'use strict';
const serveStatic = require('serve-static');
const { ask, run, say, serving, tree } = require('./kit');

run(async () => {
  const serve = serveStatic(tree('site'), { dotfiles: 'deny', fallthrough: true });
  const handler = (request, response) => serve(request, response, (error) => {
    response.statusCode = error?.statusCode ?? 404;
    response.end();
  });
  await serving(handler, async (url) => {
    await ask(url);
    const parts = await Promise.all(Array.from({ length: 30 }, async (_, i) => {
      const answer = await fetch(`${url}/a/bytes.bin`, { headers: { range: `bytes=${i * 10_000}-${i * 10_000 + 9_999}` } });
      return (await answer.arrayBuffer()).byteLength;
    }));
    say('parts', parts.reduce((sum, n) => sum + n, 0));
  });
});
