'use strict';
// Whole trees: removing, copying, searching.

const native = require('../native');
const { codeError } = require('../errors');
const { invalidArgType, pathOf } = require('./arguments');
const { giveList } = require('./dirs');
const { collect, named, operation, start } = require('./operation');
const { Dirent } = require('./stats');
const {
  validateAbortSignal,
  validateBoolean,
  validateFunction,
  validateInt32,
  validateInteger,
  validateObject,
  validateString,
  validateUint32,
} = require('../validators');

const REMOVAL = { force: false, recursive: false, maxRetries: 0, retryDelay: 100 };

function removal(path, options) {
  const of = pathOf(path);
  if (options !== undefined) validateObject(options, 'options');
  const { force, recursive, maxRetries, retryDelay } = { ...REMOVAL, ...options };
  validateBoolean(force, 'options.force');
  validateBoolean(recursive, 'options.recursive');
  validateInt32(retryDelay, 'options.retryDelay', 0);
  validateUint32(maxRetries, 'options.maxRetries');
  return {
    args: [of, { force, recursive, has_retry_delay: true, max_retries: maxRetries, retry_delay: retryDelay }],
  };
}
const rm = operation('rm', { optional: 1, length: { sync: 2, callback: 3, promise: 2 } }, removal);

const COPYING = {
  dereference: false,
  errorOnExist: false,
  force: true,
  preserveTimestamps: false,
  recursive: false,
  verbatimSymlinks: false,
};

/** The options of cp, as the library has them, but for the filter. */
function copying(src, dest, options) {
  if (options !== undefined) validateObject(options, 'options');
  const given = { ...COPYING, ...options };
  for (const name of Object.keys(COPYING)) validateBoolean(given[name], `options.${name}`);
  const { dereference, errorOnExist, filter, force, mode, preserveTimestamps, recursive, verbatimSymlinks } =
    given;
  if (dereference && verbatimSymlinks) {
    const message = 'Option "dereference" cannot be used in combination with option "verbatimSymlinks"';
    throw codeError(TypeError, 'ERR_INCOMPATIBLE_OPTION_PAIR', message);
  }
  if (mode != null) validateInteger(mode, 'mode', 0, 7);
  const opts = {
    dereference,
    error_on_exist: errorOnExist,
    no_force: !force,
    preserve_timestamps: preserveTimestamps,
    recursive,
    verbatim_symlinks: verbatimSymlinks,
    mode: mode ?? 0,
  };
  if (filter !== undefined) validateFunction(filter, 'options.filter');
  return { args: [pathOf(src, 'src'), pathOf(dest, 'dest'), opts], opts, filter };
}

function cpSync(src, dest, options) {
  const { args, opts, filter } = copying(src, dest, options);
  if (filter) {
    opts.filter = (from, to) => {
      const verdict = filter(from, to);
      if (typeof verdict?.then === 'function') {
        const message =
          'Expected boolean to be returned from the "filter" function but got an instance of Promise.';
        throw codeError(TypeError, 'ERR_INVALID_RETURN_VALUE', message);
      }
      return Boolean(verdict);
    };
  }
  native.fs_cp_sync(...args);
}

const cp = operation('cp', { required: 2, optional: 1 }, (src, dest, options) => {
  const plan = copying(src, dest, options);
  const { opts, filter } = plan;
  if (filter) {
    plan.failed = undefined;
    opts.filter_async = (from, to, done) => {
      new Promise((resolve) => resolve(filter(from, to))).then(
        (verdict) => native.fs_cp_filtered(done, Boolean(verdict)),
        (err) => {
          plan.failed = { err };
          native.fs_cp_filtered(done);
        },
      );
    };
    plan.fail = (err) => (plan.failed ? plan.failed.err : err);
  }
  return plan;
});
cp.sync = named(cpSync, 'cpSync', 3);

// ---- Searching

/** What glob takes, as the library has it. */
function searching(patterns, options) {
  const list = Array.isArray(patterns) ? patterns : [patterns];
  for (const pattern of list) validateString(pattern, 'patterns');
  if (options !== undefined) validateObject(options, 'options');
  const { cwd, exclude, followSymlinks = false, withFileTypes = false, signal } = options ?? {};
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  validateBoolean(followSymlinks, 'options.followSymlinks');
  const opts = { follow_symlinks: followSymlinks };
  if (cwd !== undefined) opts.cwd = pathOf(cwd, 'options.cwd');
  if (Array.isArray(exclude)) {
    for (const pattern of exclude) validateString(pattern, 'options.exclude');
    Object.assign(opts, { exclude, exclude_count: exclude.length });
  } else if (exclude !== undefined) {
    if (typeof exclude !== 'function')
      throw invalidArgType('options.exclude', ['function', 'string[]'], exclude);
    opts.exclude_fn = (entry) =>
      Boolean(exclude(withFileTypes ? new Dirent(entry.name, entry.type, entry.parent_path) : entry.name));
  }
  return {
    call: 'fs_glob',
    args: [list, opts],
    signal,
    begin: (handle) => (opts.signal = handle),
    give: (found) => giveList(found, { withFileTypes }, (parent) => parent),
  };
}

const glob = operation('glob', { optional: 1, gives: true, callback: 'callback' }, searching);
glob.promise = undefined;

/** What is found, one after the other. */
async function* globIterated(patterns, options) {
  const plan = searching(patterns, options);
  yield* await new Promise((resolve, reject) =>
    start(plan, (err, found) => (err ? reject(err) : resolve(found))),
  );
}

const forms = collect({ rm, cp, glob });
forms.promises.glob = named(globIterated, 'glob', 2);

module.exports = forms;
