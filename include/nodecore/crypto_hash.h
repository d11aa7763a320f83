/** @file crypto_hash.h Digests.
 *
 *  Node       https://nodejs.org/api/crypto.html */
#ifndef NODECORE_CRYPTO_HASH_H
#define NODECORE_CRYPTO_HASH_H

#include <stddef.h>

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

/** Starts a hash. `algorithm` is a name, in any case: "sha256".
 *  Returns    NODECORE_OK; NODECORE_UNCODED ("Digest method not supported") for an unknown name.
 *  Ownership  caller frees `*out` (nodecore_hash_free).
 *  Nullable   err.             Node     crypto.createHash        Since    0.1 */
NODECORE_API nodecore_status nodecore_hash_new(const char *algorithm, size_t algorithm_len,
                                               nodecore_hash **out, nodecore_error **err);

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
 *  Returns, Ownership, Nullable  as nodecore_hash_new() and nodecore_hash_digest().
 *  Threads    any.             Node     crypto.hash              Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_hash(const char *algorithm, size_t algorithm_len,
                                                  const void *data, size_t len, nodecore_buf *out,
                                                  nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
