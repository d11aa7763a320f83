'use strict';
// Handles that are numbers: the library's objects that are made often.

const native = require('./native');

const registry = new FinalizationRegistry((handle) => native.release(handle));

/** Frees what a handle holds once the object that stands for it is gone, but never while a call of it lasts. */
const keep = (object, handle) => registry.register(object, handle);

module.exports = { keep };
