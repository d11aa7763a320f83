// Answers the questions of tests/node.rs, one a line: `verb TAB options TAB hex...`.
'use strict';
const zlib = require('zlib');
const { isMainThread } = require('worker_threads');
if (!isMainThread) process.exit(1);

const failure = (e) => `error ${e.name} ${e.code} ${e.errno} ${e.message}`;
const bytes = (hex) => Buffer.from(hex, 'hex');

function now(f) {
  try {
    return f();
  } catch (e) {
    return failure(e);
  }
}

function stream(make, options, parts) {
  return new Promise((resolve) => {
    let stream;
    try {
      stream = make(options);
    } catch (e) {
      return resolve(failure(e));
    }
    const data = [];
    const events = [];
    stream.on('data', (chunk) => data.push(chunk));
    for (const name of ['end', 'finish']) stream.on(name, () => events.push(name));
    stream.on('error', (e) => events.push(failure(e)));
    stream.on('close', () => {
      resolve(`${Buffer.concat(data).toString('hex')} ${events.join('|')}`);
    });
    for (const part of parts) stream.write(part);
    stream.end();
  });
}

const verbs = {
  gunzip: (options, hex) => now(() => zlib.gunzipSync(bytes(hex), options).toString('hex')),
  gzip: (options, hex) => now(() => zlib.gunzipSync(zlib.gzipSync(bytes(hex), options)).toString('hex')),
  header: (options, hex) => now(() => zlib.gzipSync(bytes(hex), options).subarray(0, 10).toString('hex')),
  gunzipStream: (options, ...parts) => stream(zlib.createGunzip, options, parts.map(bytes)),
};

async function main() {
  const lines = require('fs').readFileSync(0, 'latin1').split('\n');
  const answers = [];
  for (const line of lines) {
    if (line === '') continue;
    const [verb, options, ...rest] = line.split('\t');
    answers.push(await verbs[verb](JSON.parse(options), ...rest));
  }
  process.stdout.write(answers.join('\n') + '\n');
}

main();
