'use strict';
const fs = require('fs');
const path = require('path');
const tar = require('tar');
const { folder, list, run, say, tree } = require('./kit');

run(async () => {
  const root = tree('from');
  const file = path.join(folder, 'x.tgz');
  await tar.create({ cwd: root, file, gzip: true, portable: true, mtime: new Date(0) }, ['.']);
  const names = [];
  await tar.list({ file, onReadEntry: (entry) => names.push(`${entry.path} ${entry.type} ${entry.size}`) });
  say('listed', names.sort());
  fs.mkdirSync(path.join(folder, 'out'));
  await tar.extract({ cwd: path.join(folder, 'out'), file });
  say('extracted', list(path.join(folder, 'out')));
  fs.mkdirSync(path.join(folder, 'sync'));
  tar.extract({ cwd: path.join(folder, 'sync'), file, sync: true, filter: (at) => !at.endsWith('.bin') });
  say('sync', list(path.join(folder, 'sync')));
  await new Promise((resolve, reject) => {
    fs.createReadStream(file).pipe(tar.extract({ cwd: folder, newer: true })).on('close', resolve).on('error', reject);
  });
  say('piped', list(folder).filter((line) => line.startsWith('a/')));
});
