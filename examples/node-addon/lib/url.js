'use strict';

const { invalidArgType } = require('./errors');
const native = require('./native');
const { missingArgs } = require('./url/classes');
const { Url, urlFormat, urlParse, urlResolve, urlResolveObject } = require('./url/legacy');
const { URLPattern } = require('./url/pattern');
const { URLSearchParams } = require('./url/search-params');
const { URL, handleOf, isURL } = require('./url/url');
const { validateObject, validateString } = require('./validators');

function domainToASCII(domain) {
  if (arguments.length < 1) throw missingArgs('domain');
  return native.url_domain_to_ascii(`${domain}`);
}

function domainToUnicode(domain) {
  if (arguments.length < 1) throw missingArgs('domain');
  return native.url_domain_to_unicode(`${domain}`);
}

/** Whose paths `options.windows` means. */
const flavour = (options) => ({ flavour: options?.windows === undefined ? 0 : options.windows ? 2 : 1 });

function pathToFileURL(path, options) {
  validateString(path, 'path');
  return new URL(native.url_path_to_file_url(path, flavour(options)));
}

/** The text of a URL that was given as text or as an object. */
function href(path) {
  if (typeof path === 'string') return path;
  if (!isURL(path)) throw invalidArgType('path', ['string', 'URL'], path);
  return path.href;
}

function fileURLToPath(path, options = undefined) {
  return native.url_file_url_to_path(href(path), flavour(options));
}

function fileURLToPathBuffer(path, options = undefined) {
  return native.url_file_url_to_path_buffer(href(path), flavour(options));
}

function urlToHttpOptions(url) {
  validateObject(url, 'url', { allowArray: true, allowFunction: true });
  const handle = handleOf(url);
  if (handle !== undefined) {
    const options = native.url_to_http_options(handle);
    if (options.port < 0) delete options.port;
    if (options.auth === undefined) delete options.auth;
    return Object.assign(Object.create(null), url, options);
  }
  // What only looks like a URL is read as it stands.
  const { protocol, hostname, hash, search, pathname, href, port, username, password } = url;
  const options = Object.assign(Object.create(null), url, {
    protocol,
    hostname: typeof hostname === 'string' ? hostname.replace(/^\[(.*)\]$/s, '$1') : hostname,
    hash,
    search,
    pathname,
    path: `${pathname || ''}${search || ''}`,
    href,
  });
  if (port !== '') options.port = Number(port);
  if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

module.exports = {
  Url,
  parse: urlParse,
  resolve: urlResolve,
  resolveObject: urlResolveObject,
  format: urlFormat,
  URL,
  URLPattern,
  URLSearchParams,
  domainToASCII,
  domainToUnicode,
  pathToFileURL,
  fileURLToPath,
  fileURLToPathBuffer,
  urlToHttpOptions,
};
