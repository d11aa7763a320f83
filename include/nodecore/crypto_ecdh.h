/** @file crypto_ecdh.h Agreement on elliptic curves.
 *
 *  A public key is a point; a private key is a number in bytes, the most significant first, without leading zeroes. For text
 *  there is nodecore_buffer_decode(). A `format` is one of NODECORE_CRYPTO_POINT_CONVERSION_*, or 0: uncompressed.
 *
 *  Node       https://nodejs.org/api/crypto.html#class-ecdh */
#ifndef NODECORE_CRYPTO_ECDH_H
#define NODECORE_CRYPTO_ECDH_H

#include <stddef.h>
#include <stdint.h>

#include "crypto.h"
#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A curve, and a pair of keys on it once there is one.
 *  Threads    one at a time.   Node     crypto.ECDH */
typedef struct nodecore_ecdh nodecore_ecdh;

/** Makes a pair on the curve of that name, which is one of nodecore_crypto_curve_at().
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_CURVE; NODECORE_ERR_CRYPTO_OPERATION_FAILED for OpenSSL's name of
 *             something else.
 *  Ownership  caller frees `*out` (nodecore_ecdh_free).
 *  Nullable   err.             Threads  any.
 *  Node       crypto.createECDH                                  Since    0.1 */
NODECORE_API nodecore_status nodecore_ecdh_new(const char *curve, size_t curve_len, nodecore_ecdh **out,
                                               nodecore_error **err);

/** Frees the handle and clears the private key.  Nullable   ecdh.  Since    0.1 */
NODECORE_API void nodecore_ecdh_free(nodecore_ecdh *ecdh);

/** Makes a new pair and gives the public key.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_ECDH_INVALID_FORMAT; NODECORE_ERR_CRYPTO_OPERATION_FAILED.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     ecdh.generateKeys        Since    0.1 */
NODECORE_API nodecore_status nodecore_ecdh_generate_keys(nodecore_ecdh *ecdh, int32_t format,
                                                         nodecore_buf *out, nodecore_error **err);

/** Gives the secret with another's public key, in any format: the first coordinate of a point, as long as the field.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY (no point of the curve);
 *             NODECORE_ERR_CRYPTO_INVALID_KEYPAIR (a public key was set that does not fit);
 *             NODECORE_ERR_CRYPTO_OPERATION_FAILED (no private key; a point that gives no secret; the curve "SM2").
 *  Ownership  caller clears and frees `*out` (nodecore_crypto_cleanse, nodecore_buf_free).
 *  Nullable   other with other_len 0, err.                       Node     ecdh.computeSecret
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_ecdh_compute_secret(const nodecore_ecdh *ecdh, const void *other,
                                                          size_t other_len, nodecore_buf *out,
                                                          nodecore_error **err);

/** Gives the public key.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_OPERATION_FAILED if there is none;
 *             NODECORE_ERR_CRYPTO_ECDH_INVALID_FORMAT.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     ecdh.getPublicKey        Since    0.1 */
NODECORE_API nodecore_status nodecore_ecdh_public_key(const nodecore_ecdh *ecdh, int32_t format,
                                                      nodecore_buf *out, nodecore_error **err);

/** Gives the private key.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_OPERATION_FAILED if there is none.
 *  Ownership  caller clears and frees `*out` (nodecore_crypto_cleanse, nodecore_buf_free).
 *  Nullable   err.             Node     ecdh.getPrivateKey       Since    0.1 */
NODECORE_API nodecore_status nodecore_ecdh_private_key(const nodecore_ecdh *ecdh, nodecore_buf *out,
                                                       nodecore_error **err);

/** Sets the private key, and with it the public one.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_KEYTYPE unless it is between 0 and the order of the curve, and the keys
 *             are as before; NODECORE_ERR_OUT_OF_RANGE (2 GiB and more).
 *  Nullable   key with len 0, err.       Node     ecdh.setPrivateKey  Since    0.1 */
NODECORE_API nodecore_status nodecore_ecdh_set_private_key(nodecore_ecdh *ecdh, const void *key, size_t len,
                                                           nodecore_error **err);

/** Sets the public key alone, which Node deprecates.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_OPERATION_FAILED if it is no point of the curve.
 *  Nullable   key with len 0, err.       Node     ecdh.setPublicKey  Since    0.1 */
NODECORE_API nodecore_status nodecore_ecdh_set_public_key(nodecore_ecdh *ecdh, const void *key, size_t len,
                                                          nodecore_error **err);

/** Gives a public key in another format; no bytes give none, whatever the curve.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_ECDH_INVALID_FORMAT; NODECORE_ERR_CRYPTO_INVALID_CURVE;
 *             NODECORE_ERR_CRYPTO_OPERATION_FAILED (no point of the curve; no curve); NODECORE_ERR_OUT_OF_RANGE.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   key with len 0, err.       Threads  any.
 *  Node       ECDH.convertKey                                    Since    0.1 */
NODECORE_API nodecore_status nodecore_ecdh_convert_key(const void *key, size_t len, const char *curve,
                                                       size_t curve_len, int32_t format, nodecore_buf *out,
                                                       nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
