/** @file crypto_kem.h Key encapsulation: ML-KEM, RSA (RSASVE), and P-256, P-384, P-521, X25519 and X448 (DHKEM).
 *
 *  Node       https://nodejs.org/api/crypto.html#cryptoencapsulatekey-callback */
#ifndef NODECORE_CRYPTO_KEM_H
#define NODECORE_CRYPTO_KEM_H

#include <stddef.h>

#include "crypto.h"
#include "crypto_key.h"
#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Makes a new secret for the owner of the private key, with the public half of `key`.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_OPERATION_FAILED for a key of another kind;
 *             NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE for a secret key; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees both (nodecore_buf_free), and clears the secret first (nodecore_crypto_cleanse).
 *  Nullable   err.             Threads  any.
 *  Node       crypto.encapsulate                                 Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_encapsulate_sync(const nodecore_key *key,
                                                              nodecore_buf *out_shared_key,
                                                              nodecore_buf *out_ciphertext,
                                                              nodecore_error **err);

/** The end of nodecore_crypto_encapsulate(). On success `err` is NULL and both buffers are lent for the call:
 *  nodecore_buf_take() keeps one; a secret that is not taken is cleared. */
typedef void (*nodecore_crypto_encapsulate_cb)(const nodecore_error *err, nodecore_buf *shared_key,
                                               nodecore_buf *ciphertext, void *user);

/** As nodecore_crypto_encapsulate_sync(), on the pool. `cb` runs once on the loop's thread, never before this returns; on an error
 *  return it never runs. `release(user)` runs once in every case.
 *  Returns    those of the key that is no public or private one; the rest goes to `cb`.
 *  Nullable   user, release, req, err.  Threads  the loop's.
 *  Node       crypto.encapsulate                                 Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_encapsulate(nodecore_loop *loop, const nodecore_key *key,
                                                         nodecore_crypto_encapsulate_cb cb, void *user,
                                                         nodecore_release release, nodecore_request **req,
                                                         nodecore_error **err);

/** Gives the secret that `ciphertext` tells. One of the right length that was not made for this key gives another secret.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_OPERATION_FAILED for a key of another kind and for a ciphertext that is none
 *             of it; NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE for a key that is not private;
 *             NODECORE_ERR_OUT_OF_RANGE for 2^31 bytes and more; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees `*out` (nodecore_buf_free), and clears it first (nodecore_crypto_cleanse).
 *  Nullable   ciphertext with len 0, err.     Threads  any.
 *  Node       crypto.decapsulate                                 Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_decapsulate_sync(const nodecore_key *key,
                                                              const void *ciphertext, size_t len,
                                                              nodecore_buf *out, nodecore_error **err);

/** As nodecore_crypto_decapsulate_sync(), on the pool; `cb` and `release` as for nodecore_crypto_encapsulate().
 *  Nullable   ciphertext with len 0, user, release, req, err.     Threads  the loop's.
 *  Node       crypto.decapsulate                                 Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_decapsulate(nodecore_loop *loop, const nodecore_key *key,
                                                         const void *ciphertext, size_t len,
                                                         nodecore_crypto_bytes_cb cb, void *user,
                                                         nodecore_release release, nodecore_request **req,
                                                         nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
