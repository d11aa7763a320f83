'use strict';

const { inspect } = require('util');
const { codeError } = require('../errors');
const { keep } = require('../handles');
const native = require('../native');
const { validateFunction } = require('../validators');
const { invalidThis, makeEnumerable, missingArgs, tag } = require('./classes');

const ITERATOR = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
// Says that a list is a URL's own.
const OF = Symbol('of');

/** `parts` between braces: on a line, or a line for each if they do not fit. */
function braces(name, parts, options) {
  const width = parts.reduce((sum, part) => sum + part.length, 0) + 2 * parts.length;
  if (parts.some((part) => part.includes('\n')) || width > (options.breakLength ?? Infinity))
    return `${name} {\n  ${parts.join(',\n  ')} }`;
  return `${name} { ${parts.join(', ')} }`;
}

/** The pairs of an iterable of pairs, or of an object's own properties, names and values by turns. */
function flatten(init) {
  const method = init[Symbol.iterator];
  if (method == null) {
    const pairs = new Map();
    for (const key of Reflect.ownKeys(init)) {
      if (!Object.getOwnPropertyDescriptor(init, key)?.enumerable) continue;
      pairs.set(`${key}`.toWellFormed(), `${init[key]}`);
    }
    return [...pairs].flat();
  }
  if (typeof method !== 'function')
    throw codeError(TypeError, 'ERR_ARG_NOT_ITERABLE', 'Query pairs must be iterable');
  const flat = [];
  for (const pair of init) {
    const many = pair !== null && (typeof pair === 'object' || typeof pair === 'function');
    const two = many && typeof pair[Symbol.iterator] === 'function' ? [...pair] : [];
    if (two.length !== 2)
      throw codeError(
        TypeError,
        'ERR_INVALID_TUPLE',
        'Each query pair must be an iterable [name, value] tuple',
      );
    flat.push(`${two[0]}`, `${two[1]}`);
  }
  return flat;
}

class URLSearchParams {
  #handle;
  #owner; // the URL that has the list, if it is a URL's

  constructor(init = undefined) {
    if (init === OF) {
      this.#owner = arguments[1];
      this.#handle = native.url_search_params_of(arguments[2]);
    } else if (init === undefined) {
      this.#handle = native.url_search_params_from_pairs([]);
    } else if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
      this.#handle = native.url_search_params_parse_utf16(`${init}`);
    } else if (#handle in init && init[Symbol.iterator] === URLSearchParams.prototype[Symbol.iterator]) {
      this.#handle = native.url_search_params_copy(init.#handle);
    } else {
      this.#handle = native.url_search_params_from_pairs(flatten(init));
    }
    keep(this, this.#handle);
  }

  /** The list of a URL, which has that handle. */
  static of(url, handle) {
    return new URLSearchParams(OF, url, handle);
  }

  static #of(self) {
    if (typeof self !== 'object' || self === null || !(#handle in self)) throw invalidThis('URLSearchParams');
    return self.#handle;
  }

  get size() {
    return native.url_search_params_size(URLSearchParams.#of(this));
  }

  append(name, value) {
    const handle = URLSearchParams.#of(this);
    if (arguments.length < 2) throw missingArgs('name', 'value');
    native.url_search_params_append(handle, `${name}`, `${value}`);
  }

  delete(name, value = undefined) {
    const handle = URLSearchParams.#of(this);
    if (arguments.length < 1) throw missingArgs('name');
    native.url_search_params_delete(handle, `${name}`, value === undefined ? undefined : `${value}`);
  }

  get(name) {
    const handle = URLSearchParams.#of(this);
    if (arguments.length < 1) throw missingArgs('name');
    return native.url_search_params_get(handle, `${name}`) ?? null;
  }

  getAll(name) {
    const handle = URLSearchParams.#of(this);
    if (arguments.length < 1) throw missingArgs('name');
    return native.url_search_params_get_all(handle, `${name}`);
  }

  has(name, value = undefined) {
    const handle = URLSearchParams.#of(this);
    if (arguments.length < 1) throw missingArgs('name');
    return native.url_search_params_has(handle, `${name}`, value === undefined ? undefined : `${value}`);
  }

  set(name, value) {
    const handle = URLSearchParams.#of(this);
    if (arguments.length < 2) throw missingArgs('name', 'value');
    native.url_search_params_set(handle, `${name}`, `${value}`);
  }

  sort() {
    native.url_search_params_sort(URLSearchParams.#of(this));
  }

  entries() {
    return new URLSearchParamsIterator(URLSearchParams.#of(this), this, 'entries');
  }

  forEach(callback, thisArg = undefined) {
    const handle = URLSearchParams.#of(this);
    validateFunction(callback, 'callback');
    for (let i = 0; ; i++) {
      const [there, name, value] = native.url_search_params_at(handle, i);
      if (!there) return;
      callback.call(thisArg, value, name, this);
    }
  }

  keys() {
    return new URLSearchParamsIterator(URLSearchParams.#of(this), this, 'keys');
  }

  values() {
    return new URLSearchParamsIterator(URLSearchParams.#of(this), this, 'values');
  }

  toString() {
    return native.url_search_params_to_string(URLSearchParams.#of(this));
  }

  [inspect.custom](depth, options) {
    const handle = URLSearchParams.#of(this);
    if (typeof depth === 'number' && depth < 0) return options.stylize('[Object]', 'special');
    const inner = { ...options };
    if (depth !== null) inner.depth = depth - 1;
    const parts = [];
    for (const [name, value] of new URLSearchParamsIterator(handle, this, 'entries'))
      parts.push(`${inspect(name, inner)} => ${inspect(value, inner)}`);
    const { name } = this.constructor;
    return parts.length === 0 ? `${name} {}` : braces(name, parts, options);
  }
}

const NAMES = [
  'append',
  'delete',
  'get',
  'getAll',
  'has',
  'set',
  'sort',
  'entries',
  'forEach',
  'keys',
  'values',
];
const { of } = URLSearchParams;
delete URLSearchParams.of;
makeEnumerable(URLSearchParams.prototype, ['size', ...NAMES, 'toString']);
tag(URLSearchParams.prototype, 'URLSearchParams');
Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, {
  value: URLSearchParams.prototype.entries,
  configurable: true,
  writable: true,
});

class URLSearchParamsIterator {
  #handle;
  #list; // keeps the handle
  #kind;
  #index = 0;

  constructor(handle, list, kind) {
    this.#handle = handle;
    this.#list = list;
    this.#kind = kind;
  }

  #at(index) {
    const [there, name, value] = native.url_search_params_at(this.#handle, index);
    if (!there) return { value: undefined, done: true };
    if (this.#kind === 'entries') return { value: [name, value], done: false };
    return { value: this.#kind === 'keys' ? name : value, done: false };
  }

  next() {
    if (typeof this !== 'object' || this === null || !(#list in this))
      throw invalidThis('URLSearchParamsIterator');
    const found = this.#at(this.#index);
    if (!found.done) this.#index++;
    return found;
  }

  [inspect.custom](depth, options) {
    if (typeof this !== 'object' || this === null || !(#list in this))
      throw invalidThis('URLSearchParamsIterator');
    if (typeof depth === 'number' && depth < 0) return options.stylize('[Object]', 'special');
    const inner = { ...options };
    if (depth !== null) inner.depth = depth - 1;
    const parts = [];
    for (let i = this.#index; ; i++) {
      const { value, done } = this.#at(i);
      if (done) break;
      parts.push(inspect(value, inner));
    }
    return braces(this[Symbol.toStringTag], parts, options);
  }
}

delete URLSearchParamsIterator.prototype.constructor;
Object.setPrototypeOf(URLSearchParamsIterator.prototype, ITERATOR);
makeEnumerable(URLSearchParamsIterator.prototype, ['next']);
tag(URLSearchParamsIterator.prototype, 'URLSearchParams Iterator');

module.exports = { URLSearchParams, searchParamsOf: of };
