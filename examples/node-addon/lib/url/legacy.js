'use strict';
// The older API: url.parse() and what belongs to it.

const { invalidArgType } = require('../errors');
const native = require('../native');
const { parse: parseQuery, stringify } = require('../querystring');
const { validateObject, validateString } = require('../validators');
const { URL, handleOf, isURL } = require('./url');

const SLASHES = [null, true, false];
const TEXTS = [
  'protocol',
  'auth',
  'host',
  'port',
  'hostname',
  'hash',
  'search',
  'query',
  'pathname',
  'path',
  'href',
];

function Url() {
  this.protocol = null;
  this.slashes = null;
  this.auth = null;
  this.host = null;
  this.port = null;
  this.hostname = null;
  this.hash = null;
  this.search = null;
  this.query = null;
  this.pathname = null;
  this.path = null;
  this.href = null;
}

/** Puts what the library took apart into an object. */
function fill(url, parts) {
  for (const name of TEXTS) url[name] = parts[name] ?? null;
  url.slashes = SLASHES[parts.slashes];
  return url;
}

/** What the library puts together, of whatever an object has. */
function partsOf(url) {
  const parts = {};
  for (const name of TEXTS) if (url[name] != null && url[name] !== false) parts[name] = `${url[name]}`;
  if (url.query !== null && typeof url.query === 'object') parts.query = stringify(url.query);
  if (url.slashes != null) parts.slashes = url.slashes ? 1 : 2;
  return parts;
}

Url.prototype.parse = function parse(url, parseQueryString, slashesDenoteHost) {
  validateString(url, 'url');
  fill(this, native.url_legacy_parse(url, false, Boolean(slashesDenoteHost)));
  if (parseQueryString) {
    this.query = parseQuery(this.query ?? '');
  }
  return this;
};

Url.prototype.format = function format() {
  return native.url_legacy_format(partsOf(this));
};

Url.prototype.resolve = function resolve(relative) {
  return this.resolveObject(urlParse(relative, false, true)).format();
};

Url.prototype.resolveObject = function resolveObject(relative) {
  const to = typeof relative === 'string' ? urlParse(relative, false, true) : relative;
  return fill(new Url(), native.url_legacy_resolve_object(partsOf(this), partsOf(to)));
};

Url.prototype.parseHost = function parseHost() {
  const [, name, port] = /^([^]*?)(?::([0-9]*))?$/.exec(this.host);
  if (port) this.port = port;
  if (name) this.hostname = name;
};

function urlParse(url, parseQueryString, slashesDenoteHost) {
  if (url instanceof Url) return url;
  return new Url().parse(url, parseQueryString, slashesDenoteHost);
}

function urlResolve(source, relative) {
  return urlParse(source, false, true).resolve(relative);
}

function urlResolveObject(source, relative) {
  if (!source) return relative;
  return urlParse(source, false, true).resolveObject(relative);
}

function urlFormat(urlObject, options) {
  if (typeof urlObject === 'string') return urlParse(urlObject).format();
  if (typeof urlObject !== 'object' || urlObject === null)
    throw invalidArgType('urlObject', ['Object', 'string'], urlObject);
  if (!isURL(urlObject)) return Url.prototype.format.call(urlObject);
  const chosen = {};
  if (options) {
    validateObject(options, 'options');
    const off = (name) => options[name] != null && !options[name];
    chosen.no_auth = off('auth');
    chosen.no_fragment = off('fragment');
    chosen.no_search = off('search');
    chosen.unicode = Boolean(options.unicode);
  }
  return native.url_format(handleOf(urlObject) ?? handleOf(new URL(urlObject.href)), chosen);
}

module.exports = { Url, urlFormat, urlParse, urlResolve, urlResolveObject };
