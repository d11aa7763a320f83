'use strict';
// Descriptors, and files as a whole.

const native = require('../native');
const {
  dataOf,
  fdOf,
  flagsOf,
  inEncoding,
  invalidArgType,
  invalidArgValue,
  isUtf8,
  kindOf,
  LEGACY,
  MEANT,
  newModeOf,
  optionsOf,
  outOfRange,
  partOf,
  pathOf,
  positionOf,
  viewOf,
  viewsOf,
} = require('./arguments');
const { collect, named, operation } = require('./operation');
const { deprecate, promisify } = require('util');
const {
  isBytes,
  validateBoolean,
  validateFunction,
  validateInt32,
  validateInteger,
  validateObject,
} = require('../validators');

// ---- Reading and writing pieces

/** What is read into: checks buffer, offset, length and position of read and readSync. */
function readPlan(fd, buffer, offset, length, position) {
  fd = fdOf(fd);
  viewOf(buffer);
  if (offset == null) offset = 0;
  else validateInteger(offset, 'offset', 0);
  length |= 0;
  if (length === 0) return { result: 0 };
  if (buffer.byteLength === 0) throw invalidArgValue('buffer', buffer, 'is empty and cannot be written');
  if (length < 0) throw outOfRange('length', '>= 0', length);
  if (offset + length > buffer.byteLength)
    throw outOfRange('length', `<= ${buffer.byteLength - offset}`, length);
  const where = positionOf(position, length);
  return { fd, view: partOf(buffer, offset, length), position: where };
}

function readSync(fd, buffer, offsetOrOptions, length, position) {
  fd = fdOf(fd);
  viewOf(buffer);
  let offset = offsetOrOptions;
  if (arguments.length <= 3 || typeof offsetOrOptions === 'object') {
    if (offsetOrOptions !== undefined) validateObject(offsetOrOptions, 'options', { nullable: true });
    ({ offset = 0, length = buffer.byteLength - offset, position = null } = offsetOrOptions ?? {});
  }
  const plan = readPlan(fd, buffer, offset, length, position);
  return plan.result ?? native.fs_read_sync(plan.fd, plan.view, plan.position);
}

function read(fd, buffer, offsetOrOptions, length, position, callback) {
  fd = fdOf(fd);
  let offset = offsetOrOptions;
  let params = null;
  if (arguments.length <= 4) {
    if (arguments.length === 4) {
      // (fd, buffer, options, callback)
      if (typeof offsetOrOptions !== 'object' && offsetOrOptions !== undefined) viewOf(buffer);
      validateObject(offsetOrOptions, 'options', { nullable: true });
      callback = length;
      params = offsetOrOptions;
    } else if (arguments.length === 3) {
      // (fd, buffer or options, callback)
      if (!isBytes(buffer)) {
        params = buffer;
        ({ buffer = Buffer.alloc(16384) } = params ?? {});
      }
      callback = offsetOrOptions;
    } else {
      callback = buffer;
      buffer = Buffer.alloc(16384);
    }
    if (params !== undefined) validateObject(params, 'options', { nullable: true });
    ({ offset = 0, length = buffer?.byteLength - offset, position = null } = params ?? {});
  }
  viewOf(buffer);
  validateFunction(callback, 'cb');
  const plan = readPlan(fd, buffer, offset, length, position);
  if ('result' in plan) return void process.nextTick(() => callback(null, 0, buffer));
  native.fs_readv(plan.fd, [plan.view], plan.position, (err, n) => callback(err, err ? 0 : n, buffer));
}

/** What is written: a view's part, or text. */
function writePlan(fd, buffer, offsetOrOptions, length, position) {
  fd = fdOf(fd);
  if (isBytes(buffer)) {
    let offset = offsetOrOptions;
    if (typeof offset === 'object')
      ({ offset = 0, length = buffer.byteLength - offset, position = null } = offsetOrOptions ?? {});
    if (offset == null || typeof offset === 'function') offset = 0;
    else validateInteger(offset, 'offset', 0);
    if (typeof length !== 'number') length = buffer.byteLength - offset;
    if (offset > buffer.byteLength) throw outOfRange('offset', `<= ${buffer.byteLength}`, offset);
    if (length > buffer.byteLength - offset)
      throw outOfRange('length', `<= ${buffer.byteLength - offset}`, length);
    if (length < 0) throw outOfRange('length', '>= 0', length);
    validateInt32(length, 'length', 0);
    return { args: [fd, partOf(buffer, offset, length), atOf(position)] };
  }
  if (typeof buffer !== 'string')
    throw invalidArgType('buffer', ['string', 'Buffer', 'TypedArray', 'DataView'], buffer);
  const encoding = typeof length === 'function' ? undefined : length;
  if (/^hex$/i.test(encoding) && buffer.length % 2 !== 0)
    throw invalidArgValue('encoding', encoding, `is invalid for data of length ${buffer.length}`);
  return { args: [fd, dataOf(buffer, encoding ?? 'utf8'), atOf(offsetOrOptions)] };
}

/** Where to write: what is neither number nor BigInt means the current position. */
const atOf = (position) => (typeof position === 'number' || typeof position === 'bigint' ? position : -1);

function writeSync(fd, buffer, offsetOrOptions, length, position) {
  return native.fs_write_sync(...writePlan(fd, buffer, offsetOrOptions, length, position).args);
}

function write(fd, buffer, offsetOrOptions, length, position, callback) {
  fd = fdOf(fd);
  const last =
    [callback, position, length, offsetOrOptions].find((value) => typeof value === 'function') ??
    callback ??
    position;
  if (!isBytes(buffer) && typeof buffer !== 'string')
    throw invalidArgType('buffer', ['string', 'Buffer', 'TypedArray', 'DataView'], buffer);
  validateFunction(last, 'cb');
  if (
    isBytes(buffer) &&
    offsetOrOptions != null &&
    !['object', 'function', 'number'].includes(typeof offsetOrOptions)
  )
    throw invalidArgType('offset', 'integer', offsetOrOptions);
  const { args } = writePlan(fd, buffer, offsetOrOptions, length === last ? undefined : length, position);
  native.fs_write(...args, (err, n) => last(err, err ? 0 : n, buffer));
}

/** readv and writev: many buffers in turn. */
function vectored(name) {
  const plan = (fd, buffers, position) => [
    fdOf(fd),
    viewsOf(buffers),
    typeof position === 'number' ? position : -1,
  ];
  const sync = function (fd, buffers, position) {
    const args = plan(fd, buffers, position);
    if (name === 'writev' && buffers.length === 0) return 0;
    return native[`fs_${name}_sync`](...args);
  };
  const withCallback = function (fd, buffers, position, callback) {
    const args = plan(fd, buffers, position);
    callback = typeof position === 'function' ? position : callback;
    validateFunction(callback, 'cb');
    if (name === 'writev' && buffers.length === 0) return void process.nextTick(callback, null, 0, buffers);
    native[`fs_${name}`](...args, (err, n) => callback(err, err ? 0 : n, buffers));
  };
  return { sync: named(sync, `${name}Sync`, 3), callback: named(withCallback, name, 4) };
}

/** What util.promisify makes of functions whose callbacks get two values. */
function promisified(fn, count, what) {
  Object.defineProperty(fn, promisify.custom, {
    value: named(
      (...args) =>
        new Promise((resolve, reject) => {
          fn(...args, (err, n, buffer) => (err ? reject(err) : resolve({ [count]: n, [what]: buffer })));
        }),
      fn.name,
      fn.length,
    ),
  });
}

// ---- Files as a whole

const isFd = (file) => typeof file === 'number' && Number.isInteger(file) && file >= 0;

const readFile = operation(
  'readFile',
  { optional: 1, gives: true, length: { sync: 2, callback: 3, promise: 2 } },
  (path, options) => {
    const { encoding, flag, signal } = optionsOf(options, { flag: 'r' });
    const opts = { flags: flagsOf(flag ?? 'r', 'options.flag') };
    if (isFd(path)) Object.assign(opts, { has_fd: true, fd: fdOf(path) });
    const args = [isFd(path) ? '' : pathOf(path), opts];
    const text = Boolean(encoding) && isUtf8(encoding);
    return {
      args,
      signal,
      begin: (handle) => (opts.signal = handle),
      text,
      give: text ? undefined : (bytes) => inEncoding(bytes, encoding),
    };
  },
);

function writePlanOf(path, data, options, flag) {
  const { encoding = 'utf8', mode, flag: given, flush = false, signal } = optionsOf(options, { flag });
  if (flush != null) validateBoolean(flush, 'options.flush');
  const bytes = dataOf(data, encoding);
  const opts = {
    flags: flagsOf(given || flag) || MEANT.flags,
    mode: newModeOf(mode, 'mode', 0o666),
    flush: flush ?? false,
  };
  if (isFd(path)) Object.assign(opts, { has_fd: true, fd: fdOf(path) });
  return {
    call: 'fs_write_file',
    args: [isFd(path) ? '' : pathOf(path), bytes, opts],
    signal,
    begin: (handle) => (opts.signal = handle),
  };
}
const writeFile = operation('writeFile', { required: 2, optional: 1 }, (path, data, options) =>
  writePlanOf(path, data, options, 'w'),
);
const appendFile = operation('appendFile', { required: 2, optional: 1 }, (path, data, options) =>
  writePlanOf(path, data, options, 'a'),
);

const warnTruncate = deprecate(
  () => {},
  'Using fs.truncate with a file descriptor is deprecated. ' +
    'Please use fs.ftruncate with a file descriptor instead.',
  'DEP0081',
);

function lengthOf(len, name = 'len') {
  if (len === undefined) return 0;
  validateInteger(len, name);
  return Math.max(0, len);
}

const operations = {
  open: operation(
    'open',
    { optional: 2, gives: true, length: { sync: 3, callback: 4 } },
    (path, flags, mode) => ({
      args: [pathOf(path), flagsOf(flags ?? 'r'), newModeOf(mode, 'mode', 0o666)],
    }),
  ),
  close: operation('close', {}, (fd) => ({ args: [fdOf(fd)] })),
  ftruncate: operation('ftruncate', { optional: 1, length: { sync: 1, callback: 1 } }, (fd, len) => ({
    args: [fdOf(fd), lengthOf(len)],
  })),
  fsync: operation('fsync', {}, (fd) => ({ args: [fdOf(fd)] })),
  fdatasync: operation('fdatasync', {}, (fd) => ({ args: [fdOf(fd)] })),
  readFile,
  writeFile,
  appendFile,
  truncate: operation('truncate', { optional: 1, length: { sync: 2, callback: 3 } }, (path, len) => {
    if (LEGACY && typeof path === 'number') {
      warnTruncate();
      return { call: 'fs_ftruncate', args: [fdOf(path), lengthOf(len)] };
    }
    return { args: [pathOf(path), lengthOf(len)] };
  }),
  copyFile: operation('copyFile', { required: 2, optional: 1 }, (src, dest, mode) => ({
    args: [pathOf(src, 'src'), pathOf(dest, 'dest'), kindOf(mode)],
  })),
};

const forms = collect(operations);
for (const name of ['open', 'close', 'ftruncate', 'fsync', 'fdatasync']) delete forms.promises[name];

// A close that nobody waits for throws what goes wrong.
const { close: closeWith } = forms.fs;
forms.fs.close = function close(fd, callback = undefined) {
  closeWith(
    fd,
    callback === undefined
      ? (err) => {
          if (err) throw err;
        }
      : callback,
  );
};

const readv = vectored('readv');
const writev = vectored('writev');
promisified(read, 'bytesRead', 'buffer');
promisified(write, 'bytesWritten', 'buffer');
promisified(readv.callback, 'bytesRead', 'buffers');
promisified(writev.callback, 'bytesWritten', 'buffers');
Object.assign(forms.fs, {
  read,
  readSync,
  write,
  writeSync,
  readv: readv.callback,
  readvSync: readv.sync,
  writev: writev.callback,
  writevSync: writev.sync,
});

module.exports = forms;
