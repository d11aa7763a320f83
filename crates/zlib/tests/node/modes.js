// Answers the questions of tests/modes.rs, one a line: `verb TAB mode TAB options TAB hex...`.
'use strict';
const zlib = require('zlib');

const failure = (e) => `error ${e.name} ${e.code} ${e.errno} ${e.message}`;
const bytes = (hex) => Buffer.from(hex, 'hex');
const names = {
  Deflate: 'deflate', Inflate: 'inflate', Gzip: 'gzip', Gunzip: 'gunzip', DeflateRaw: 'deflateRaw',
  InflateRaw: 'inflateRaw', Unzip: 'unzip', BrotliCompress: 'brotliCompress',
  BrotliDecompress: 'brotliDecompress', ZstdCompress: 'zstdCompress', ZstdDecompress: 'zstdDecompress',
};
const back = {
  Deflate: 'Inflate', Gzip: 'Gunzip', DeflateRaw: 'InflateRaw', BrotliCompress: 'BrotliDecompress',
  ZstdCompress: 'ZstdDecompress',
};

function now(f) {
  try {
    return f();
  } catch (e) {
    return failure(e);
  }
}

const sync = (mode, input, options) => zlib[names[mode] + 'Sync'](input, options);

function stream(mode, options, parts) {
  return new Promise((resolve) => {
    let stream;
    try {
      stream = zlib['create' + mode](options);
    } catch (e) {
      return resolve(failure(e));
    }
    const data = [];
    const events = [];
    stream.on('data', (chunk) => data.push(chunk));
    for (const name of ['end', 'finish']) stream.on(name, () => events.push(name));
    stream.on('error', (e) => events.push(failure(e)));
    stream.on('close', () => {
      resolve(`${Buffer.concat(data).toString('hex')} ${events.join('|')} ${stream.bytesWritten}`);
    });
    for (const part of parts) stream.write(part);
    stream.end();
  });
}

const verbs = {
  // What the mode makes of the bytes, and how many of them it took.
  run: (mode, options, hex) => now(() => {
    const { buffer, engine } = sync(mode, bytes(hex), { ...options, info: true });
    return `${buffer.toString('hex')} ${engine.bytesWritten}`;
  }),
  // What Node reads out of bytes that were compressed here: only the dictionary and some parameters go with them.
  read: (mode, options, hex) => now(() => sync(mode, bytes(hex), options).toString('hex')),
  // What Node compresses, for a decompressor here; the answer is the data, as the bytes may differ.
  options: (mode, options, hex) => now(() => {
    const { dictionary } = options;
    return sync(back[mode], sync(mode, bytes(hex), options), { dictionary }).toString('hex');
  }),
  stream: (mode, options, ...parts) => stream(mode, options, parts.map(bytes)),
  crc32: (value, options, hex) => zlib.crc32(bytes(hex), Number(value)),
  // Compressed bytes.
  pack: (mode, options, hex) => now(() => sync(mode, bytes(hex), options).toString('hex')),
};

async function main() {
  const lines = require('fs').readFileSync(0, 'latin1').split('\n');
  const answers = [];
  for (const line of lines) {
    if (line === '') continue;
    const [verb, mode, options, ...rest] = line.split('\t');
    const given = JSON.parse(options);
    if (given.dictionary !== undefined) given.dictionary = bytes(given.dictionary);
    answers.push(await verbs[verb](mode, given, ...rest));
  }
  process.stdout.write(answers.join('\n') + '\n');
}

main();
