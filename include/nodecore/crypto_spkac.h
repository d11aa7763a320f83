/** @file crypto_spkac.h Signed public keys and challenges, as the HTML element `keygen` made them.
 *
 *  A SPKAC is Base64, without the "SPKAC=" that the `openssl` command writes in front.
 *
 *  Node       https://nodejs.org/api/crypto.html#class-certificate */
#ifndef NODECORE_CRYPTO_SPKAC_H
#define NODECORE_CRYPTO_SPKAC_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Says in `*out` whether it is signed with the key that is in it.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (2 GiB and more).
 *  Nullable   spkac with len 0, err.     Threads  any.
 *  Node       Certificate.verifySpkac                            Since    0.1 */
NODECORE_API nodecore_status nodecore_spkac_verify(const void *spkac, size_t len, bool *out,
                                                   nodecore_error **err);

/** Gives the public key, in PEM; `*found` says whether there is one.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (2 GiB and more).
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   spkac with len 0, err.     Threads  any.
 *  Node       Certificate.exportPublicKey                        Since    0.1 */
NODECORE_API nodecore_status nodecore_spkac_export_public_key(const void *spkac, size_t len, bool *found,
                                                              nodecore_buf *out, nodecore_error **err);

/** Gives the challenge, in UTF-8; `*found` says whether there is one, which may be empty.
 *  Returns, Ownership, Nullable, Threads  as nodecore_spkac_export_public_key().
 *  Node       Certificate.exportChallenge                        Since    0.1 */
NODECORE_API nodecore_status nodecore_spkac_export_challenge(const void *spkac, size_t len, bool *found,
                                                             nodecore_buf *out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
