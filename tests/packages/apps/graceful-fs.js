'use strict';
const fs = require('graceful-fs');
const path = require('path');
const { promisify } = require('util');
const { bytes, folder, run, say, sha256, tree } = require('./kit');

run(async () => {
  const root = tree('from');
  const read = promisify(fs.readFile);
  const write = promisify(fs.writeFile);
  const names = Array.from({ length: 400 }, (_, i) => path.join(folder, `file-${i}`));
  await Promise.all(names.map((name, i) => write(name, bytes(1000, i))));
  const all = await Promise.all(names.map((name) => read(name)));
  say('files', sha256(Buffer.concat(all)));
  say('listed', (await promisify(fs.readdir)(root)).sort());
  const copy = path.join(folder, 'copy');
  await new Promise((resolve, reject) => {
    fs.createReadStream(path.join(root, 'a', 'bytes.bin')).on('error', reject)
      .pipe(fs.createWriteStream(copy)).on('error', reject).on('close', resolve);
  });
  say('copied', sha256(fs.readFileSync(copy)));
  await promisify(fs.rename)(copy, `${copy}-2`);
  say('renamed', [fs.existsSync(copy), fs.statSync(`${copy}-2`).size]);
  await read(copy).catch((error) => say('error', [error.code, error.syscall]));
});
