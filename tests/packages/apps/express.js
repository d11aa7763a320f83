'use strict';
const express = require('express');
const path = require('path');
const { ask, run, say, serving, tree } = require('./kit');

run(async () => {
  const root = tree('site');
  const app = express();
  app.get('/query', (request, response) => response.json(request.query));
  app.get('/download', (request, response) => response.download(path.join(root, 'text.txt'), 'saved as.txt'));
  app.use(express.static(root));
  await serving(app, async (url) => {
    await ask(url);
    say('query', await (await fetch(`${url}/query?a=1&a=2&b%20c=%C3%A4&x[y]=z`)).text());
    const download = await fetch(`${url}/download`);
    say('download', [download.headers.get('content-disposition'), (await download.text()).length]);
    const first = await fetch(`${url}/text.txt`);
    await first.arrayBuffer();
    const again = await fetch(`${url}/text.txt`, { headers: { 'if-none-match': first.headers.get('etag') } });
    say('not modified', again.status);
  });
});
