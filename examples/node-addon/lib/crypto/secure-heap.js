'use strict';
// OpenSSL's secure heap: what --secure-heap gives the host's OpenSSL, the library's gets too.

const { secureHeapUsed: hostHeap } = require('crypto');
const native = require('../native');

/** The host's heap; not every host knows of one. */
function heapOfHost() {
  try {
    return hostHeap() ?? {};
  } catch {
    return {};
  }
}

/** Makes the heap, once in the process and before all else of crypto; without one all works as well. */
function initSecureHeap() {
  const { total, min } = heapOfHost();
  if (!total || native.crypto_secure_heap_used().total) return;
  try {
    if (!native.crypto_secure_heap_init(total, min)) process.emitWarning('The secure heap could not be locked.');
  } catch (error) {
    process.emitWarning(`The secure heap could not be made: ${error.message}`);
  }
}

/** Where there is no heap the share of it that is used is not a number, as in Node 26. */
function secureHeapUsed() {
  return native.crypto_secure_heap_used();
}

module.exports = { initSecureHeap, secureHeapUsed };
