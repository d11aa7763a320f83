// What Node makes of a function's name and its arguments, both ways as JSON.
'use strict';
const url = require('url');

const PARTS = [
  'href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash',
];
const parts = (u) => PARTS.map((name) => u[name]);
const LEGACY = [
  'protocol', 'slashes', 'auth', 'host', 'port', 'hostname', 'hash', 'search', 'query', 'pathname', 'path', 'href',
];

const functions = {
  parse: (input) => parts(new URL(input)),
  parseWithBase: (input, base) => parts(new URL(input, base)),
  canParse: (input) => URL.canParse(input),
  set(href, name, value) {
    const u = new URL(href);
    u[name] = value;
    return parts(u);
  },
  fileUrlToPath: (input, windows) => url.fileURLToPath(input, { windows }),
  fileUrlToPathBuffer: (input, windows) => url.fileURLToPathBuffer(input, { windows }).toString('latin1'),
  pathToFileUrl: (path, windows) => url.pathToFileURL(path, { windows }).href,
  params(input) {
    const params = new URLSearchParams(input);
    const all = [...params];
    const text = params.toString();
    params.sort();
    const each = [];
    params.forEach((value, name) => each.push(name, value));
    return [
      all, text, [...params.entries()], params.size, [...params.keys()], [...params.values()], each,
      new URLSearchParams(all).toString(),
    ];
  },
  paramsOps(href, ops) {
    const u = new URL(href);
    const params = u.searchParams;
    const seen = ops.map(([op, ...args]) => params[op](...args) ?? null);
    return [u.href, seen, [...params]];
  },
  domainToAscii: (domain) => url.domainToASCII(domain),
  domainToUnicode: (domain) => url.domainToUnicode(domain),
  format: (input, auth, fragment, search, unicode) =>
    url.format(new URL(input), { auth, fragment, search, unicode }),
  httpOptions(input) {
    const o = url.urlToHttpOptions(new URL(input));
    return [o.protocol, o.hostname, o.hash, o.search, o.pathname, o.path, o.href, o.port ?? null, o.auth ?? null];
  },
  legacyParse(input, slashes) {
    const u = url.parse(input, false, slashes);
    return LEGACY.map((name) => u[name]);
  },
  legacyFormat: (input) => url.format(input),
  legacyFormatObject: (object) => url.format(object),
  legacyResolve: (from, to) => url.resolve(from, to),
};

function answer([name, args]) {
  let result;
  try {
    result = { ok: functions[name](...JSON.parse(args)) };
  } catch (error) {
    result = { code: error.code ?? '', message: error.message, class: error.name };
    if (error.code === 'ERR_INVALID_URL') result.input = error.input, result.base = error.base;
  }
  return JSON.stringify(result);
}
