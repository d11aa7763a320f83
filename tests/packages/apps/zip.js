'use strict';
// archiver writes what unzipper reads.
const archiver = require('archiver');
const fs = require('fs');
const path = require('path');
const unzipper = require('unzipper');
const { bytes, folder, list, run, say, sha256, tree } = require('./kit');

run(async () => {
  const root = tree('from');
  const file = path.join(folder, 'x.zip');
  const archive = archiver('zip', { zlib: { level: 9 } });
  const out = fs.createWriteStream(file);
  const closed = new Promise((resolve, reject) => out.on('close', resolve).on('error', reject));
  archive.pipe(out);
  archive.directory(root, 'tree');
  archive.append(bytes(100_000, 7), { name: 'buffer.bin', date: new Date(0) });
  archive.append(fs.createReadStream(path.join(root, 'text.txt')), { name: 'stream.txt', date: new Date(0) });
  await archive.finalize();
  await closed;
  say('size', fs.statSync(file).size > 300_000);
  const directory = await unzipper.Open.file(file);
  say('entries', directory.files.map((entry) => entry.path).sort());
  const buffer = directory.files.find((entry) => entry.path === 'buffer.bin');
  say('buffer', sha256(await buffer.buffer()) === sha256(bytes(100_000, 7)));
  await directory.extract({ path: path.join(folder, 'out') });
  say('extracted', list(path.join(folder, 'out')).filter((line) => !line.includes('link')));
  const sizes = [];
  await new Promise((resolve, reject) => {
    fs.createReadStream(file).pipe(unzipper.Parse()).on('entry', async (entry) => {
      let size = 0;
      for await (const chunk of entry) size += chunk.length;
      sizes.push(`${entry.path} ${size}`);
    }).on('close', resolve).on('error', reject);
  });
  say('parsed', sizes.filter((line) => !line.includes('link')).sort());
});
