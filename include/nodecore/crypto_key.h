/** @file crypto_key.h Keys: read, written, made and compared.
 *
 *  A nodecore_key never changes, and any number of threads may use it at once. What it holds is cleared when its last
 *  handle is freed.
 *
 *  Node       https://nodejs.org/api/crypto.html#class-keyobject */
#ifndef NODECORE_CRYPTO_KEY_H
#define NODECORE_CRYPTO_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A key.                     Threads  any, at once.           Node     KeyObject */
typedef struct nodecore_key nodecore_key;

/** What a key is.
 *  Node       keyObject.type */
enum {
  NODECORE_KEY_SECRET = 0, /**< bytes that two sides share */
  NODECORE_KEY_PUBLIC = 1, /**< the half that may be told */
  NODECORE_KEY_PRIVATE = 2 /**< the half that may not, and with it the other */
};

/** The form of a key that is read or written.
 *  Node       format */
enum {
  NODECORE_KEY_BYTES = 0,                 /**< of a secret key */
  NODECORE_KEY_PEM = 1,
  NODECORE_KEY_DER = 2,
  NODECORE_KEY_JWK = 3,                   /**< JSON, UTF-8 */
  NODECORE_KEY_RAW_PUBLIC = 4,            /**< "raw-public": bytes of Ed25519 and its like, a point of EC */
  NODECORE_KEY_RAW_PUBLIC_COMPRESSED = 5, /**< the point in short; only written */
  NODECORE_KEY_RAW_PRIVATE = 6,           /**< "raw-private" */
  NODECORE_KEY_RAW_SEED = 7               /**< "raw-seed": of ML-DSA and ML-KEM */
};

/** The framing of PEM and DER.
 *  Node       type */
enum {
  NODECORE_KEY_PKCS1 = 1, /**< RSA keys, RFC 8017 */
  NODECORE_KEY_PKCS8 = 2, /**< private keys of any kind, RFC 5958 */
  NODECORE_KEY_SEC1 = 3,  /**< private keys on elliptic curves, RFC 5915 */
  NODECORE_KEY_SPKI = 4   /**< public keys of any kind, RFC 5280 */
};

/** A key as it was written down. All of it is borrowed for the call.
 *  Nullable   all views but `data`: `{NULL, 0}` where there is none. */
typedef struct nodecore_key_input {
  size_t struct_size;               /**< set by NODECORE_KEY_INPUT_INIT */
  int32_t format;                   /**< NODECORE_KEY_PEM, _DER, _JWK or _RAW_* */
  int32_t encoding;                 /**< NODECORE_KEY_PKCS1 …, of DER */
  nodecore_str data;                /**< the text or bytes */
  nodecore_str passphrase;          /**< of an encrypted private key, up to 1024 bytes; may be "" */
  nodecore_str asymmetric_key_type; /**< of raw bytes: "ed25519", "ec" … */
  nodecore_str named_curve;         /**< of raw bytes of "ec" */
} nodecore_key_input;

#define NODECORE_KEY_INPUT_INIT \
  { sizeof(nodecore_key_input), 0, 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } }

/** How a key is to be written. All of it is borrowed for the call. */
typedef struct nodecore_key_export_options {
  size_t struct_size;      /**< set by NODECORE_KEY_EXPORT_OPTIONS_INIT */
  int32_t format;          /**< NODECORE_KEY_BYTES … */
  int32_t encoding;        /**< NODECORE_KEY_PKCS1 …, of PEM and DER */
  nodecore_str cipher;     /**< "aes-256-cbc" …: encrypts a private key; `{NULL, 0}` does not */
  nodecore_str passphrase; /**< with `cipher` */
} nodecore_key_export_options;

#define NODECORE_KEY_EXPORT_OPTIONS_INIT \
  { sizeof(nodecore_key_export_options), 0, 0, { NULL, 0 }, { NULL, 0 } }

/** What there is to tell of a public or private key.
 *  Ownership  the views are borrowed from the key. */
typedef struct nodecore_key_details {
  uint32_t modulus_length;          /**< bits (RSA, DSA), or 0 */
  uint32_t divisor_length;          /**< bits of q (DSA), or 0 */
  int32_t salt_length;              /**< bytes at least (RSA-PSS with restrictions), or -1 */
  nodecore_str public_exponent;     /**< its most significant byte first (RSA) */
  nodecore_str hash_algorithm;      /**< RSA-PSS with restrictions */
  nodecore_str mgf1_hash_algorithm; /**< RSA-PSS with restrictions */
  nodecore_str named_curve;         /**< EC */
} nodecore_key_details;

/** What a pair is to be like; each type looks at what concerns it. 0 and `{NULL, 0}` stand for what is not given. All of
 *  it is borrowed for the call. */
typedef struct nodecore_key_pair_options {
  size_t struct_size;               /**< set by NODECORE_KEY_PAIR_OPTIONS_INIT */
  uint32_t modulus_length;          /**< bits: rsa, rsa-pss, dsa; must be given */
  uint32_t public_exponent;         /**< rsa, rsa-pss; default 65537 */
  bool has_salt_length;             /**< whether `salt_length` is given */
  bool explicit_curve;              /**< ec: the curve is written out instead of named */
  uint32_t salt_length;             /**< bytes: rsa-pss; default that of the digest */
  uint32_t divisor_length;          /**< bits: dsa */
  uint32_t prime_length;            /**< bits: dh */
  uint32_t generator;               /**< dh; default 2 */
  nodecore_str hash_algorithm;      /**< rsa-pss */
  nodecore_str mgf1_hash_algorithm; /**< rsa-pss; default `hash_algorithm` */
  nodecore_str named_curve;         /**< ec; must be given */
  nodecore_str prime;               /**< dh: its most significant byte first */
  nodecore_str group;               /**< dh: "modp14" … */
} nodecore_key_pair_options;

#define NODECORE_KEY_PAIR_OPTIONS_INIT \
  { sizeof(nodecore_key_pair_options), 0, 0, false, false, 0, 0, 0, 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } }

/** Called once. `key` is NULL on failure.
 *  Ownership  `err` is borrowed for the call; the key is the callback's to free. */
typedef void (*nodecore_key_cb)(const nodecore_error *err, nodecore_key *key, void *user);
/** Called once. The keys are NULL on failure.
 *  Ownership  `err` is borrowed for the call; both keys are the callback's to free. */
typedef void (*nodecore_key_pair_cb)(const nodecore_error *err, nodecore_key *public_key,
                                     nodecore_key *private_key, void *user);

/** Makes a secret key of a copy of `len` bytes, which may be none.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (NULL with a length).
 *  Ownership  caller frees `*out` (nodecore_key_free).
 *  Nullable   data with len 0, err.      Threads  any.
 *  Node       crypto.createSecretKey                             Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_create_secret_key(const void *data, size_t len,
                                                               nodecore_key **out, nodecore_error **err);

/** Reads a private key.
 *  Returns    NODECORE_OK; NODECORE_ERR_OSSL for what OpenSSL cannot read or decrypt (nodecore_error_code():
 *             "ERR_OSSL_UNSUPPORTED", "ERR_OSSL_BAD_DECRYPT" …); NODECORE_ERR_MISSING_PASSPHRASE;
 *             NODECORE_ERR_CRYPTO_INVALID_JWK; NODECORE_ERR_CRYPTO_INVALID_CURVE;
 *             NODECORE_ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS; NODECORE_ERR_INVALID_ARG_VALUE;
 *             NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees `*out` (nodecore_key_free).
 *  Nullable   err.             Threads  any.
 *  Node       crypto.createPrivateKey                            Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_create_private_key(const nodecore_key_input *input,
                                                                nodecore_key **out, nodecore_error **err);

/** Reads a public key, or the public half of a private key or, in PEM, of a certificate.
 *  Returns, Ownership, Nullable, Threads  as nodecore_crypto_create_private_key().
 *  Node       crypto.createPublicKey                             Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_create_public_key(const nodecore_key_input *input,
                                                               nodecore_key **out, nodecore_error **err);

/** Gives the public half of a private key.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE if `key` is not private.
 *  Ownership  caller frees `*out` (nodecore_key_free).
 *  Nullable   err.             Threads  any.
 *  Node       crypto.createPublicKey(keyObject)                  Since    0.1 */
NODECORE_API nodecore_status nodecore_key_to_public(const nodecore_key *key, nodecore_key **out,
                                                    nodecore_error **err);

/** Frees the handle.          Nullable   key.                   Since    0.1 */
NODECORE_API void nodecore_key_free(nodecore_key *key);

/** Returns another handle of the same key, to be freed too; NULL for NULL.
 *  Threads    any.                                               Since    0.1 */
NODECORE_API nodecore_key *nodecore_key_copy(const nodecore_key *key);

/** Returns NODECORE_KEY_SECRET, _PUBLIC or _PRIVATE; -1 for NULL.
 *  Threads    any.             Node     keyObject.type           Since    0.1 */
NODECORE_API int32_t nodecore_key_type(const nodecore_key *key);

/** Returns the bytes of a secret key, `{NULL, 0}` for another.
 *  Ownership  borrowed from the key.     Threads  any.
 *  Node       keyObject.export(), keyObject.symmetricKeySize     Since    0.1 */
NODECORE_API nodecore_str nodecore_key_secret(const nodecore_key *key);

/** Returns the algorithm of a public or private key: "rsa", "ec", "ed25519", "ml-dsa-44" …; `{NULL, 0}` for a secret key,
 *  and for an algorithm that Node has no name for.
 *  Ownership  static.          Threads  any.
 *  Node       keyObject.asymmetricKeyType                        Since    0.1 */
NODECORE_API nodecore_str nodecore_key_asymmetric_type(const nodecore_key *key);

/** Returns what there is to tell of a public or private key.
 *  Ownership  borrowed from the key.     Threads  any.
 *  Node       keyObject.asymmetricKeyDetails                     Since    0.1 */
NODECORE_API nodecore_key_details nodecore_key_asymmetric_details(const nodecore_key *key);

/** Returns whether both are the same key and of the same type. Secret keys of one length are compared in constant time.
 *  Nullable   both: false.     Threads  any.
 *  Node       keyObject.equals                                   Since    0.1 */
NODECORE_API bool nodecore_key_equals(const nodecore_key *key, const nodecore_key *other);

/** Writes the key.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS or NODECORE_ERR_INVALID_ARG_VALUE for a form that
 *             the key has not; NODECORE_ERR_CRYPTO_UNKNOWN_CIPHER; NODECORE_ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE;
 *             NODECORE_ERR_CRYPTO_JWK_UNSUPPORTED_CURVE; NODECORE_ERR_OSSL.
 *  Ownership  caller frees `*out` (nodecore_buf_free), and clears it first if it is secret.
 *  Nullable   opts (a secret key's bytes), err.                  Threads  any.
 *  Node       keyObject.export                                   Since    0.1 */
NODECORE_API nodecore_status nodecore_key_export(const nodecore_key *key,
                                                 const nodecore_key_export_options *opts, nodecore_buf *out,
                                                 nodecore_error **err);

/** Makes a pair of keys. `type` is "rsa", "rsa-pss", "dsa", "ec", "ed25519", "ed448", "x25519", "x448", "dh", "ml-dsa-44" …,
 *  "ml-kem-512" … or "slh-dsa-sha2-128f" ….
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE for an unknown type; NODECORE_ERR_INVALID_ARG_TYPE or
 *             NODECORE_ERR_MISSING_OPTION for an option that is missing; NODECORE_ERR_CRYPTO_INVALID_CURVE;
 *             NODECORE_ERR_CRYPTO_INVALID_DIGEST; NODECORE_ERR_CRYPTO_UNKNOWN_DH_GROUP;
 *             NODECORE_ERR_INCOMPATIBLE_OPTION_PAIR; NODECORE_ERR_OSSL.
 *  Ownership  caller frees both keys (nodecore_key_free).
 *  Nullable   opts, err.       Threads  any.
 *  Node       crypto.generateKeyPairSync                         Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_generate_key_pair_sync(const char *type, size_t type_len,
                                                                    const nodecore_key_pair_options *opts,
                                                                    nodecore_key **out_public,
                                                                    nodecore_key **out_private,
                                                                    nodecore_error **err);

/** As nodecore_crypto_generate_key_pair_sync(), on the pool.
 *  Returns    NODECORE_OK, or what is refused at once; the rest goes to `cb`.
 *  Ownership  `type` and `opts` are borrowed for the call; `release(user)` runs once, after `cb` or instead of it.
 *  Nullable   opts, release, req, err.   Threads  the loop's.
 *  Node       crypto.generateKeyPair                             Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_generate_key_pair(nodecore_loop *loop, const char *type,
                                                               size_t type_len,
                                                               const nodecore_key_pair_options *opts,
                                                               nodecore_key_pair_cb cb, void *user,
                                                               nodecore_release release,
                                                               nodecore_request **req, nodecore_error **err);

/** Makes a secret key: "hmac" of `length` bits, 8 and more (what is over a whole number of bytes is left out), or "aes" of
 *  128, 192 or 256.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE for another type, or a length that AES has not;
 *             NODECORE_ERR_OUT_OF_RANGE for one that HMAC has not.
 *  Ownership  caller frees `*out` (nodecore_key_free).
 *  Nullable   err.             Threads  any.
 *  Node       crypto.generateKeySync                             Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_generate_key_sync(const char *type, size_t type_len,
                                                               uint32_t length, nodecore_key **out,
                                                               nodecore_error **err);

/** As nodecore_crypto_generate_key_sync(), on the pool.
 *  Returns    NODECORE_OK, or what is refused at once; the rest goes to `cb`.
 *  Ownership  `type` is borrowed for the call; `release(user)` runs once, after `cb` or instead of it.
 *  Nullable   release, req, err.         Threads  the loop's.
 *  Node       crypto.generateKey                                 Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_generate_key(nodecore_loop *loop, const char *type,
                                                          size_t type_len, uint32_t length,
                                                          nodecore_key_cb cb, void *user,
                                                          nodecore_release release, nodecore_request **req,
                                                          nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
