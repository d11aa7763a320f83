'use strict';
// fs: the families' functions on one object.

const { LEGACY, toUnixTimestamp } = require('./fs/arguments');
const { openAsBlob, openAsBlobSync } = require('./fs/blob');
const { constants } = require('./fs/constants');
const dirs = require('./fs/dirs');
const files = require('./fs/files');
const paths = require('./fs/paths');
const { Dirent, Stats } = require('./fs/stats');
const streams = require('./fs/streams');
const trees = require('./fs/trees');
const { Utf8Stream } = require('./fs/utf8-stream');
const watching = require('./fs/watch');

const fs = {
  ...paths.fs,
  ...files.fs,
  ...dirs.fs,
  ...trees.fs,
  ...watching.fs,
  ...streams,
  FileReadStream: streams.ReadStream,
  FileWriteStream: streams.WriteStream,
  Dirent,
  Stats,
  Utf8Stream,
  openAsBlob,
  openAsBlobSync,
};
module.exports = fs;

// Which class createReadStream makes can be chosen, by assignment as well.
for (const [name, other] of [
  ['ReadStream', 'FileReadStream'],
  ['WriteStream', 'FileWriteStream'],
]) {
  for (const key of [name, other]) {
    let Class = streams[name];
    Object.defineProperty(fs, key, {
      enumerable: true,
      configurable: true,
      get: () => Class,
      set(value) {
        Class = value;
      },
    });
  }
}
fs.createReadStream = function createReadStream(path, options) {
  return new fs.ReadStream(path, options);
};
fs.createWriteStream = function createWriteStream(path, options) {
  return new fs.WriteStream(path, options);
};

fs._toUnixTimestamp = function _toUnixTimestamp(time) {
  return toUnixTimestamp(time);
};

// Node 26 has them among the constants alone.
if (LEGACY) {
  for (const name of ['F_OK', 'R_OK', 'W_OK', 'X_OK']) fs[name] = constants[name];
}
Object.defineProperties(fs, {
  constants: { value: constants, enumerable: true },
  promises: { get: () => require('./fs-promises'), enumerable: true, configurable: true },
});
