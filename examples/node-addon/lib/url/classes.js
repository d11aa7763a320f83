'use strict';
// What the classes of URLs have in common.

const { codeError } = require('../errors');

function missingArgs(...names) {
  const quoted = names.map((name) => `"${name}"`).join(' and ');
  return codeError(
    TypeError,
    'ERR_MISSING_ARGS',
    `The ${quoted} argument${names.length > 1 ? 's' : ''} must be specified`,
  );
}

const invalidThis = (name) =>
  codeError(TypeError, 'ERR_INVALID_THIS', `Value of "this" must be of type ${name}`);

/** Makes methods and accessors as Web IDL has them: enumerable, and in that order. */
function makeEnumerable(object, names) {
  for (const name of names) {
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    delete object[name];
    Object.defineProperty(object, name, { ...descriptor, enumerable: true });
  }
}

/** Names the class in `Object.prototype.toString`. */
function tag(object, name) {
  Object.defineProperty(object, Symbol.toStringTag, { value: name, configurable: true });
}

module.exports = { invalidThis, makeEnumerable, missingArgs, tag };
