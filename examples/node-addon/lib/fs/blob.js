'use strict';
// Files as Blobs: read when they are asked for, and refused once they have changed.

const native = require('../native');
const { Blob } = require('buffer');
const { pathOf } = require('./arguments');
const { validateObject, validateString } = require('../validators');

const HANDLE = Symbol('handle');
const CHUNK = 65536;

class FileBlob extends Blob {
  constructor(handle) {
    super([]);
    Object.defineProperty(this, HANDLE, { value: handle });
  }

  get size() {
    return native.blob_size(this[HANDLE]);
  }

  get type() {
    return native.blob_type(this[HANDLE]);
  }

  slice(start = 0, end = this.size, type = '') {
    return new FileBlob(native.blob_slice(this[HANDLE], Math.trunc(start), Math.trunc(end), `${type}`));
  }

  bytes() {
    return new Promise((resolve, reject) => {
      native.blob_bytes(this[HANDLE], (err, bytes) =>
        err ? reject(err) : resolve(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
      );
    });
  }

  async arrayBuffer() {
    const bytes = await this.bytes();
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  }

  async text() {
    return new TextDecoder().decode(await this.bytes());
  }

  stream() {
    const { size } = this;
    let at = 0;
    return new ReadableStream({
      type: 'bytes',
      pull: async (controller) => {
        if (at >= size) {
          controller.close();
          controller.byobRequest?.respond(0);
          return;
        }
        const bytes = await this.slice(at, at + CHUNK).bytes();
        at += bytes.byteLength;
        // Memory that may be shared with others is not given away.
        controller.enqueue(new Uint8Array(bytes));
      },
    });
  }
}
Object.defineProperty(FileBlob, 'name', { value: 'Blob' });

function typeOf(options) {
  validateObject(options, 'options');
  const { type = '' } = options;
  validateString(type, 'options.type');
  return type;
}

async function openAsBlob(path, options = {}) {
  const type = typeOf(options);
  const of = pathOf(path);
  return new Promise((resolve, reject) => {
    native.fs_open_as_blob(of, type, (err, blob) => (err ? reject(err) : resolve(new FileBlob(blob))));
  });
}

function openAsBlobSync(path, options = {}) {
  const type = typeOf(options);
  return new FileBlob(native.fs_open_as_blob_sync(pathOf(path), type));
}

module.exports = { openAsBlob, openAsBlobSync };
