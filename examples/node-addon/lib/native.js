'use strict';
// The addon, told how to make errors, objects and lists, and on what it runs.

const { makeError } = require('./errors');

const native = require('../build/nodecore.node');
const ownsLibuv = typeof process === 'object' && process.release?.name === 'node' && !process.versions.bun && !globalThis.Deno;

/** A function that makes objects with these names of its arguments. */
function makeMaker(names) {
  const empty = Object.fromEntries(names.map((name) => [name, undefined]));
  return (...values) => {
    const object = { ...empty };
    for (let i = 0; i < values.length; i++) object[names[i]] = values[i];
    return object;
  };
}

const makeList = (...values) => values;

native.start(ownsLibuv, makeError, makeMaker, makeList);

// As a prototype its functions are found as fast as those of a class.
module.exports = Object.create(native);
