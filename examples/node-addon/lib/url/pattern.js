'use strict';

const { codeError } = require('../errors');
const native = require('../native');
const { makeEnumerable, tag } = require('./classes');

const PARTS = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];

const wrong = (message) => codeError(TypeError, 'ERR_INVALID_ARG_TYPE', message);

/** The components that an object has; what is no text is not given. */
function init(object) {
  const given = {};
  for (const name of PARTS) if (typeof object[name] === 'string') given[name] = object[name];
  if (typeof object.baseURL === 'string') given.base_url = object.baseURL;
  return given;
}

/** A text with its base, or an object of components, which has its own: beside it `refused()` is thrown. */
function read(input, base, refused, withText, withInit) {
  if (typeof input === 'string') return withText(input, base);
  if (base !== undefined) throw refused();
  return withInit(init(input ?? {}));
}

/** Checks what test() and exec() are given. */
function checkInput(input, base) {
  if (input !== undefined && typeof input !== 'string' && (typeof input !== 'object' || input === null))
    throw wrong('URLPattern input needs to be a string or an object');
  if (base !== undefined && typeof base !== 'string') throw wrong('baseURL must be a string');
}

const failed = (verb) => () => codeError(TypeError, 'ERR_OPERATION_FAILED', `Failed to ${verb} URLPattern`);
const malformed = () => codeError(TypeError, 'ERR_INVALID_URL_PATTERN', 'Failed to construct URLPattern');

function URLPattern(input, base, options) {
  if (!new.target)
    throw codeError(TypeError, 'ERR_CONSTRUCT_CALL_REQUIRED', 'Cannot call constructor without `new`');
  return Reflect.construct(Pattern, [input, base, options], new.target);
}

class Pattern {
  #handle;

  constructor(input, base, options) {
    if (input != null && typeof input !== 'string' && typeof input !== 'object')
      throw wrong('Input must be an object or a string');
    if (base !== undefined && base !== null && typeof base === 'object') [base, options] = [undefined, base];
    if (base !== undefined && typeof base !== 'string')
      throw wrong('second argument must be a string or object');
    if (options !== undefined && (typeof options !== 'object' || options === null))
      throw wrong('options must be an object');
    const given = { ignore_case: Boolean(options?.ignoreCase) };
    this.#handle = read(
      input,
      base,
      malformed,
      (text, from) => native.url_pattern_parse_utf16(text, from, given),
      (parts) => native.url_pattern_from_init(parts, given),
    );
  }

  static of(self) {
    if (typeof self !== 'object' || self === null || !(#handle in self))
      throw new TypeError('Illegal invocation');
    return self.#handle;
  }
}

const { of } = Pattern;

const methods = {
  get hasRegExpGroups() {
    return native.url_pattern_has_regexp_groups(of(this));
  },
  exec(input = undefined, base = undefined) {
    const handle = of(this);
    checkInput(input, base);
    const result = read(
      input,
      base,
      failed('exec'),
      (text, from) => native.url_pattern_exec_utf16(handle, text, from),
      (parts) => native.url_pattern_exec_init(handle, parts),
    );
    if (result === null) return null;
    const inputs = base === undefined ? [input ?? {}] : [input, base];
    return Object.assign(Object.create(null), { inputs }, result);
  },
  test(input = undefined, base = undefined) {
    const handle = of(this);
    checkInput(input, base);
    return read(
      input,
      base,
      failed('test'),
      (text, from) => native.url_pattern_test_utf16(handle, text, from),
      (parts) => native.url_pattern_test_init(handle, parts),
    );
  },
};

for (const name of PARTS) {
  const read = native[`url_pattern_${name}`];
  const accessor = {
    get [name]() {
      return read(of(this));
    },
  };
  Object.defineProperties(URLPattern.prototype, Object.getOwnPropertyDescriptors(accessor));
}
Object.defineProperties(URLPattern.prototype, Object.getOwnPropertyDescriptors(methods));
makeEnumerable(URLPattern.prototype, [...PARTS, 'hasRegExpGroups', 'exec', 'test']);
Object.defineProperty(URLPattern, 'length', { value: 0, configurable: true });
Object.defineProperty(URLPattern, 'prototype', { writable: false });
tag(URLPattern.prototype, 'URLPattern');

module.exports = { URLPattern };
