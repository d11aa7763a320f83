'use strict';
// Errors as Node makes them: with a code, and the code in the stack but not in the name.

const { inspect } = require('util');

const CLASSES = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

/** An error with a code of Node's own. */
function codeError(Base, code, message, properties, name = Base.prototype.name) {
  const limit = Error.stackTraceLimit;
  const error = new Base(message);
  Error.stackTraceLimit = limit;
  Object.defineProperty(error, 'name', { value: `${name} [${code}]`, configurable: true, writable: true });
  void error.stack; // made now, while the code is in the name
  if (name === Base.prototype.name) delete error.name;
  else Object.defineProperty(error, 'name', { value: name, enumerable: false });
  Object.defineProperty(error, 'toString', {
    value() {
      return `${this.name} [${code}]: ${this.message}`;
    },
    configurable: true,
    writable: true,
  });
  error.code = code;
  return Object.assign(error, properties);
}

/** An error of several system calls, with Node's own code; what the system said is its `info`. */
function systemError({ code, message, errno, syscall, path, dest }) {
  const [, systemCode, said] = /returned (\w+) \((.*)\)/s.exec(message) ?? [undefined, undefined, message];
  const info = { message: said, path, dest, syscall, errno, code: systemCode };
  for (const key of Object.keys(info)) if (info[key] === undefined) delete info[key];
  const error = codeError(Error, code, message, undefined, 'SystemError');
  error.info = info;
  for (const key of ['errno', 'syscall', 'path', 'dest']) {
    if (info[key] === undefined) continue;
    Object.defineProperty(error, key, {
      enumerable: true,
      configurable: true,
      get: () => info[key],
      set(value) {
        info[key] = value;
      },
    });
  }
  return error;
}

/** The error of what was ended before its time, by a signal or not. */
function abortError(signal) {
  const error = new Error('The operation was aborted', signal && { cause: signal.reason });
  error.name = 'AbortError';
  error.code = 'ABORT_ERR';
  return error;
}

const IN_JAVASCRIPT =
  /^ERR_CRYPTO_(HASH_(FINALIZED|UPDATE_FAILED)|MAC_FINALIZED|INCOMPATIBLE_KEY.*|INVALID_KEY_OBJECT_TYPE|ECDH_.*)$/;

/** Whether Node makes the error beneath JavaScript, where its code gets into no text. */
const isNative = ({ code, message }) =>
  /^ERR_(CRYPTO|OSSL)_|^ERR_MISSING_PASSPHRASE$/.test(code) &&
  !IN_JAVASCRIPT.test(code) && !/^Invalid state for operation/.test(message);

/** An Error of what the library says of one; called by the addon. */
function makeError(info) {
  const { name, code, message } = info;
  if (name === 'AbortError') {
    const error = new Error(message, 'cause' in info ? { cause: info.cause } : undefined);
    error.name = name;
    error.code = code;
    return error;
  }
  if (name === 'SystemError') return systemError(info);
  // The web's SyntaxError, whose code is its name, is no class of JavaScript's.
  const Base = name === code ? undefined : CLASSES[name];
  if (!Base) return new DOMException(message, 'cause' in info ? { name, cause: info.cause } : name);
  const options = 'cause' in info ? { cause: info.cause } : undefined;
  if (info.errno !== undefined || info.opensslErrorStack || info.library !== undefined || !code || isNative(info)) {
    const error = new Base(message, options);
    for (const key of ['errno', 'opensslErrorStack', 'library', 'reason', 'code', 'syscall', 'path', 'dest'])
      if (info[key] !== undefined && info[key] !== '') error[key] = info[key];
    return error;
  }
  const error = codeError(Base, code, message);
  for (const key of ['input', 'base', 'syscall', 'path', 'dest']) if (info[key] !== undefined) error[key] = info[key];
  if (options) Object.defineProperty(error, 'cause', { value: options.cause, configurable: true, writable: true });
  return error;
}

/** What a message says of a value that it refuses. */
function received(value) {
  if (value == null) return ` Received ${value}`;
  if (typeof value === 'function') return ` Received function ${value.name}`;
  if (typeof value === 'object') {
    if (value.constructor?.name) return ` Received an instance of ${value.constructor.name}`;
    return ` Received ${inspect(value, { depth: -1 })}`;
  }
  let shown = inspect(value, { colors: false });
  if (shown.length > 28) shown = `${shown.slice(0, 25)}...`;
  return ` Received type ${typeof value} (${shown})`;
}

function list(words) {
  if (words.length < 3) return words.join(' or ');
  return `${words.slice(0, -1).join(', ')}, or ${words.at(-1)}`;
}

const PRIMITIVES = new Set(['string', 'function', 'number', 'object', 'boolean', 'bigint', 'symbol', 'Function', 'Object']);

/** "of type string or an instance of Buffer or URL" */
function kinds(expected) {
  const types = [];
  const instances = [];
  const others = [];
  for (const kind of [].concat(expected)) {
    if (PRIMITIVES.has(kind)) types.push(kind.toLowerCase());
    else if (/^([A-Z][a-z0-9]*)+$/.test(kind)) instances.push(kind);
    else others.push(kind);
  }
  if (instances.length > 0 && types.includes('object')) {
    types.splice(types.indexOf('object'), 1);
    instances.push('Object');
  }
  const parts = [];
  if (types.length > 0) parts.push(`${types.length > 1 ? 'one of type' : 'of type'} ${list(types)}`);
  if (instances.length > 0) parts.push(`an instance of ${list(instances)}`);
  if (others.length > 0) {
    if (others.length > 1) parts.push(`one of ${list(others)}`);
    else parts.push(`${others[0].toLowerCase() === others[0] ? '' : 'an '}${others[0]}`.replace(/^an (?=[a-z])/, ''));
  }
  return parts.join(' or ');
}

const subject = (name) =>
  name.endsWith(' argument') ? `The ${name}` : `The "${name}" ${name.includes('.') ? 'property' : 'argument'}`;

const invalidArgType = (name, expected, value) =>
  codeError(TypeError, 'ERR_INVALID_ARG_TYPE', `${subject(name)} must be ${kinds(expected)}.${received(value)}`);

function invalidArgValue(name, value, reason = 'is invalid', Base = TypeError) {
  let shown = inspect(value);
  if (shown.length > 128) shown = `${shown.slice(0, 128)}...`;
  const what = name.includes('.') ? 'property' : 'argument';
  return codeError(Base, 'ERR_INVALID_ARG_VALUE', `The ${what} '${name}' ${reason}. Received ${shown}`);
}

/** 1234567 as 1_234_567 */
function grouped(digits) {
  return digits.replace(/(?<=\d)(?=(\d{3})+$)/g, '_');
}

function outOfRange(name, range, value) {
  let shown;
  if (Number.isInteger(value) && Math.abs(value) > 2 ** 32) shown = grouped(String(value));
  else if (typeof value === 'bigint') {
    shown = String(value);
    if (value > 2n ** 32n || value < -(2n ** 32n)) shown = grouped(shown);
    shown += 'n';
  } else shown = inspect(value);
  return codeError(RangeError, 'ERR_OUT_OF_RANGE', `The value of "${name}" is out of range. It must be ${range}. Received ${shown}`);
}

module.exports = { abortError, codeError, invalidArgType, invalidArgValue, makeError, outOfRange, received };
