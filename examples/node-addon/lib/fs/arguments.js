'use strict';
// What fs takes: paths, descriptors, modes, flags, times, options, signals.

const native = require('../native');
const { codeError, invalidArgType, invalidArgValue, outOfRange, received } = require('../errors');
const {
  isBytes,
  validateAbortSignal,
  validateInt32,
  validateInteger,
  validateUint32,
} = require('../validators');
const { fileURLToPath } = require('../url');

const isUrl = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Boolean(value.href && value.protocol) &&
  value.path === undefined;

/** A path as the library takes it: a string or bytes. */
function pathOf(value, name = 'path') {
  const path = isUrl(value) ? fileURLToPath(value.href) : value;
  if (typeof path === 'string' ? path.includes('\0') : path instanceof Uint8Array && path.includes(0))
    throw invalidArgValue(name, path, 'must be a string, Uint8Array, or URL without null bytes');
  if (typeof path !== 'string' && !(path instanceof Uint8Array))
    throw invalidArgType(name, ['string', 'Buffer', 'URL'], path);
  return path;
}

function fdOf(fd, name = 'fd') {
  if (Object.is(fd, -0)) return 0;
  validateInt32(fd, name, 0);
  return fd;
}

/** Permission bits: a number, or octal text. */
function modeOf(value, name = 'mode', initial = undefined) {
  let mode = value ?? initial;
  if (typeof mode === 'string') {
    if (!/^[0-7]+$/.test(mode))
      throw invalidArgValue(name, value, 'must be a 32-bit unsigned integer or an octal string');
    mode = Number.parseInt(mode, 8);
  }
  validateUint32(mode, name);
  return mode;
}

/** As modeOf, for what is made anew. */
const newModeOf = (value, name, initial) => modeOf(value, name, initial) || MEANT.mode;

// The library takes 0 for its default. A bit that is set anyway, or that the system does not look at,
// says that 0 is meant.
const MEANT = { flags: 0o2000000 /* O_CLOEXEC */, mode: 0o100000 /* S_IFREG */ };

/** Runtimes before Node 24 still have what has been deprecated long since, and so do programs for them. */
const LEGACY = Number.parseInt(process.versions.node, 10) < 24;

/** The mode of access or copyFile, whose values the library knows. */
function kindOf(mode) {
  if (mode == null) return 0;
  if (typeof mode !== 'number')
    throw codeError(TypeError, 'ERR_INVALID_ARG_TYPE', 'mode must be int32 or null/undefined');
  return Math.abs(mode) < 2 ** 31 ? Math.trunc(mode) : -1;
}

/** The system's flags: a number, or one of Node's strings. */
function flagsOf(flags, name = 'flags') {
  if (typeof flags === 'number') {
    validateInt32(flags, name);
    return flags;
  }
  if (flags == null) return 0;
  if (typeof flags !== 'string') throw invalidArgValue(name, flags);
  try {
    // The letters x and s may stand before the others.
    return native.fs_flags(flags.replace(/^([xs])([wra])/, '$2$1'));
  } catch {
    throw invalidArgValue(name, flags);
  }
}

/** Seconds since 1970 of a number, a text of one, or a Date. */
function toUnixTimestamp(time, name = 'time') {
  // eslint-disable-next-line eqeqeq
  if (typeof time === 'string' && +time == time) return +time;
  if (Number.isFinite(time)) return time < 0 ? Date.now() / 1000 : time;
  if (Object.prototype.toString.call(time) === '[object Date]') return time.getTime() / 1000;
  throw invalidArgType(name, ['Date', 'Time in seconds'], time);
}

/** A time to set. */
function timeOf(time) {
  const seconds = toUnixTimestamp(time);
  if (!Number.isFinite(seconds)) return { sec: 0, nsec: 0 };
  const sec = Math.floor(seconds);
  return { sec, nsec: Math.min(Math.round((seconds - sec) * 1e9), 999999999) };
}

/** Options that may be an encoding alone. */
function optionsOf(options, initial = {}) {
  if (options == null || typeof options === 'function') return initial;
  if (typeof options === 'string') options = { ...initial, encoding: options };
  else if (typeof options !== 'object') throw invalidArgType('options', ['string', 'Object'], options);
  const { encoding } = options;
  if (encoding && encoding !== 'buffer' && !Buffer.isEncoding(encoding))
    throw invalidArgValue('encoding', encoding, 'is invalid encoding');
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  return options;
}

/** Bytes that were given, as the options' encoding wants them. */
const inEncoding = (bytes, encoding) =>
  encoding === 'buffer' || !encoding ? bytes : bytes.toString(encoding);

const isUtf8 = (encoding) => !encoding || /^utf-?8$/i.test(encoding);

/** What is written, as bytes or as text that is UTF-8. */
function dataOf(data, encoding, name = 'data') {
  if (typeof data === 'string')
    return isUtf8(encoding) || encoding === 'buffer' ? data : Buffer.from(data, encoding);
  if (!isBytes(data)) throw invalidArgType(name, ['string', 'Buffer', 'TypedArray', 'DataView'], data);
  return data;
}

function viewOf(buffer, name = 'buffer') {
  if (!isBytes(buffer)) throw invalidArgType(name, ['Buffer', 'TypedArray', 'DataView'], buffer);
  return buffer;
}

function viewsOf(buffers) {
  if (!Array.isArray(buffers)) throw invalidArgType('buffers', 'ArrayBufferView[]', buffers);
  for (const buffer of buffers)
    if (!isBytes(buffer)) throw invalidArgType('buffers', 'ArrayBufferView[]', buffers);
  return buffers;
}

/** The part of a view that is read into or written, as bytes. */
const partOf = (view, offset, length) => new Uint8Array(view.buffer, view.byteOffset + offset, length);

/** Where in the file to read: a number or a BigInt; the current position is -1. */
function positionOf(position, length) {
  if (position == null) return -1;
  if (typeof position === 'number') validateInteger(position, 'position', -1);
  else if (typeof position === 'bigint') {
    const most = 2n ** 63n - 1n - BigInt(length);
    if (position < -1n || position > most) throw outOfRange('position', `>= -1 && <= ${most}`, position);
  } else throw invalidArgType('position', ['integer', 'bigint'], position);
  return position;
}

/** An error that Node's fs makes when a signal is aborted. */
function abortError(signal) {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  error.name = 'AbortError';
  error.code = 'ABORT_ERR';
  return error;
}

/** The library's signal behind JavaScript's; `end(err)` lets go of both and says what error to report. */
function linkSignal(signal) {
  const controller = native.abort_controller_new();
  const handle = native.abort_controller_signal(controller);
  const abort = () => native.abort_controller_abort(controller);
  let listens = true;
  try {
    signal.addEventListener('abort', abort, { once: true });
  } catch {
    // What only looks like a signal, such as a Proxy of one, is asked when all is done.
    listens = false;
  }
  return {
    handle,
    end(err) {
      if (listens) signal.removeEventListener('abort', abort);
      native.release(handle);
      native.release(controller);
      return err?.code === 'ABORT_ERR' || (!listens && signal.aborted) ? abortError(signal) : err;
    },
  };
}

module.exports = {
  abortError,
  codeError,
  dataOf,
  fdOf,
  flagsOf,
  inEncoding,
  invalidArgType,
  invalidArgValue,
  isUtf8,
  MEANT,
  kindOf,
  LEGACY,
  linkSignal,
  modeOf,
  newModeOf,
  optionsOf,
  outOfRange,
  partOf,
  pathOf,
  positionOf,
  received,
  timeOf,
  toUnixTimestamp,
  viewOf,
  viewsOf,
};
