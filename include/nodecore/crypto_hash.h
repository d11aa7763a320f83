/** @file crypto_hash.h Digests.
 *
 *  An algorithm is one of the names that nodecore_crypto_hash_name() lists, in any case, or another name of OpenSSL's,
 *  such as "2.16.840.1.101.3.4.2.1".
 *
 *  Node       https://nodejs.org/api/crypto.html#class-hash */
#ifndef NODECORE_CRYPTO_HASH_H
#define NODECORE_CRYPTO_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"
#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A running hash.            Threads  exclusive: one thread at a time. */
typedef struct nodecore_hash nodecore_hash;

/** Options of digests. NULL = all defaults. */
typedef struct nodecore_hash_options {
  size_t struct_size;     /**< set by NODECORE_HASH_OPTIONS_INIT */
  uint32_t output_length; /**< bytes that an XOF gives ("shake256"); of others only the usual number; 0: see below */
  bool has_output_length; /**< true: an output_length of 0 counts; else it is the usual one */
} nodecore_hash_options;
#define NODECORE_HASH_OPTIONS_INIT \
  { sizeof(nodecore_hash_options), 0, false }

/** Returns the name of a digest, sorted by `index` from 0; `data` is NULL past the last.
 *  Ownership  static.          Threads  any.
 *  Node       crypto.getHashes                                   Since    0.1 */
NODECORE_API nodecore_str nodecore_crypto_hash_name(size_t index);

/** Starts a hash. "shake128" and "shake256" give 16 and 32 bytes unless told otherwise.
 *  Returns    NODECORE_OK; NODECORE_UNCODED ("Digest method not supported") for an unknown name; NODECORE_ERR_OSSL
 *             for a digest of OpenSSL's legacy provider, and for a length that the digest cannot have.
 *  Ownership  caller frees `*out` (nodecore_hash_free).
 *  Nullable   opts, err.       Node     crypto.createHash        Since    0.1 */
NODECORE_API nodecore_status nodecore_hash_new(const char *algorithm, size_t algorithm_len,
                                               const nodecore_hash_options *opts, nodecore_hash **out,
                                               nodecore_error **err);

/** Frees the handle.          Nullable   hash.                  Since    0.1 */
NODECORE_API void nodecore_hash_free(nodecore_hash *hash);

/** Adds `len` bytes.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_HASH_FINALIZED after the digest.
 *  Nullable   data with len 0, err.     Node     hash.update      Since    0.1 */
NODECORE_API nodecore_status nodecore_hash_update(nodecore_hash *hash, const void *data, size_t len,
                                                  nodecore_error **err);

/** Ends the hash and gives the digest, as bytes.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_HASH_FINALIZED the second time.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     hash.digest()            Since    0.1 */
NODECORE_API nodecore_status nodecore_hash_digest(nodecore_hash *hash, nodecore_buf *out,
                                                  nodecore_error **err);

/** As nodecore_hash_digest(), as text in an encoding of buffer.h, such as NODECORE_ENCODING_HEX.
 *  Returns    as there; NODECORE_ERR_UNKNOWN_ENCODING, and the hash is as it was.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     hash.digest(encoding)    Since    0.1 */
NODECORE_API nodecore_status nodecore_hash_digest_encoded(nodecore_hash *hash, int32_t encoding,
                                                          nodecore_buf *out, nodecore_error **err);

/** Gives another hash in the same state, which goes on by itself. That of an XOF has the usual length, unless `opts` say
 *  otherwise.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_HASH_FINALIZED after the digest; NODECORE_ERR_INVALID_STATE if it is a
 *             stream; NODECORE_ERR_OSSL for a length that the digest cannot have.
 *  Ownership  caller frees `*out` (nodecore_hash_free).
 *  Nullable   opts, err.       Node     hash.copy                Since    0.1 */
NODECORE_API nodecore_status nodecore_hash_copy(nodecore_hash *hash, const nodecore_hash_options *opts,
                                                nodecore_hash **out, nodecore_error **err);

/** Gives the hash as a transform: what is written or piped into it is hashed, and the digest can be read from
 *  it. It hashes large chunks on the pool. At
 *  NODECORE_EVENT_FINISH everything is in; then nodecore_hash_digest() may be called. Until then the
 *  hash may not be used in another way: NODECORE_ERR_INVALID_STATE.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_HASH_FINALIZED after the digest; NODECORE_ERR_INVALID_STATE
 *             if it is a stream already.
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Nullable   err.             Threads  the loop's, from here on.
 *  Node       hash as a stream.Transform                         Since    0.1 */
NODECORE_API nodecore_status nodecore_hash_stream(nodecore_loop *loop, nodecore_hash *hash,
                                                    nodecore_stream **out, nodecore_error **err);

/** Hashes `data` at once.
 *  Returns    NODECORE_OK; NODECORE_UNCODED ("Digest method x is not supported") for an unknown name and for a length
 *             that the digest cannot have; NODECORE_ERR_OSSL for a length over 2^31 - 1.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   data with len 0, opts, err.     Threads  any.
 *  Node       crypto.hash(…, 'buffer')                           Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_hash(const char *algorithm, size_t algorithm_len,
                                                  const void *data, size_t len,
                                                  const nodecore_hash_options *opts, nodecore_buf *out,
                                                  nodecore_error **err);

/** As nodecore_crypto_hash(), as text in an encoding of buffer.h.
 *  Returns    as there; NODECORE_ERR_UNKNOWN_ENCODING.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   data with len 0, opts, err.     Threads  any.
 *  Node       crypto.hash(…, outputEncoding)                     Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_hash_encoded(const char *algorithm, size_t algorithm_len,
                                                          const void *data, size_t len, int32_t encoding,
                                                          const nodecore_hash_options *opts,
                                                          nodecore_buf *out, nodecore_error **err);

/** As nodecore_crypto_hash(), into `room`, which has `size` bytes; `*out` is how many were written. 64 bytes have room
 *  for every digest. The common digests take no memory beside it.
 *  Returns    as there; NODECORE_ERR_OUT_OF_RANGE if the room is too small.
 *  Nullable   data with len 0, err.           Threads  any.
 *  Node       crypto.hash(…, 'buffer')                           Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_hash_into(const char *algorithm, size_t algorithm_len,
                                                       const void *data, size_t len, void *room,
                                                       size_t size, size_t *out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
