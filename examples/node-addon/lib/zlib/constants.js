'use strict';

const native = require('../native');

const constants = Object.create(null);
for (const [name, value] of Object.entries(native.zlib_constants())) {
  if (name === 'Z_DEFAULT_CHUNK')
    Object.defineProperty(constants, 'Z_MAX_CHUNK', { value: Infinity, enumerable: true });
  Object.defineProperty(constants, name, { value, enumerable: true });
}

// Names and numbers of zlib's results, each by the other.
const codes = {};
for (const [name, number] of Object.entries(constants)) {
  if (native.zlib_code_name(number) !== name) continue;
  codes[name] = number;
  codes[number] = name;
}
Object.freeze(codes);

module.exports = { codes, constants };
