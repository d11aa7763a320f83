/** @file crypto_kdf.h Key derivation. What is derived is cleared nowhere but where nobody takes it: see crypto.h.
 *
 *  Node       https://nodejs.org/api/crypto.html */
#ifndef NODECORE_CRYPTO_KDF_H
#define NODECORE_CRYPTO_KDF_H

#include <stddef.h>
#include <stdint.h>

#include "crypto.h"
#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Derives a key of `keylen` bytes with PBKDF2, blocking. `digest` is a name, in any case: "sha512".
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (no iterations, 2^31 or more of them or of bytes);
 *             NODECORE_ERR_CRYPTO_INVALID_DIGEST; NODECORE_ERR_OSSL (a digest that does not do);
 *             NODECORE_UNCODED ("PBKDF2 derivation failed") for a `keylen` of 0.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   password and salt with length 0, err.              Threads  any.
 *  Node       crypto.pbkdf2Sync                                  Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_pbkdf2_sync(
    const void *password, size_t password_len, const void *salt, size_t salt_len,
    uint32_t iterations, size_t keylen, const char *digest, size_t digest_len, nodecore_buf *out,
    nodecore_error **err);

/** As nodecore_crypto_pbkdf2_sync(), on the pool; all is copied. What is wrong with an argument is returned, what
 *  OpenSSL refuses is given to `cb`.
 *  Threads    the loop's.      Nullable   user, release, req, and as above.
 *  Node       crypto.pbkdf2    Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_pbkdf2(
    nodecore_loop *loop, const void *password, size_t password_len, const void *salt,
    size_t salt_len, uint32_t iterations, size_t keylen, const char *digest, size_t digest_len,
    nodecore_crypto_bytes_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

/** The costs of scrypt. NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_crypto_scrypt_options {
  size_t struct_size;       /**< set by NODECORE_CRYPTO_SCRYPT_OPTIONS_INIT */
  uint32_t cost;            /**< a power of two greater than one; 0 = 16384. Node: also N */
  uint32_t block_size;      /**< 0 = 8. Node: also r */
  uint32_t parallelization; /**< 0 = 1. Node: also p */
  uint64_t maxmem;          /**< bytes it may take, about 128 * cost * block_size; 0 = 32 MiB */
} nodecore_crypto_scrypt_options;
#define NODECORE_CRYPTO_SCRYPT_OPTIONS_INIT \
  { sizeof(nodecore_crypto_scrypt_options), 0, 0, 0, 0 }

/** Derives a key of `keylen` bytes with scrypt, blocking.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (a length of 2^31 or more);
 *             NODECORE_ERR_CRYPTO_INVALID_SCRYPT_PARAMS (costs that cannot be, or take more than maxmem);
 *             NODECORE_ERR_OSSL (no memory).
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   password and salt with length 0, opts, err.        Threads  any.
 *  Node       crypto.scryptSync                                  Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_scrypt_sync(
    const void *password, size_t password_len, const void *salt, size_t salt_len, size_t keylen,
    const nodecore_crypto_scrypt_options *opts, nodecore_buf *out, nodecore_error **err);

/** As nodecore_crypto_scrypt_sync(), on the pool, in the way of nodecore_crypto_pbkdf2().
 *  Threads    the loop's.      Nullable   user, release, req, and as above.
 *  Node       crypto.scrypt    Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_scrypt(
    nodecore_loop *loop, const void *password, size_t password_len, const void *salt,
    size_t salt_len, size_t keylen, const nodecore_crypto_scrypt_options *opts,
    nodecore_crypto_bytes_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

/** Derives a key of `length` bytes with HKDF, blocking.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (more than 1024 bytes of info);
 *             NODECORE_ERR_CRYPTO_INVALID_DIGEST; NODECORE_ERR_CRYPTO_INVALID_KEYLEN (more than 255 blocks);
 *             NODECORE_ERR_OSSL or NODECORE_UNCODED, "HKDF derivation failed" (a digest that does not do; a
 *             length of 0).
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   key, salt and info with length 0, err.             Threads  any.
 *  Node       crypto.hkdfSync  Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_hkdf_sync(
    const char *digest, size_t digest_len, const void *key, size_t key_len, const void *salt,
    size_t salt_len, const void *info, size_t info_len, size_t length, nodecore_buf *out,
    nodecore_error **err);

/** As nodecore_crypto_hkdf_sync(), on the pool, in the way of nodecore_crypto_pbkdf2().
 *  Threads    the loop's.      Nullable   user, release, req, and as above.
 *  Node       crypto.hkdf      Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_hkdf(
    nodecore_loop *loop, const char *digest, size_t digest_len, const void *key, size_t key_len,
    const void *salt, size_t salt_len, const void *info, size_t info_len, size_t length,
    nodecore_crypto_bytes_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

/** What Argon2 derives from, and what it may cost. All but `secret` and `associated_data` have to be given. */
typedef struct nodecore_crypto_argon2_parameters {
  size_t struct_size;          /**< set by NODECORE_CRYPTO_ARGON2_PARAMETERS_INIT */
  const void *message;         /**< the password */
  size_t message_len;
  const void *nonce;           /**< the salt: at least 8 bytes */
  size_t nonce_len;
  uint32_t parallelism;        /**< lanes: 1 to 2^24 - 1 */
  uint32_t tag_length;         /**< bytes to derive: at least 4 */
  uint32_t memory;             /**< blocks of 1024 bytes: at least 8 for each lane */
  uint32_t passes;             /**< how often it goes over them: at least once */
  const void *secret;          /**< a key that is kept apart, also known as pepper; may be NULL */
  size_t secret_len;
  const void *associated_data; /**< more that the result depends on; may be NULL */
  size_t associated_data_len;
} nodecore_crypto_argon2_parameters;
#define NODECORE_CRYPTO_ARGON2_PARAMETERS_INIT \
  { sizeof(nodecore_crypto_argon2_parameters), NULL, 0, NULL, 0, 0, 0, 0, 0, NULL, 0, NULL, 0 }

/** Derives a tag with Argon2, blocking; `algorithm` is "argon2d", "argon2i" or "argon2id".
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE (another algorithm); NODECORE_ERR_OUT_OF_RANGE (a
 *             parameter); NODECORE_ERR_OSSL (no memory).
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Threads  any.
 *  Node       crypto.argon2Sync                                  Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_argon2_sync(
    const char *algorithm, size_t algorithm_len,
    const nodecore_crypto_argon2_parameters *parameters, nodecore_buf *out, nodecore_error **err);

/** As nodecore_crypto_argon2_sync(), on the pool, in the way of nodecore_crypto_pbkdf2().
 *  Threads    the loop's.      Nullable   user, release, req, err.
 *  Node       crypto.argon2    Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_argon2(
    nodecore_loop *loop, const char *algorithm, size_t algorithm_len,
    const nodecore_crypto_argon2_parameters *parameters,
    nodecore_crypto_bytes_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
