'use strict';
// A whole buffer in one call.

const { invalidArgType } = require('../errors');
const native = require('../native');
const { isAnyBytes, validateFunction } = require('../validators');
const { CODECS, read } = require('./options');
const { engine } = require('./streams');

function input(buffer) {
  if (typeof buffer === 'string') return buffer;
  if (!isAnyBytes(buffer))
    throw invalidArgType('buffer', ['string', 'Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], buffer);
  return ArrayBuffer.isView(buffer) ? buffer : new Uint8Array(buffer);
}

/** What a caller gets: the bytes, or with `info: true` the stream as well. */
function result(name, options, buffer, info) {
  return options?.info ? { buffer, engine: engine(name, options, info.bytes_written) } : buffer;
}

const oneshots = {};
for (const [name, codec] of Object.entries(CODECS)) {
  const work = native[`zlib_${codec.name}`];
  const workSync = native[`zlib_${codec.name}_sync`];
  const method = codec.name.replace(/_(.)/, (_, letter) => letter.toUpperCase());
  Object.assign(oneshots, {
    [method](buffer, options, callback) {
      if (typeof options === 'function') [options, callback] = [{}, options];
      validateFunction(callback, 'callback');
      work(input(buffer), read(options, codec), (error, bytes, info) => {
        if (error) callback(error);
        else callback(null, result(name, options, bytes, info));
      });
    },
    [`${method}Sync`](buffer, options) {
      const [bytes, info] = workSync(input(buffer), read(options, codec));
      return result(name, options, bytes, info);
    },
  });
}

module.exports = oneshots;
