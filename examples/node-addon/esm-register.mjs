// The hooks of esm-hooks.js for Node versions that run them on a thread of their own.
import hooks from './esm-hooks.js';

export let resolve = (specifier, context, next) => next(specifier, context);
export let load = (url, context, next) => next(url, context);

export function initialize({ names, exported }) {
  resolve = hooks.resolve(names);
  load = hooks.load((name) => exported[name]);
}
