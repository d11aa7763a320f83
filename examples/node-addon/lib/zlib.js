'use strict';

const { invalidArgType } = require('./errors');
const native = require('./native');
const { isBytes, validateUint32 } = require('./validators');
const { codes, constants } = require('./zlib/constants');
const oneshots = require('./zlib/oneshot');
const { classes } = require('./zlib/streams');
const { archiveOptions: _, ...archives } = require('./zlib/zip/archive');
const { ZipBuffer } = require('./zlib/zip/buffer');
const { ZipEntry } = require('./zlib/zip/entry');
const { ZipFile } = require('./zlib/zip/file');

function crc32(data, value = 0) {
  if (typeof data !== 'string' && !isBytes(data))
    throw invalidArgType('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
  validateUint32(value, 'value');
  return native.zlib_crc32(data, value);
}

module.exports = { crc32, ...classes, ...oneshots };

for (const [name, Class] of Object.entries(classes)) {
  const { [`create${name}`]: create } = {
    [`create${name}`](options) {
      return new Class(options);
    },
  };
  Object.defineProperty(module.exports, `create${name}`, {
    value: create,
    enumerable: true,
    configurable: true,
  });
}

Object.defineProperty(module.exports, 'constants', { value: constants, enumerable: true });
Object.defineProperty(module.exports, 'codes', { value: codes, enumerable: true });
Object.assign(module.exports, { ZipEntry, ZipFile, ZipBuffer, ...archives });
// The names of zlib's own constants are on the module too, from before there was `constants`.
for (const name of Object.keys(constants))
  if (!name.startsWith('BROTLI')) Object.defineProperty(module.exports, name, { value: constants[name] });
