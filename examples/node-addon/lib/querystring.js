'use strict';

const native = require('./native');

const own = {
  unescapeBuffer(s, decodeSpaces) {
    return native.querystring_unescape_buffer_utf16(`${s}`, !!decodeSpaces);
  },
  unescape(s, decodeSpaces) {
    const text = `${s}`;
    if (!decodeSpaces) return native.querystring_unescape_utf16(text);
    try {
      return decodeURIComponent(text);
    } catch {
      return exports.unescapeBuffer(text, decodeSpaces).toString();
    }
  },
  escape(str) {
    // An object is asked for its string, as String() does, all else for its primitive value, as + does.
    return native.querystring_escape_utf16(typeof str === 'object' ? String(str) : str + '');
  },
};

/** A separator that was given, or undefined for the default. */
const text = (value) => (value ? `${value}` : undefined);

function stringify(obj, sep, eq, options) {
  if (obj === null || typeof obj !== 'object') return '';
  let encode = exports.escape;
  if (typeof options?.encodeURIComponent === 'function') encode = options.encodeURIComponent;
  const pairs = [];
  for (const key of Object.keys(obj)) pairs.push(key, obj[key]);
  const encode16 = encode === own.escape ? undefined : (value = '') => `${encode(value)}`;
  const given = sep || eq || encode16 ? { sep: text(sep), eq: text(eq), encode16 } : undefined;
  return native.querystring_stringify_utf16(pairs, given);
}

function parse(qs, sep, eq, options) {
  const found = Object.create(null);
  if (typeof qs !== 'string' || qs.length === 0) return found;
  let decoder = exports.unescape;
  if (!sep && !eq && !options && decoder === own.unescape)
    return fill(found, native.querystring_parse_utf16(qs));
  if (typeof options?.decodeURIComponent === 'function') decoder = options.decodeURIComponent;
  const given = { sep: text(sep), eq: text(eq) };
  // One that is empty but truthy, as [] is, is found nowhere, as what is longer than the query; without `eq`
  // all is value and the key is empty.
  const keyless = given.eq === '';
  if (given.sep === '') given.sep = `${qs}&`;
  if (keyless) given.eq = `${qs}=`;
  if (typeof options?.maxKeys === 'number') {
    given.has_max_keys = true;
    given.max_keys = Number.isSafeInteger(options.maxKeys) ? Math.max(options.maxKeys, 0) : 0;
  }
  if (decoder !== own.unescape) {
    given.decode = (value = '') => {
      try {
        return `${decoder(value)}`;
      } catch {
        return undefined; // the library decodes it
      }
    };
  }
  const flat = native.querystring_parse_utf16(qs, given);
  if (keyless) {
    const values = [];
    for (let i = 0; i < flat.length; i += 2) for (const _ of [].concat(flat[i + 1])) values.push(flat[i]);
    if (values.length > 0) found[''] = values.length > 1 ? values : values[0];
    return found;
  }
  return fill(found, flat);
}

function fill(found, flat) {
  for (let i = 0; i < flat.length; i += 2) found[flat[i]] = flat[i + 1];
  return found;
}

module.exports = exports = { ...own, stringify, encode: stringify, parse, decode: parse };
