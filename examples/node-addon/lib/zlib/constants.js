'use strict';

const native = require('../native');

const constants = Object.create(null);
for (const [name, value] of Object.entries(native.zlib_constants())) {
  if (name === 'Z_DEFAULT_CHUNK') Object.defineProperty(constants, 'Z_MAX_CHUNK', { value: Infinity, enumerable: true });
  Object.defineProperty(constants, name, { value, enumerable: true });
}

// Names and numbers of zlib's results, each by the other.
const codes = {};
for (let number = constants.Z_VERSION_ERROR; number <= constants.Z_NEED_DICT; number++) {
  const name = native.zlib_code_name(number);
  codes[name] = number;
  codes[number] = name;
}
Object.freeze(codes);

module.exports = { codes, constants };
