'use strict';
// What is known of a file, and its names.

const native = require('../native');
const {
  fdOf,
  inEncoding,
  invalidArgType,
  invalidArgValue,
  isUtf8,
  kindOf,
  LEGACY,
  modeOf,
  optionsOf,
  pathOf,
  timeOf,
} = require('./arguments');
const { collect, named, operation } = require('./operation');
const { makeStatFs, makeStats } = require('./stats');
const { codeError } = require('../errors');
const { deprecate, promisify } = require('util');
const { validateAbortSignal, validateFunction, validateInteger } = require('../validators');

/** Stats of what `target` names; a signal ends the forms that do not block. */
function statOperation(name, target, call) {
  const lengths = name === 'fstat' ? { sync: 1, callback: 1 } : { sync: 1, callback: 1, promise: 1 };
  const made = operation(name, { optional: 1, gives: true, length: lengths }, (path, options) => {
    options = options ?? {};
    const { bigint = false, signal } = options;
    if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
    const args = [target(path)];
    return {
      call: signal ? `${call}_until` : call,
      args,
      signal,
      begin: (handle) => args.push(handle),
      give: (stats) => makeStats(stats, bigint),
    };
  });
  const absent = (err) => err.code === 'ENOENT' || err.code === 'ENOTDIR';
  made.sync = named(
    function (path, options = {}) {
      const { bigint = false, throwIfNoEntry = true } = options ?? {};
      const of = target(path);
      let stats;
      try {
        stats = native[`${call}_sync`](of);
      } catch (err) {
        if (!throwIfNoEntry && name !== 'fstat' && absent(err)) return undefined;
        throw err;
      }
      return makeStats(stats, bigint);
    },
    `${name}Sync`,
    1,
  );
  return made;
}

const onPath = (name, call, prepare, shape) => operation(name, { call, ...shape }, prepare);

function idOf(id, name) {
  validateInteger(id, name, -1, 2 ** 32 - 1);
  return id;
}

const chown = (name, target) =>
  operation(name, { required: 3 }, (of, uid, gid) => ({
    args: [target(of), idOf(uid, 'uid'), idOf(gid, 'gid')],
  }));
const utimes = (name, target) =>
  operation(name, { required: 3 }, (of, atime, mtime) => ({
    args: [target(of), timeOf(atime), timeOf(mtime)],
  }));

/** Of operations that give a path, in the encoding asked for. */
function givesPath(options, args, call) {
  const { encoding } = optionsOf(options);
  return isUtf8(encoding)
    ? { call, args, text: true }
    : { call, args, give: (bytes) => inEncoding(bytes, encoding) };
}

const SYMLINK_TYPES = { file: 0, dir: 1, junction: 2 };
function symlinkTypeOf(type) {
  if (type == null) return 0;
  if (typeof type !== 'string' || !Object.hasOwn(SYMLINK_TYPES, type))
    throw invalidArgValue('type', type, "must be one of: 'dir', 'file', 'junction', null, undefined");
  return SYMLINK_TYPES[type];
}

let warned = false;

function prefixOf(prefix) {
  if (typeof prefix !== 'string' && !(prefix instanceof Uint8Array) && !(prefix instanceof URL))
    throw invalidArgType('prefix', ['string', 'Buffer', 'URL'], prefix);
  const path = pathOf(prefix, 'prefix');
  if (!warned && (typeof path === 'string' ? path.endsWith('X') : path.at(-1) === 0x58)) {
    warned = true;
    process.emitWarning(
      'mkdtemp() templates ending with X are not portable. For details see: https://nodejs.org/api/fs.html',
    );
  }
  return path;
}

const gives = { optional: 1, gives: true };
const realpath = operation('realpath', gives, (path, options) => givesPath(options, [pathOf(path)]));
const realpathNative = operation('realpath', { call: 'realpath_native', ...gives }, (path, options) =>
  givesPath(options, [pathOf(path)]),
);

const operations = {
  access: onPath('access', 'access', (path, mode) => ({ args: [pathOf(path), kindOf(mode)] }), {
    optional: 1,
    length: { promise: 1 },
  }),
  stat: statOperation('stat', pathOf, 'fs_stat'),
  lstat: statOperation('lstat', pathOf, 'fs_lstat'),
  fstat: statOperation('fstat', fdOf, 'fs_fstat'),
  statfs: operation(
    'statfs',
    { optional: 1, gives: true, length: { sync: 1, callback: 1, promise: 1 } },
    (path, options) => ({
      args: [pathOf(path)],
      give: (found) => makeStatFs(found, options?.bigint),
    }),
  ),
  chmod: operation('chmod', { required: 2 }, (path, mode) => ({ args: [pathOf(path), modeOf(mode)] })),
  fchmod: operation('fchmod', { required: 2 }, (fd, mode) => ({ args: [fdOf(fd), modeOf(mode)] })),
  chown: chown('chown', pathOf),
  lchown: chown('lchown', pathOf),
  fchown: chown('fchown', fdOf),
  utimes: utimes('utimes', pathOf),
  lutimes: utimes('lutimes', pathOf),
  futimes: utimes('futimes', fdOf),
  rename: operation('rename', { required: 2 }, (from, to) => ({
    args: [pathOf(from, 'oldPath'), pathOf(to, 'newPath')],
  })),
  unlink: operation('unlink', {}, (path) => ({ args: [pathOf(path)] })),
  link: operation('link', { required: 2 }, (from, to) => ({
    args: [pathOf(from, 'existingPath'), pathOf(to, 'newPath')],
  })),
  symlink: operation('symlink', { required: 2, optional: 1 }, (target, path, type) => {
    const kind = symlinkTypeOf(type);
    return { args: [pathOf(target, 'target'), pathOf(path), kind] };
  }),
  readlink: operation('readlink', gives, (path, options) => givesPath(options, [pathOf(path)])),
  realpath: { ...realpath, promise: realpathNative.promise },
  mkdtemp: operation('mkdtemp', gives, (prefix, options) => givesPath(options, [prefixOf(prefix)])),
};
operations.realpath.callback.native = realpathNative.callback;
operations.realpath.sync.native = realpathNative.sync;

const forms = collect(operations);
for (const name of ['fstat', 'fchmod', 'fchown', 'futimes']) delete forms.promises[name];

/** Whether anything is there: any failure means no. */
function existsSync(path) {
  let of;
  try {
    of = pathOf(path);
  } catch (err) {
    if (err.code === 'ERR_INVALID_ARG_TYPE' && !LEGACY) warnExists();
    return false;
  }
  return native.fs_exists_sync(of);
}
const warnExists = deprecate(
  () => {},
  'Passing invalid argument types to fs.existsSync is deprecated',
  'DEP0187',
);

function exists(path, callback) {
  validateFunction(callback, 'cb');
  let of;
  try {
    of = pathOf(path);
  } catch {
    return void process.nextTick(callback, false);
  }
  native.fs_exists(of, (found) => callback(found));
}
Object.defineProperty(exists, promisify.custom, {
  value: (path) => new Promise((resolve) => exists(path, resolve)),
});
Object.assign(forms.fs, { exists, existsSync });

// Only macOS has them.
forms.fs.lchmod = undefined;
forms.fs.lchmodSync = undefined;
forms.promises.lchmod = async function lchmod() {
  throw codeError(Error, 'ERR_METHOD_NOT_IMPLEMENTED', 'The lchmod() method is not implemented');
};
named(forms.promises.lchmod, 'lchmod', 2);

module.exports = { ...forms, prefixOf };
