'use strict';
const fs = require('fs-extra');
const path = require('path');
const { folder, list, run, say, tree } = require('./kit');

run(async () => {
  const root = tree('from');
  await fs.copy(root, path.join(folder, 'to'));
  say('copied', list(path.join(folder, 'to')));
  await fs.move(path.join(folder, 'to', 'a'), path.join(folder, 'to', 'c', 'd'));
  say('moved', list(path.join(folder, 'to')));
  await fs.outputJson(path.join(folder, 'new', 'x.json'), { a: [1, 2] }, { spaces: 2 });
  say('json', await fs.readJson(path.join(folder, 'new', 'x.json')));
  await fs.ensureLink(path.join(folder, 'new', 'x.json'), path.join(folder, 'new', 'y', 'hard.json'));
  say('links', (await fs.stat(path.join(folder, 'new', 'x.json'))).nlink);
  await fs.emptyDir(path.join(folder, 'to'));
  say('emptied', list(path.join(folder, 'to')));
  await fs.remove(root);
  say('removed', await fs.pathExists(root));
  fs.copySync(path.join(folder, 'new'), path.join(folder, 'sync'), { filter: (from) => !from.endsWith('hard.json') });
  say('sync', list(path.join(folder, 'sync')));
  await fs.copy(path.join(folder, 'gone'), folder).catch((error) => say('error', [error.code, error.syscall]));
});
