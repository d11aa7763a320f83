'use strict';

const { inspect } = require('util');
const host = require('url').URL;
const { keep } = require('../handles');
const native = require('../native');
const { makeEnumerable, missingArgs, tag } = require('./classes');
const { searchParamsOf } = require('./search-params');

// Given in place of a text: the handle that follows is that of the new URL.
const HANDLE = Symbol('handle');

class URL {
  #handle;
  #searchParams;

  constructor(input, base = undefined) {
    if (arguments.length === 0) throw missingArgs('url');
    if (input === HANDLE) this.#handle = base;
    else if (base === undefined) this.#handle = native.url_parse_utf16(`${input}`);
    else this.#handle = native.url_resolve_utf16(`${input}`, `${base}`);
    keep(this, this.#handle);
  }

  static parse(input, base = undefined) {
    if (arguments.length === 0) throw missingArgs('url');
    const text = `${input}`;
    const from = base === undefined ? undefined : URL.#base(`${base}`);
    if (from === null || !native.url_can_parse_utf16(text, from?.#handle)) return null;
    return new URL(HANDLE, native.url_parse_utf16(text, from?.#handle));
  }

  static canParse(input, base = undefined) {
    if (arguments.length === 0) throw missingArgs('url');
    const text = `${input}`;
    const from = base === undefined ? undefined : URL.#base(`${base}`);
    return from !== null && native.url_can_parse_utf16(text, from?.#handle);
  }

  /** The handle of a URL, or undefined for what is none of this class. */
  static handleOf(value) {
    return typeof value === 'object' && value !== null && #handle in value ? value.#handle : undefined;
  }

  /** The URL that is a base, or null if it is none. */
  static #base(text) {
    return native.url_can_parse_utf16(text) ? new URL(HANDLE, native.url_parse_utf16(text)) : null;
  }

  static #of(self) {
    if (typeof self !== 'object' || self === null || !(#handle in self))
      throw new TypeError('Receiver must be an instance of class URL');
    return self.#handle;
  }

  toString() {
    return native.url_href(URL.#of(this));
  }

  get href() {
    return native.url_href(URL.#of(this));
  }
  set href(value) {
    native.url_set_href(URL.#of(this), `${value}`);
  }

  get origin() {
    return native.url_origin(URL.#of(this));
  }

  get protocol() {
    return native.url_protocol(URL.#of(this));
  }
  set protocol(value) {
    native.url_set_protocol(URL.#of(this), `${value}`);
  }

  get username() {
    return native.url_username(URL.#of(this));
  }
  set username(value) {
    native.url_set_username(URL.#of(this), `${value}`);
  }

  get password() {
    return native.url_password(URL.#of(this));
  }
  set password(value) {
    native.url_set_password(URL.#of(this), `${value}`);
  }

  get host() {
    return native.url_host(URL.#of(this));
  }
  set host(value) {
    native.url_set_host(URL.#of(this), `${value}`);
  }

  get hostname() {
    return native.url_hostname(URL.#of(this));
  }
  set hostname(value) {
    native.url_set_hostname(URL.#of(this), `${value}`);
  }

  get port() {
    return native.url_port(URL.#of(this));
  }
  set port(value) {
    native.url_set_port(URL.#of(this), `${value}`);
  }

  get pathname() {
    return native.url_pathname(URL.#of(this));
  }
  set pathname(value) {
    native.url_set_pathname(URL.#of(this), `${value}`);
  }

  get search() {
    return native.url_search(URL.#of(this));
  }
  set search(value) {
    native.url_set_search(URL.#of(this), `${value}`);
  }

  get searchParams() {
    const handle = URL.#of(this);
    return (this.#searchParams ??= searchParamsOf(this, handle));
  }

  get hash() {
    return native.url_hash(URL.#of(this));
  }
  set hash(value) {
    native.url_set_hash(URL.#of(this), `${value}`);
  }

  toJSON() {
    return native.url_href(URL.#of(this));
  }

  [inspect.custom](depth, options) {
    URL.#of(this);
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = {};
    for (const name of PARTS) shown[name] = this[name];
    return `${this.constructor.name} ${inspect(shown, options)}`;
  }
}

const PARTS = [
  'href',
  'origin',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'searchParams',
  'hash',
];

const { handleOf } = URL;
delete URL.handleOf;
makeEnumerable(URL.prototype, ['toString', ...PARTS, 'toJSON']);
makeEnumerable(URL, ['parse', 'canParse']);
tag(URL.prototype, 'URL');

// The URLs of blobs are the host's, as its blobs are.
for (const name of ['createObjectURL', 'revokeObjectURL'])
  if (host?.[name])
    Object.defineProperty(URL, name, { ...Object.getOwnPropertyDescriptor(host, name), enumerable: true });

/** Whether a value is a URL: ours, or the host's, or what looks like one. */
const isURL = (value) =>
  handleOf(value) !== undefined ||
  Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);

module.exports = { URL, handleOf, isURL };
