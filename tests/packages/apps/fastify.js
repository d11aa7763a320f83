'use strict';
const fs = require('fs');
const path = require('path');
const { ask, run, say, tree } = require('./kit');

run(async () => {
  const root = tree('site');
  const app = require('fastify')();
  app.register(require('@fastify/static'), { root });
  app.get('/query', async (request) => request.query);
  app.get('/stream', (request, reply) => reply.type('text/plain').send(fs.createReadStream(path.join(root, 'text.txt'))));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  await ask(url);
  say('query', await (await fetch(`${url}/query?a=1&b=%C3%A4`)).text());
  say('stream', (await (await fetch(`${url}/stream`)).text()).length);
  await app.close();
});
