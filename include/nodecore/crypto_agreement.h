/** @file crypto_agreement.h What two sides make of their own private and the other's public key.
 *
 *  Keys are those of crypto_key.h; crypto_dh.h and crypto_ecdh.h have pairs whose keys are plain numbers and points.
 *
 *  Node       https://nodejs.org/api/crypto.html#cryptodiffiehellmanoptions-callback */
#ifndef NODECORE_CRYPTO_AGREEMENT_H
#define NODECORE_CRYPTO_AGREEMENT_H


#include "crypto.h"
#include "crypto_key.h"
#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Gives the secret of a private key and another's public key, both of "dh", "ec", "x25519" or "x448"; for the public key a
 *  private one does as well. A key in another form is first read (nodecore_crypto_create_private_key()).
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE (a key without that half);
 *             NODECORE_ERR_CRYPTO_INCOMPATIBLE_KEY (of other types); NODECORE_ERR_OSSL (of two groups; a public key
 *             that is not in its group, or makes the same secret with every private key).
 *  Ownership  caller clears and frees `*out` (nodecore_crypto_cleanse, nodecore_buf_free).
 *  Nullable   err.             Threads  any.
 *  Node       crypto.diffieHellman                               Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_diffie_hellman_sync(const nodecore_key *private_key,
                                                                 const nodecore_key *public_key,
                                                                 nodecore_buf *out, nodecore_error **err);

/** As nodecore_crypto_diffie_hellman_sync(), on the pool.
 *  Returns    as there, but NODECORE_ERR_OSSL goes to `cb`.
 *  Ownership  the keys may be freed at once. The result is borrowed for the callback, and cleared after it;
 *             nodecore_buf_take() keeps it. `release(user)` runs once in every case, last.
 *  Nullable   user, release, req, err.   Threads  the loop's.
 *  Node       crypto.diffieHellman                               Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_diffie_hellman(
    nodecore_loop *loop, const nodecore_key *private_key, const nodecore_key *public_key,
    nodecore_crypto_bytes_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
