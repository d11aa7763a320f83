'use strict';
// Every module once, in whatever runtime this is: node, bun or deno run -A.

const { readdirSync } = require('fs');
const { join } = require('path');

const [, , ...wanted] = process.argv;
// Until all is done: a process also ends when nothing is left to wait for.
process.exitCode = 1;
(async () => {
  for (const file of readdirSync(join(__dirname, 'smoke')).sort()) {
    const name = file.replace(/\.js$/, '');
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await require(join(__dirname, 'smoke', file))();
    console.log(`${name}: ok`);
  }
  process.exitCode = 0;
})().catch(console.error);
