/** @file crypto_encrypt.h Encryption with RSA.
 *
 *  Node       https://nodejs.org/api/crypto.html#cryptopublicencryptkey-buffer */
#ifndef NODECORE_CRYPTO_ENCRYPT_H
#define NODECORE_CRYPTO_ENCRYPT_H

#include <stddef.h>
#include <stdint.h>

#include "crypto_key.h"
#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How RSA encrypts. NULL = all defaults. All of it is borrowed for the call. */
typedef struct nodecore_crypto_rsa_options {
  size_t struct_size;      /**< set by NODECORE_CRYPTO_RSA_OPTIONS_INIT */
  int32_t padding;         /**< NODECORE_CRYPTO_RSA_PKCS1_OAEP_PADDING, _PKCS1_PADDING or _NO_PADDING; 0: the default */
  nodecore_str oaep_hash;  /**< the digest of OAEP and of its mask; `{NULL, 0}`: "sha1" */
  nodecore_str oaep_label; /**< the label of OAEP; `{NULL, 0}`: none */
} nodecore_crypto_rsa_options;

#define NODECORE_CRYPTO_RSA_OPTIONS_INIT \
  { sizeof(nodecore_crypto_rsa_options), 0, { NULL, 0 }, { NULL, 0 } }

/** Encrypts `len` bytes for the owner of the private key, with the public half of `key`. Default: OAEP.
 *  Returns    NODECORE_OK; NODECORE_ERR_OSSL for a key that is not of RSA, an unknown digest, and data that there is no
 *             room for (nodecore_error_code() tells which); NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE for a secret
 *             key; NODECORE_ERR_OUT_OF_RANGE for 2^31 bytes and more; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   data with len 0, opts, err.     Threads  any.
 *  Node       crypto.publicEncrypt                               Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_public_encrypt(const nodecore_key *key, const void *data,
                                                            size_t len,
                                                            const nodecore_crypto_rsa_options *opts,
                                                            nodecore_buf *out, nodecore_error **err);

/** Decrypts what nodecore_crypto_public_encrypt() gives. With PKCS#1 padding what is not padded well gives other bytes, the
 *  same each time, and no error.
 *  Returns    as there; NODECORE_ERR_OSSL for data that is not encrypted for this key, as far as this can be told;
 *             NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE for a key that is not private.
 *  Ownership  caller frees `*out` (nodecore_buf_free), and clears it first (nodecore_crypto_cleanse).
 *  Nullable   data with len 0, opts, err.     Threads  any.
 *  Node       crypto.privateDecrypt                              Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_private_decrypt(const nodecore_key *key, const void *data,
                                                             size_t len,
                                                             const nodecore_crypto_rsa_options *opts,
                                                             nodecore_buf *out, nodecore_error **err);

/** Encrypts `len` bytes with the private key, for all who have the public one: a signature without a digest. Default:
 *  PKCS#1 padding.
 *  Returns, Ownership, Nullable, Threads  as nodecore_crypto_public_encrypt(), for a private key.
 *  Node       crypto.privateEncrypt                              Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_private_encrypt(const nodecore_key *key, const void *data,
                                                             size_t len,
                                                             const nodecore_crypto_rsa_options *opts,
                                                             nodecore_buf *out, nodecore_error **err);

/** Decrypts what nodecore_crypto_private_encrypt() gives.
 *  Returns, Ownership, Nullable, Threads  as nodecore_crypto_public_encrypt().
 *  Errors     NODECORE_ERR_OSSL too for data that is not padded well.
 *  Node       crypto.publicDecrypt                               Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_public_decrypt(const nodecore_key *key, const void *data,
                                                            size_t len,
                                                            const nodecore_crypto_rsa_options *opts,
                                                            nodecore_buf *out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
