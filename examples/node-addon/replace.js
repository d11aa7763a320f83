'use strict';
// node --require nodecore/replace app.js: the modules that nodecore has are its own for everything that the app
// loads, by require, import, import() or process.getBuiltinModule, with and without `node:`.

const Module = require('module');
const nodecore = require('./lib');

const MARK = Symbol.for('nodecore.module');
const here = __dirname;
const loaded = {};

/** The library's module of that name, unless the addon itself asks. */
function find(request, parent) {
  if (typeof request !== 'string') return undefined;
  const name = request.startsWith('node:') ? request.slice(5) : request;
  if (!Object.hasOwn(nodecore, name)) return undefined;
  if (parent?.filename?.startsWith(here) && /^[\\/](lib|replace\.js)/.test(parent.filename.slice(here.length))) return undefined;
  loaded[name] = (loaded[name] ?? 0) + 1;
  return nodecore[name];
}

const load = Module._load;
Module._load = function (request, parent, isMain) {
  return find(request, parent) ?? load.call(this, request, parent, isMain);
};
if (process.getBuiltinModule) {
  const { getBuiltinModule } = process;
  process.getBuiltinModule = (id) => find(id) ?? getBuiltinModule.call(process, id);
}

// For ES modules a name is resolved to a module that exports what the library's has. The hooks may run on a thread of
// their own, where nothing is known of this one's modules: they get the names, and the module finds its object here.
globalThis[Symbol.for('nodecore.replace')] = (name) => find(name);
const names = Object.keys(nodecore);
if (Module.registerHooks) {
  const { resolve, load } = require('./esm-hooks');
  Module.registerHooks({ resolve: resolve(names), load: load((name) => Object.keys(nodecore[name])) });
} else if (Module.register) {
  const { pathToFileURL } = require('url');
  Module.register(pathToFileURL(require.resolve('./esm-register.mjs')), { data: { names } });
}

// What the modules have as globals too; those of crypto are looked for when they are first used.
const globals = [];
for (const key of ['URL', 'URLSearchParams', 'URLPattern']) {
  if (!(key in globalThis)) continue;
  Object.defineProperty(globalThis, key, { value: nodecore.url[key], configurable: true, writable: true });
  globals.push(key);
}
for (const key of ['crypto', 'Crypto', 'CryptoKey', 'SubtleCrypto']) {
  if (!(key in globalThis)) continue;
  Object.defineProperty(globalThis, key, {
    get: () => (key === 'crypto' ? nodecore.crypto.webcrypto : nodecore.crypto.webcrypto[key]),
    set(value) {
      Object.defineProperty(globalThis, key, { value, configurable: true, writable: true, enumerable: true });
    },
    configurable: true,
    enumerable: key === 'crypto',
  });
  globals.push(key);
}

// Whoever runs tests asks for a proof that it was the library that they ran.
if (process.env.NODECORE_PROOF) {
  const { writeFileSync } = require('fs');
  const folder = process.env.NODECORE_PROOF;
  const { version } = require('./package.json');
  const worked = require('./lib/worked');
  process.on('exit', () => {
    const marked = Object.keys(loaded).filter((name) => nodecore[name][MARK] === version);
    const proof = { version, loaded, marked, worked, globals, argv: process.argv };
    writeFileSync(`${folder}/${process.pid}.json`, JSON.stringify(proof));
  });
}
