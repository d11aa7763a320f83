// The hooks of esm-hooks.js for Node versions that run them on a thread of their own. What a module exports
// this thread's own copy of it tells, so that nothing is loaded before the app asks for it.
import { createRequire } from 'node:module';

import hooks from './esm-hooks.js';

const require = createRequire(import.meta.url);

export let resolve = (specifier, context, next) => next(specifier, context);
export let load = (url, context, next) => next(url, context);

export function initialize({ names }) {
  resolve = hooks.resolve(names);
  load = hooks.load((name) => Object.keys(require('./lib')[name]));
}
