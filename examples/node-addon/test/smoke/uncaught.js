'use strict';
// What is thrown where nobody catches it is the host's uncaught exception, once, and all goes on.

const assert = require('node:assert');
const { setTimeout: wait } = require('node:timers/promises');
const { crypto, fs } = require('../../lib');
const native = require('../../lib/native');

module.exports = async () => {
  const uncaught = [];
  const seen = [];
  const listener = (error) => uncaught.push(error.message);
  process.on('uncaughtException', listener);
  const throws = (name) => () => {
    seen.push(name);
    throw new Error(name);
  };
  fs.stat(__filename, throws('stat'));
  fs.readFile(`${__filename}-gone`, throws('readFile'));
  crypto.randomBytes(8, throws('randomBytes'));
  // A stream of the library's that nobody listens to: its error ends a turn of the loop.
  native.zlib_stream_write(native.zlib_create_inflate(), Buffer.from('nonsense'), () => seen.push('write'));
  for (let i = 0; i < 200 && uncaught.length < 4; i++) await wait(5);
  await new Promise((resolve, reject) => fs.stat(__filename, (error) => (error ? reject(error) : resolve())));
  await wait(20);
  process.off('uncaughtException', listener);
  assert.deepStrictEqual(seen.sort(), ['randomBytes', 'readFile', 'stat', 'write']);
  assert.deepStrictEqual(uncaught.sort(), ['incorrect header check', 'randomBytes', 'readFile', 'stat']);
};
