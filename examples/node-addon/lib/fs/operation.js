'use strict';
// An operation is said once, and has three forms: one that blocks, one with a callback, one with a promise.

const native = require('../native');
const { abortError, linkSignal } = require('./arguments');
const { validateFunction } = require('../validators');

const named = (fn, name, length) =>
  Object.defineProperties(fn, {
    name: { value: name, configurable: true },
    length: { value: length, configurable: true },
  });

/** Starts what `plan` says; `done(err, value)` runs once, later. */
function start(plan, done) {
  const { call, args, give, signal } = plan;
  if ('result' in plan) return void process.nextTick(done, null, plan.result);
  if (signal?.aborted) return void process.nextTick(() => done(abortError(signal)));
  const link = signal && linkSignal(signal);
  if (link) plan.begin(link.handle);
  const finish = (err, value) => {
    if (link) err = link.end(err);
    if (err) return done(plan.fail ? plan.fail(err) : err);
    // What cannot be given (a string that would be too long) is the operation's error.
    let given;
    try {
      given = give ? give(value) : value;
    } catch (error) {
      return done(error);
    }
    done(null, given);
  };
  native[plan.text ? `${call}_text` : call](...args, finish);
}

/**
 * The three forms. `prepare(...arguments)` checks them and says what to do, as `{ args, call, text, give,
 * signal }`: the arguments of the library's function, its name (if it is not the operation's), whether
 * its bytes are text, what makes the result of what it gives, and a signal, which `begin(handle)` puts in
 * its place. `{ result }` is the result without any call; `fail(err)` says what an error is reported as.
 */
function operation(
  name,
  { call, required = 1, optional = 0, gives = false, callback = 'cb', length },
  prepare,
) {
  const own = `fs_${call ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
  const most = required + optional;
  const plan = (args) => {
    const made = prepare(...args);
    made.call ??= own;
    return made;
  };
  const sync = function (...args) {
    const made = plan(args);
    if ('result' in made) return made.result;
    const value = native[made.text ? `${made.call}_sync_text` : `${made.call}_sync`](...made.args);
    if (gives) return made.give ? made.give(value) : value;
  };
  const withCallback = function (...args) {
    let at = required;
    while (at < most && typeof args[at] !== 'function') at++;
    const cb = args[at];
    validateFunction(cb, callback);
    args.length = at;
    const made = plan(args);
    start(made, gives ? (err, value) => (err ? cb(err) : cb(null, value)) : (err) => cb(err));
  };
  const promise = async function (...args) {
    const made = plan(args.slice(0, most));
    return new Promise((resolve, reject) => {
      start(made, (err, value) => (err ? reject(err) : resolve(gives ? value : undefined)));
    });
  };
  return {
    sync: named(sync, `${name}Sync`, length?.sync ?? most),
    callback: named(withCallback, name, length?.callback ?? most + 1),
    promise: named(promise, name, length?.promise ?? most),
  };
}

/** Adds the forms of operations to the exports of fs and of fs/promises. */
function collect(operations) {
  const forms = { fs: {}, promises: {} };
  for (const [name, { sync, callback, promise }] of Object.entries(operations)) {
    if (callback) forms.fs[name] = callback;
    if (sync) forms.fs[`${name}Sync`] = sync;
    if (promise) forms.promises[name] = promise;
  }
  return forms;
}

module.exports = { collect, named, operation, start };
