'use strict';
// `finished`: checks of what is given; when a stream is done the library knows.

const { AsyncResource } = require('async_hooks');
const { promisify } = require('util');
const host = require('../host-stream');
const { invalidArgType } = require('../errors');
const { validateAbortSignal, validateBoolean, validateFunction, validateObject } = require('../validators');
const { native } = require('./host');
const { isStream, isWebReadable, isWebWritable } = require('./kinds');
const { Peer, link } = require('./peer');

const isWeb = (value) => isWebReadable(value) || isWebWritable(value);

const KINDS = ['ReadableStream', 'WritableStream', 'Stream'];

/** Waits for a side if it is there, or as the program says. */
const wanted = (value) => (value == null ? 0 : value ? 1 : -1);

/** Calls back when a stream can no longer be read from or written to, or has failed. */
function finished(stream, options, callback) {
  if (arguments.length === 2) {
    callback = options;
    options = {};
  } else if (options == null) options = {};
  else validateObject(options, 'options');
  validateFunction(callback, 'callback');
  validateAbortSignal(options.signal, 'options.signal');
  // Web streams are the host's, which alone sees them close.
  if (isWeb(stream)) return host.finished(stream, options, callback);
  if (!isStream(stream)) throw invalidArgType('stream', KINDS, stream);

  const call = AsyncResource.bind(callback);
  const peer = Peer.of(stream);
  const signal = link(options.signal, peer);
  const end = () => {
    peer.waiting.delete(waiting);
    signal.end();
  };
  const waiting = {
    done(error) {
      end();
      if (error === null) call.call(stream);
      else call.call(stream, error);
    },
  };
  peer.waiting.add(waiting);
  const handle = native.stream_peer_finished(peer.handle, waiting, {
    readable: wanted(options.readable),
    writable: wanted(options.writable),
    ignore_error: options.error === false,
    signal: signal.handle,
  });
  return () => {
    native.finished_cancel(handle);
    end();
  };
}

/** `finished` of stream/promises. */
function finishedPromise(stream, options) {
  const cleanup = options?.cleanup;
  if (cleanup !== undefined && cleanup !== null) validateBoolean(cleanup, 'cleanup');
  return new Promise((resolve, reject) => {
    const remove = finished(stream, options ?? {}, (error) => {
      if (cleanup) remove();
      if (error) reject(error);
      else resolve();
    });
  });
}
Object.defineProperty(finished, 'name', { value: 'eos' });
Object.defineProperty(finishedPromise, 'name', { value: 'finished' });
Object.defineProperty(finished, promisify.custom, { get: () => finishedPromise, enumerable: true });

module.exports = { finished, finishedPromise };
