'use strict';
// A transform that becomes a stream when it is first used as one, as most digests never are.

const { Transform } = require('../stream');
const { MACHINE } = require('../stream/host');

function LazyTransform(options) {
  this._options = options;
}
Object.setPrototypeOf(LazyTransform.prototype, Transform.prototype);
Object.setPrototypeOf(LazyTransform, Transform);
Object.defineProperty(LazyTransform.prototype, 'constructor', {
  value: LazyTransform,
  configurable: true,
  writable: true,
});

for (const key of ['_readableState', '_writableState', MACHINE]) {
  Object.defineProperty(LazyTransform.prototype, key, {
    get() {
      const { _options } = this;
      Transform.call(this, _options);
      // Text is decoded by the class, whose default is not the stream's.
      if (!_options?.decodeStrings) this._writableState.decodeStrings = false;
      return this[key];
    },
    set(value) {
      Object.defineProperty(this, key, { value, configurable: true, enumerable: true, writable: true });
    },
    configurable: true,
    enumerable: true,
  });
}

module.exports = LazyTransform;
