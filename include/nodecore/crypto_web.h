/** @file crypto_web.h WebCrypto: keys that are bound to an algorithm and to what they may be used for.
 *
 *  Functions that end in _sync block; the others run on the loop's pool and call back. Errors are DOMExceptions:
 *  nodecore_error_name() is "NotSupportedError", "SyntaxError", "InvalidAccessError", "DataError" or
 *  "OperationError", and nodecore_error_cause() tells why where there is more to tell.
 *
 *  getRandomValues and randomUUID are in crypto_random.h.
 *
 *  Node       https://nodejs.org/api/webcrypto.html */
#ifndef NODECORE_CRYPTO_WEB_H
#define NODECORE_CRYPTO_WEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto.h"
#include "crypto_key.h"
#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A key of WebCrypto, which never changes.   Threads  any, at once.   Node  CryptoKey */
typedef struct nodecore_crypto_key nodecore_crypto_key;

/** How a key is written down.
 *  Node       format */
enum {
  NODECORE_CRYPTO_FORMAT_RAW = 1,         /**< "raw": a secret key's bytes, or a public one's */
  NODECORE_CRYPTO_FORMAT_RAW_SECRET = 2,  /**< "raw-secret" */
  NODECORE_CRYPTO_FORMAT_RAW_PUBLIC = 3,  /**< "raw-public" */
  NODECORE_CRYPTO_FORMAT_RAW_PRIVATE = 4, /**< "raw-private", which no algorithm has */
  NODECORE_CRYPTO_FORMAT_RAW_SEED = 5,    /**< "raw-seed": ML-DSA, ML-KEM */
  NODECORE_CRYPTO_FORMAT_SPKI = 6,        /**< "spki": a public key in DER */
  NODECORE_CRYPTO_FORMAT_PKCS8 = 7,       /**< "pkcs8": a private key in DER */
  NODECORE_CRYPTO_FORMAT_JWK = 8          /**< "jwk": JSON, UTF-8 */
};

/** What a key may be used for; a set is the sum.
 *  Node       keyUsages */
enum {
  NODECORE_CRYPTO_USAGE_ENCRYPT = 1,
  NODECORE_CRYPTO_USAGE_DECRYPT = 2,
  NODECORE_CRYPTO_USAGE_SIGN = 4,
  NODECORE_CRYPTO_USAGE_VERIFY = 8,
  NODECORE_CRYPTO_USAGE_DERIVE_KEY = 16,
  NODECORE_CRYPTO_USAGE_DERIVE_BITS = 32,
  NODECORE_CRYPTO_USAGE_WRAP_KEY = 64,
  NODECORE_CRYPTO_USAGE_UNWRAP_KEY = 128,
  NODECORE_CRYPTO_USAGE_ENCAPSULATE_KEY = 256,
  NODECORE_CRYPTO_USAGE_ENCAPSULATE_BITS = 512,
  NODECORE_CRYPTO_USAGE_DECAPSULATE_KEY = 1024,
  NODECORE_CRYPTO_USAGE_DECAPSULATE_BITS = 2048
};

/** Numbers of an algorithm that are given although they are 0. */
enum {
  NODECORE_CRYPTO_HAS_LENGTH = 1,
  NODECORE_CRYPTO_HAS_TAG_LENGTH = 2,
  NODECORE_CRYPTO_HAS_MODULUS_LENGTH = 4,
  NODECORE_CRYPTO_HAS_SALT_LENGTH = 8,
  NODECORE_CRYPTO_HAS_OUTPUT_LENGTH = 16,
  NODECORE_CRYPTO_HAS_ITERATIONS = 32,
  NODECORE_CRYPTO_HAS_PARALLELISM = 64,
  NODECORE_CRYPTO_HAS_MEMORY = 128,
  NODECORE_CRYPTO_HAS_PASSES = 256,
  NODECORE_CRYPTO_HAS_DOMAIN_SEPARATION = 512,
  NODECORE_CRYPTO_HAS_VERSION = 1024
};

/** An algorithm and what it is used with: which of it is looked at depends on both, as in Node. A view `{NULL, 0}` and a
 *  number 0 are not given; empty bytes are a pointer with length 0, and 0 itself a bit of `has`. All of it is borrowed
 *  for the call.
 *  Node       algorithm, https://nodejs.org/api/webcrypto.html#algorithm-parameters */
typedef struct nodecore_crypto_algorithm {
  size_t struct_size;            /**< set by NODECORE_CRYPTO_ALGORITHM_INIT */
  nodecore_str name;             /**< "AES-GCM" …, in any case */
  nodecore_str hash;             /**< "SHA-256" …: HMAC, RSA, ECDSA, HKDF, PBKDF2 */
  nodecore_str named_curve;      /**< "P-256", "P-384", "P-521": ECDSA, ECDH */
  nodecore_str public_exponent;  /**< its most significant byte first: RSA */
  nodecore_str iv;               /**< AES-CBC, AES-GCM, AES-OCB, ChaCha20-Poly1305 */
  nodecore_str counter;          /**< 16 bytes: AES-CTR */
  nodecore_str additional_data;  /**< AES-GCM, AES-OCB, ChaCha20-Poly1305 */
  nodecore_str label;            /**< RSA-OAEP */
  nodecore_str context;          /**< Ed448, ML-DSA */
  nodecore_str customization;    /**< cSHAKE, KT, KMAC */
  nodecore_str function_name;    /**< cSHAKE */
  nodecore_str salt;             /**< HKDF, PBKDF2 */
  nodecore_str info;             /**< HKDF */
  nodecore_str nonce;            /**< Argon2 */
  nodecore_str secret_value;     /**< Argon2 */
  nodecore_str associated_data;  /**< Argon2 */
  const nodecore_crypto_key *public_key; /**< the other side's: ECDH, X25519, X448; Node: `public` */
  uint32_t has;                  /**< NODECORE_CRYPTO_HAS_* */
  uint32_t length;               /**< bits: of the key (AES, HMAC, KMAC), of the counter (AES-CTR) */
  uint32_t tag_length;           /**< bits: AES-GCM, AES-OCB, ChaCha20-Poly1305; default 128 */
  uint32_t modulus_length;       /**< bits: RSA */
  uint32_t salt_length;          /**< bytes: RSA-PSS */
  uint32_t output_length;        /**< bits: cSHAKE, TurboSHAKE, KT, KMAC */
  uint32_t iterations;           /**< PBKDF2 */
  uint32_t parallelism;          /**< Argon2 */
  uint32_t memory;               /**< blocks of 1024 bytes: Argon2 */
  uint32_t passes;               /**< Argon2 */
  uint32_t domain_separation;    /**< 1 to 0x7f: TurboSHAKE; default 0x1f */
  uint32_t version;              /**< 0x13: Argon2 */
} nodecore_crypto_algorithm;

#define NODECORE_CRYPTO_ALGORITHM_INIT                                                                     \
  { sizeof(nodecore_crypto_algorithm), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 },    \
    { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 },             \
    { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** What a key is for. Views that do not apply are `{NULL, 0}`.
 *  Ownership  the views are borrowed from the key.   Node  cryptoKey.algorithm */
typedef struct nodecore_crypto_key_algorithm {
  nodecore_str name;
  nodecore_str hash;            /**< HMAC, RSA */
  nodecore_str named_curve;     /**< ECDSA, ECDH */
  nodecore_str public_exponent; /**< its most significant byte first: RSA */
  int64_t length;               /**< bits: AES, HMAC, KMAC; else -1 */
  uint32_t modulus_length;      /**< bits: RSA; else 0 */
} nodecore_crypto_key_algorithm;

/** A key that an asynchronous function makes, which is the callback's; NULL with an error, which is lent. */
typedef void (*nodecore_crypto_key_cb)(const nodecore_error *err, nodecore_crypto_key *key, void *user);
/** As nodecore_crypto_key_cb, a private key and its public half, or a secret key and NULL. */
typedef void (*nodecore_crypto_key_pair_cb)(const nodecore_error *err, nodecore_crypto_key *public_key,
                                            nodecore_crypto_key *key, void *user);
/** Whether a signature is valid; false with an error, which is lent. */
typedef void (*nodecore_subtle_verify_cb)(const nodecore_error *err, bool valid, void *user);
/** Both are lent for the call: nodecore_buf_take() keeps one; what is not taken is cleared. */
typedef void (*nodecore_subtle_encapsulated_bits_cb)(const nodecore_error *err, nodecore_buf *ciphertext,
                                                     nodecore_buf *shared, void *user);
/** The ciphertext is lent for the call; the key is the callback's. */
typedef void (*nodecore_subtle_encapsulated_key_cb)(const nodecore_error *err, nodecore_buf *ciphertext,
                                                    nodecore_crypto_key *shared, void *user);

/** Gives a handle back.      Nullable  key.   Threads  any.   Since  0.1 */
NODECORE_API void nodecore_crypto_key_free(nodecore_crypto_key *key);

/** Another handle of the same key; NULL for NULL.
 *  Ownership  caller frees (nodecore_crypto_key_free).   Threads  any.   Since  0.1 */
NODECORE_API nodecore_crypto_key *nodecore_crypto_key_copy(const nodecore_crypto_key *key);

/** NODECORE_KEY_SECRET, _PUBLIC or _PRIVATE; -1 for NULL.   Nullable  key.   Threads  any.   Node  cryptoKey.type   Since  0.1 */
NODECORE_API int32_t nodecore_crypto_key_type(const nodecore_crypto_key *key);

/** Whether it may be exported.   Nullable  key.   Threads  any.   Node  cryptoKey.extractable   Since  0.1 */
NODECORE_API bool nodecore_crypto_key_extractable(const nodecore_crypto_key *key);

/** The sum of NODECORE_CRYPTO_USAGE_*.   Nullable  key.   Threads  any.   Node  cryptoKey.usages   Since  0.1 */
NODECORE_API uint32_t nodecore_crypto_key_usages(const nodecore_crypto_key *key);

/** What it is for.   Nullable  key.   Threads  any.   Node  cryptoKey.algorithm   Since  0.1 */
NODECORE_API nodecore_crypto_key_algorithm nodecore_crypto_key_get_algorithm(const nodecore_crypto_key *key);

/** The key itself, also of one that is not extractable.
 *  Returns    NODECORE_OK or a negative status.
 *  Ownership  caller frees `*out` (nodecore_key_free) and `*err` (nodecore_error_free).
 *  Nullable   err.   Threads  any.   Node  KeyObject.from   Since  0.1 */
NODECORE_API nodecore_status nodecore_crypto_key_to_key(const nodecore_crypto_key *key, nodecore_key **out,
                                                        nodecore_error **err);

/** The key for WebCrypto.
 *  Returns    NODECORE_OK or a negative status, as nodecore_subtle_import_key_sync().
 *  Ownership  caller frees `*out` (nodecore_crypto_key_free) and `*err` (nodecore_error_free).
 *  Nullable   err.   Threads  any.   Node  keyObject.toCryptoKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_key_to_crypto_key(const nodecore_key *key,
                                                        const nodecore_crypto_algorithm *alg, bool extractable,
                                                        uint32_t usages, nodecore_crypto_key **out,
                                                        nodecore_error **err);

/** Whether `operation`, by Node's name of the method ("deriveBits"), can be done with `alg`; `other` is the algorithm of
 *  the key that comes in or out, if there is one, or else `length` that of deriveBits, -1 for none.
 *  Nullable   other.   Threads  any.   Node  SubtleCrypto.supports   Since  0.1 */
NODECORE_API bool nodecore_subtle_supports(const char *operation, size_t operation_len,
                                           const nodecore_crypto_algorithm *alg,
                                           const nodecore_crypto_algorithm *other, int64_t length);

/** The digest of `data`.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_buf_free) and `*err` (nodecore_error_free).
 *  Nullable   err, `data` of length 0.   Threads  any.
 *  Node       subtle.digest   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_digest_sync(
    const nodecore_crypto_algorithm *alg, const void *data, size_t data_len, nodecore_buf *out,
    nodecore_error **err);

/** As nodecore_subtle_digest_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.digest   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_digest(
    nodecore_loop *lp, const nodecore_crypto_algorithm *alg, const void *data, size_t data_len,
    nodecore_crypto_bytes_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

/** Encrypts `data`; the tag of a cipher that has one is behind the text.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_buf_free) and `*err` (nodecore_error_free).
 *  Nullable   err, `data` of length 0.   Threads  any.
 *  Node       subtle.encrypt   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_encrypt_sync(
    const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const void *data, size_t data_len,
    nodecore_buf *out, nodecore_error **err);

/** As nodecore_subtle_encrypt_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.encrypt   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_encrypt(
    nodecore_loop *lp, const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const void
    *data, size_t data_len, nodecore_crypto_bytes_cb cb, void *user, nodecore_release release,
    nodecore_request **req, nodecore_error **err);

/** Decrypts `data`.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_buf_free) and `*err` (nodecore_error_free).
 *  Nullable   err, `data` of length 0.   Threads  any.
 *  Node       subtle.decrypt   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_decrypt_sync(
    const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const void *data, size_t data_len,
    nodecore_buf *out, nodecore_error **err);

/** As nodecore_subtle_decrypt_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.decrypt   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_decrypt(
    nodecore_loop *lp, const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const void
    *data, size_t data_len, nodecore_crypto_bytes_cb cb, void *user, nodecore_release release,
    nodecore_request **req, nodecore_error **err);

/** Signs `data`.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_buf_free) and `*err` (nodecore_error_free).
 *  Nullable   err, `data` of length 0.   Threads  any.
 *  Node       subtle.sign   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_sign_sync(
    const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const void *data, size_t data_len,
    nodecore_buf *out, nodecore_error **err);

/** As nodecore_subtle_sign_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.sign   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_sign(
    nodecore_loop *lp, const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const void
    *data, size_t data_len, nodecore_crypto_bytes_cb cb, void *user, nodecore_release release,
    nodecore_request **req, nodecore_error **err);

/** Tells in `*out` whether `signature` is one of `data`.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*err` (nodecore_error_free).
 *  Nullable   err, `signature` of length 0.   Threads  any.
 *  Node       subtle.verify   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_verify_sync(
    const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const void *signature, size_t
    signature_len, const void *data, size_t data_len, bool *out, nodecore_error **err);

/** As nodecore_subtle_verify_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.verify   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_verify(
    nodecore_loop *lp, const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const void
    *signature, size_t signature_len, const void *data, size_t data_len, nodecore_subtle_verify_cb cb, void
    *user, nodecore_release release, nodecore_request **req, nodecore_error **err);

/** Makes a secret key, or a pair of keys.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out_public` and `*out` (nodecore_crypto_key_free), and `*err` (nodecore_error_free).
 *             Of a secret key `*out_public` is NULL.
 *  Nullable   err.   Threads  any.
 *  Node       subtle.generateKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_generate_key_sync(
    const nodecore_crypto_algorithm *alg, bool extractable, uint32_t usages, nodecore_crypto_key
    **out_public, nodecore_crypto_key **out, nodecore_error **err);

/** As nodecore_subtle_generate_key_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.generateKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_generate_key(
    nodecore_loop *lp, const nodecore_crypto_algorithm *alg, bool extractable, uint32_t usages,
    nodecore_crypto_key_pair_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

/** Reads a key. `data` is the text of a JSON Web Key for NODECORE_CRYPTO_FORMAT_JWK.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_crypto_key_free) and `*err` (nodecore_error_free).
 *  Nullable   err, `data` of length 0.   Threads  any.
 *  Node       subtle.importKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_import_key_sync(
    int32_t format, const void *data, size_t data_len, const nodecore_crypto_algorithm *alg, bool
    extractable, uint32_t usages, nodecore_crypto_key **out, nodecore_error **err);

/** As nodecore_subtle_import_key_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.importKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_import_key(
    nodecore_loop *lp, int32_t format, const void *data, size_t data_len, const nodecore_crypto_algorithm
    *alg, bool extractable, uint32_t usages, nodecore_crypto_key_cb cb, void *user, nodecore_release
    release, nodecore_request **req, nodecore_error **err);

/** Writes a key; a JSON Web Key as text.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_buf_free) and `*err` (nodecore_error_free).
 *  Nullable   err.   Threads  any.
 *  Node       subtle.exportKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_export_key_sync(
    int32_t format, const nodecore_crypto_key *key, nodecore_buf *out, nodecore_error **err);

/** As nodecore_subtle_export_key_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.exportKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_export_key(
    nodecore_loop *lp, int32_t format, const nodecore_crypto_key *key, nodecore_crypto_bytes_cb cb, void
    *user, nodecore_release release, nodecore_request **req, nodecore_error **err);

/** The public half of a private key.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_crypto_key_free) and `*err` (nodecore_error_free).
 *  Nullable   err.   Threads  any.
 *  Node       subtle.getPublicKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_get_public_key_sync(
    const nodecore_crypto_key *key, uint32_t usages, nodecore_crypto_key **out, nodecore_error **err);

/** As nodecore_subtle_get_public_key_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.getPublicKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_get_public_key(
    nodecore_loop *lp, const nodecore_crypto_key *key, uint32_t usages, nodecore_crypto_key_cb cb, void
    *user, nodecore_release release, nodecore_request **req, nodecore_error **err);

/** Derives `length` bits; -1 for all there are.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_buf_free) and `*err` (nodecore_error_free).
 *  Nullable   err.   Threads  any.
 *  Node       subtle.deriveBits   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_derive_bits_sync(
    const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, int64_t length, nodecore_buf *out,
    nodecore_error **err);

/** As nodecore_subtle_derive_bits_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.deriveBits   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_derive_bits(
    nodecore_loop *lp, const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, int64_t length,
    nodecore_crypto_bytes_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

/** Derives a key of the algorithm `derived`.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_crypto_key_free) and `*err` (nodecore_error_free).
 *  Nullable   err.   Threads  any.
 *  Node       subtle.deriveKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_derive_key_sync(
    const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const nodecore_crypto_algorithm
    *derived, bool extractable, uint32_t usages, nodecore_crypto_key **out, nodecore_error **err);

/** As nodecore_subtle_derive_key_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.deriveKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_derive_key(
    nodecore_loop *lp, const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const
    nodecore_crypto_algorithm *derived, bool extractable, uint32_t usages, nodecore_crypto_key_cb cb, void
    *user, nodecore_release release, nodecore_request **req, nodecore_error **err);

/** Exports `key`, and encrypts what comes of it.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_buf_free) and `*err` (nodecore_error_free).
 *  Nullable   err.   Threads  any.
 *  Node       subtle.wrapKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_wrap_key_sync(
    int32_t format, const nodecore_crypto_key *key, const nodecore_crypto_key *wrapping_key, const
    nodecore_crypto_algorithm *alg, nodecore_buf *out, nodecore_error **err);

/** As nodecore_subtle_wrap_key_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.wrapKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_wrap_key(
    nodecore_loop *lp, int32_t format, const nodecore_crypto_key *key, const nodecore_crypto_key
    *wrapping_key, const nodecore_crypto_algorithm *alg, nodecore_crypto_bytes_cb cb, void *user,
    nodecore_release release, nodecore_request **req, nodecore_error **err);

/** Decrypts `wrapped`, and imports what comes of it as a key of the algorithm `unwrapped`.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_crypto_key_free) and `*err` (nodecore_error_free).
 *  Nullable   err, `wrapped` of length 0.   Threads  any.
 *  Node       subtle.unwrapKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_unwrap_key_sync(
    int32_t format, const void *wrapped, size_t wrapped_len, const nodecore_crypto_key *unwrapping_key,
    const nodecore_crypto_algorithm *alg, const nodecore_crypto_algorithm *unwrapped, bool extractable,
    uint32_t usages, nodecore_crypto_key **out, nodecore_error **err);

/** As nodecore_subtle_unwrap_key_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.unwrapKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_unwrap_key(
    nodecore_loop *lp, int32_t format, const void *wrapped, size_t wrapped_len, const nodecore_crypto_key
    *unwrapping_key, const nodecore_crypto_algorithm *alg, const nodecore_crypto_algorithm *unwrapped, bool
    extractable, uint32_t usages, nodecore_crypto_key_cb cb, void *user, nodecore_release release,
    nodecore_request **req, nodecore_error **err);

/** A new secret, and what the owner of the private key makes it of.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out_ciphertext`, `*out_shared` (nodecore_buf_free) and `*err` (nodecore_error_free).
 *  Nullable   err.   Threads  any.
 *  Node       subtle.encapsulateBits   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_encapsulate_bits_sync(
    const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, nodecore_buf *out_ciphertext,
    nodecore_buf *out_shared, nodecore_error **err);

/** As nodecore_subtle_encapsulate_bits_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.encapsulateBits   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_encapsulate_bits(
    nodecore_loop *lp, const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key,
    nodecore_subtle_encapsulated_bits_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

/** As nodecore_subtle_encapsulate_bits_sync(), with the secret as a key of the algorithm `shared`.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out_ciphertext` (nodecore_buf_free), `*out_shared` (nodecore_crypto_key_free) and
 *             `*err` (nodecore_error_free).
 *  Nullable   err.   Threads  any.
 *  Node       subtle.encapsulateKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_encapsulate_key_sync(
    const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const nodecore_crypto_algorithm
    *shared, bool extractable, uint32_t usages, nodecore_buf *out_ciphertext, nodecore_crypto_key
    **out_shared, nodecore_error **err);

/** As nodecore_subtle_encapsulate_key_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.encapsulateKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_encapsulate_key(
    nodecore_loop *lp, const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const
    nodecore_crypto_algorithm *shared, bool extractable, uint32_t usages,
    nodecore_subtle_encapsulated_key_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

/** The secret that `ciphertext` was made with.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_buf_free) and `*err` (nodecore_error_free).
 *  Nullable   err, `ciphertext` of length 0.   Threads  any.
 *  Node       subtle.decapsulateBits   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_decapsulate_bits_sync(
    const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const void *ciphertext, size_t
    ciphertext_len, nodecore_buf *out, nodecore_error **err);

/** As nodecore_subtle_decapsulate_bits_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.decapsulateBits   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_decapsulate_bits(
    nodecore_loop *lp, const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const void
    *ciphertext, size_t ciphertext_len, nodecore_crypto_bytes_cb cb, void *user, nodecore_release release,
    nodecore_request **req, nodecore_error **err);

/** As nodecore_subtle_decapsulate_bits_sync(), as a key of the algorithm `shared`.
 *  Returns    NODECORE_OK or a negative status. Outputs are written only on NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_crypto_key_free) and `*err` (nodecore_error_free).
 *  Nullable   err, `ciphertext` of length 0.   Threads  any.
 *  Node       subtle.decapsulateKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_decapsulate_key_sync(
    const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const void *ciphertext, size_t
    ciphertext_len, const nodecore_crypto_algorithm *shared, bool extractable, uint32_t usages,
    nodecore_crypto_key **out, nodecore_error **err);

/** As nodecore_subtle_decapsulate_key_sync(), on the pool; `cb` runs once on the loop's thread, never before this returns. On an error
 *  return it never runs. `release(user)` runs once in every case, last. Inputs are copied.
 *  Ownership  nodecore_request_cancel() and _free() take `*req`.
 *  Nullable   release, req, err.   Threads  the loop's.   Node  subtle.decapsulateKey   Since  0.1 */
NODECORE_API nodecore_status nodecore_subtle_decapsulate_key(
    nodecore_loop *lp, const nodecore_crypto_algorithm *alg, const nodecore_crypto_key *key, const void
    *ciphertext, size_t ciphertext_len, const nodecore_crypto_algorithm *shared, bool extractable, uint32_t
    usages, nodecore_crypto_key_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
