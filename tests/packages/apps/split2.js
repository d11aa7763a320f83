'use strict';
const fs = require('fs');
const path = require('path');
const split = require('split2');
const { pipeline } = require('stream');
const { createGzip, createGunzip } = require('zlib');
const { run, say, tree } = require('./kit');

run(async () => {
  const root = tree('from');
  const lines = [];
  await new Promise((resolve, reject) => {
    pipeline(
      fs.createReadStream(path.join(root, 'text.txt'), { highWaterMark: 7 }), createGzip(), createGunzip(),
      split((line) => line.toUpperCase()),
      (error) => (error ? reject(error) : resolve()),
    ).on('data', (line) => lines.push(line));
  });
  say('lines', [lines.length, lines[0], lines.at(-1)]);
  const parser = split(JSON.parse);
  parser.on('data', (value) => say('value', value)).on('error', (error) => say('error', error.name));
  parser.write('{"a":1}\n{"b"');
  parser.write(':2}\n');
  parser.end('nonsense\n');
  await new Promise((resolve) => parser.on('close', resolve));
});
