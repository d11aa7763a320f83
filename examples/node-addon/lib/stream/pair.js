'use strict';
// `duplexPair`: two streams, and what is written to one is read from the other.

const { Duplex } = require('./duplex');

class DuplexSide extends Duplex {
  #other;
  /** The callback of the other side's write, to be called when this one has been read. */
  #written;

  static pair(options) {
    const [one, two] = [new DuplexSide(options), new DuplexSide(options)];
    one.#other = two;
    two.#other = one;
    return [one, two];
  }

  _read() {
    const callback = this.#written;
    this.#written = undefined;
    callback?.();
  }

  _write(chunk, encoding, callback) {
    // Nobody will read what is nothing.
    if (chunk.length === 0) {
      process.nextTick(callback);
      return;
    }
    this.#other.push(chunk);
    this.#other.#written = callback;
  }

  _final(callback) {
    this.#other.on('end', callback);
    this.#other.push(null);
  }

  _destroy(error, callback) {
    const other = this.#other;
    if (!other.destroyed) other._read();
    callback(error);
    if (error) other.destroy();
    else if (!other.readableEnded && !other.destroyed) other.push(null);
  }
}

const duplexPair = (options) => DuplexSide.pair(options);

module.exports = { duplexPair };
