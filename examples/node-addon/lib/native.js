'use strict';
// The addon, told how to make errors and on what it runs.

const { makeError } = require('./errors');

const native = require('../build/nodecore.node');
const ownsLibuv = typeof process === 'object' && process.release?.name === 'node' && !process.versions.bun && !globalThis.Deno;
native.start(makeError, ownsLibuv);

module.exports = native;
