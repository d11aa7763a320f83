'use strict';
// Every module, each loaded when it is first asked for, and marked as the library's.

const { builtinModules } = require('module');

const MODULES = {
  crypto: () => require('./crypto'),
  fs: () => require('./fs'),
  'fs/promises': () => require('./fs-promises'),
  path: () => require('./path'),
  'path/posix': () => require('./path').posix,
  'path/win32': () => require('./path').win32,
  querystring: () => require('./querystring'),
  stream: () => require('./stream'),
  'stream/consumers': () => require('./stream/consumers'),
  'stream/promises': () => require('./stream/promises'),
  url: () => require('./url'),
  zlib: () => require('./zlib'),
};

// Older hosts have each class of streams under a name of its own too.
for (const name of ['Duplex', 'PassThrough', 'Readable', 'Transform', 'Writable']) {
  const alias = `_stream_${name.toLowerCase()}`;
  if (builtinModules.includes(alias)) MODULES[alias] = () => require('./stream')[name];
}

const MARK = Symbol.for('nodecore.module');
const { version } = require('../package.json');

for (const [name, load] of Object.entries(MODULES)) {
  let loaded;
  Object.defineProperty(module.exports, name, {
    enumerable: true,
    get() {
      if (!loaded) {
        loaded = load();
        Object.defineProperty(loaded, MARK, { value: version, configurable: true });
      }
      return loaded;
    },
  });
}
