'use strict';
// fs.constants, an object without a prototype.

const native = require('../native');

exports.constants = native.fs_constants(Object.create(null));
