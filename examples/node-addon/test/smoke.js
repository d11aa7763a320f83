'use strict';
// Every module once, in whatever runtime this is: node, bun or deno run -A.

const { readdirSync } = require('fs');
const { join } = require('path');

const [, , ...wanted] = process.argv;
process.exitCode = 1; // also if the host ends because nothing is left to wait for
(async () => {
  for (const file of readdirSync(join(__dirname, 'smoke')).sort()) {
    const name = file.replace(/\.js$/, '');
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await require(join(__dirname, 'smoke', file))();
    console.log(`${name}: ok`);
  }
  process.exitCode = 0;
})().catch(console.error);
