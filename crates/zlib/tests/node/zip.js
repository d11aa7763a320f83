// Answers the questions of tests/zip_node.rs, one a line: `verb TAB options TAB hex...`.
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const zlib = require('zlib');

const failure = (e) => `error ${e.name} ${e.code} ${e.errno} ${e.message}`;
const bytes = (hex) => Buffer.from(hex, 'hex');
const hex = (text) => Buffer.from(text).toString('hex');

function now(f) {
  try {
    return f();
  } catch (e) {
    return failure(e);
  }
}

/* As `now`, of what stands among other things: an error is `!` and its text in hexadecimal. */
function inner(f) {
  try {
    return f();
  } catch (e) {
    return '!' + hex(failure(e));
  }
}

const show = (entry) => [
  hex(entry.name), entry.nameBuffer.toString('hex'), hex(entry.comment), entry.size, entry.compressedSize,
  entry.crc32, entry.flags, entry.mode, entry.modified.getTime(), entry.method,
  entry.isFile, entry.isDirectory, entry.isSymlink,
  inner(() => entry.contentSync().toString('hex')),
].join(',');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nodecore-zip-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));
const file = path.join(folder, 'a.zip');

const verbs = {
  read: (_, archive) => now(() => {
    const zip = new zlib.ZipBuffer(bytes(archive));
    const entries = [...zip.values()].map(show).join(';');
    return `${entries} ${hex(zip.comment)} ${inner(() => zip.toBufferSync().toString('hex'))}`;
  }),
  file: (_, archive) => now(() => {
    fs.writeFileSync(file, bytes(archive));
    const zip = zlib.ZipFile.openSync(file);
    try {
      const entries = [...zip.valuesSync()].map(show).join(';');
      return `${entries} ${hex(zip.comment)} ${inner(() => zip.compactSync().toString('hex'))}`;
    } finally {
      zip.closeSync();
    }
  }),
  change: (steps, archive) => now(() => {
    fs.writeFileSync(file, bytes(archive));
    const zip = zlib.ZipFile.openSync(file, { writable: true });
    try {
      for (const [verb, name, data] of steps) {
        if (verb === 'delete') zip.deleteSync(name);
        else zip.addSync(name, bytes(data), { method: 'store', modified: new Date(1704164645000) });
      }
    } finally {
      zip.closeSync();
    }
    return fs.readFileSync(file).toString('hex');
  }),
  create: (options, name, data) => now(() => {
    if ('modified' in options) options.modified = new Date(options.modified);
    const archive = { baseOffset: options.baseOffset, comment: options.archive };
    const entry = options.link ?
      zlib.ZipEntry.createSymlink(bytes(name).toString(), bytes(data).toString(), options) :
      zlib.ZipEntry.createSync(bytes(name).toString(), bytes(data), options);
    return Buffer.concat([...zlib.createZipArchiveSync([entry], archive)]).toString('hex');
  }),
  stream: async (options, name, ...parts) => {
    try {
      options.modified = new Date(options.modified);
      const entry = zlib.ZipEntry.createStream(bytes(name).toString(), parts.map(bytes), options);
      const archive = [];
      for await (const piece of zlib.createZipArchive([entry])) archive.push(piece);
      return Buffer.concat(archive).toString('hex');
    } catch (e) {
      return failure(e);
    }
  },
  pieces: async (options, archive) => {
    try {
      const [entry] = zlib.ZipEntry.read(bytes(archive));
      const data = [];
      let end = 'end';
      try {
        for await (const piece of entry.contentIterator(options)) data.push(piece);
      } catch (e) {
        end = failure(e);
      }
      return `${Buffer.concat(data).toString('hex')} ${end}`;
    } catch (e) {
      return failure(e);
    }
  },
};

// Node 26.10 throws some errors of streams where nobody can catch them, and never settles what waits for the stream:
// there is nothing left to do then.
let settle = () => {};
process.on('beforeExit', () => settle('never'));

async function main() {
  const lines = fs.readFileSync(0, 'latin1').split('\n');
  const answers = [];
  for (const line of lines) {
    if (line === '') continue;
    const [verb, options, ...rest] = line.split('\t');
    const unsettled = new Promise((resolve) => { settle = resolve; });
    answers.push(await Promise.race([verbs[verb](JSON.parse(options), ...rest), unsettled]));
  }
  settle = () => {};
  process.stdout.write(answers.join('\n') + '\n');
}

process.on('uncaughtException', () => {});
main();
