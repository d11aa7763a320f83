'use strict';
// How `import 'fs'` finds the library's module: it has a URL of its own, whose source exports every name.

const { pathToFileURL } = require('url');

const SCHEME = 'nodecore-module:';
// What asks from here means the host's modules.
const OWN = pathToFileURL(`${__dirname}/lib/`).href;

function resolve(names) {
  const all = new Set(names);
  return (specifier, context, next) => {
    const name = specifier.startsWith('node:') ? specifier.slice(5) : specifier;
    if (!all.has(name) || context.parentURL?.startsWith(OWN)) return next(specifier, context);
    return { url: SCHEME + name, format: 'module', shortCircuit: true };
  };
}

function source(name, keys) {
  const exported = keys.filter((key) => key !== 'default' && /^[A-Za-z_$][\w$]*$/.test(key));
  return `const found = globalThis[Symbol.for('nodecore.replace')](${JSON.stringify(name)});
export default found;
${exported.map((key, i) => `const v${i} = found.${key}; export { v${i} as ${key} };`).join('\n')}
`;
}

function load(keysOf) {
  return (url, context, next) => {
    if (!url.startsWith(SCHEME)) return next(url, context);
    const name = url.slice(SCHEME.length);
    return { format: 'module', source: source(name, keysOf(name)), shortCircuit: true };
  };
}

module.exports = { load, resolve };
