/** @file crypto_sign.h Signatures.
 *
 *  A digest is one of the names that nodecore_crypto_hash_name() lists, in any case; "RSA-SHA256" is the digest of that name,
 *  whatever the key. Ed25519, Ed448, ML-DSA and SLH-DSA sign whole messages, without one.
 *
 *  Node       https://nodejs.org/api/crypto.html#class-sign */
#ifndef NODECORE_CRYPTO_SIGN_H
#define NODECORE_CRYPTO_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto.h"
#include "crypto_key.h"
#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"
#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A signature of a message that comes piece by piece.       Threads  exclusive: one thread at a time.
 *  Node       Sign */
typedef struct nodecore_sign nodecore_sign;
/** A verification of such a message.                         Threads  exclusive: one thread at a time.
 *  Node       Verify */
typedef struct nodecore_verify nodecore_verify;

/** How a signature of two numbers (DSA, ECDSA) is written.
 *  Node       dsaEncoding */
enum {
  NODECORE_SIGN_DER = 0,       /**< DER of both */
  NODECORE_SIGN_IEEE_P1363 = 1 /**< one after the other, each as long as the curve's order or as q */
};

/** How something is signed; each key looks at what concerns it. NULL = all defaults. All of it is borrowed for the call. */
typedef struct nodecore_sign_options {
  size_t struct_size;   /**< set by NODECORE_SIGN_OPTIONS_INIT */
  int32_t padding;      /**< RSA: NODECORE_CRYPTO_RSA_PKCS1_PADDING, the default, or NODECORE_CRYPTO_RSA_PKCS1_PSS_PADDING, that of
                             "rsa-pss" */
  int32_t salt_length;  /**< PSS: bytes, or NODECORE_CRYPTO_RSA_PSS_SALTLEN_DIGEST and so on; default: as many as there is room for,
                             or as there are; see below */
  bool has_padding;     /**< true: a padding of 0 counts; else it is the default */
  bool has_salt_length; /**< true: a salt_length of 0 counts; else it is the default */
  int32_t dsa_encoding; /**< NODECORE_SIGN_DER or NODECORE_SIGN_IEEE_P1363 */
  nodecore_str context; /**< Ed25519, Ed448, ML-DSA, SLH-DSA, at once only: what the signature is bound to besides, up to
                             255 bytes */
} nodecore_sign_options;

#define NODECORE_SIGN_OPTIONS_INIT \
  { sizeof(nodecore_sign_options), 0, 0, false, false, NODECORE_SIGN_DER, { NULL, 0 } }

/** Signs `len` bytes at once. Without `algorithm` (NULL) the key's own digest is used, or none.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE for a key that is not private;
 *             NODECORE_ERR_CRYPTO_INVALID_DIGEST; NODECORE_ERR_OUT_OF_RANGE for a context over 255 bytes and data of 2^31
 *             bytes and more; NODECORE_ERR_CRYPTO_OPERATION_FAILED for a context that the key has no use for;
 *             NODECORE_ERR_OSSL for a key, a digest, a padding or a salt that do not go together (nodecore_error_code() tells
 *             which); NODECORE_ERR_INVALID_ARG_VALUE; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   algorithm, data with len 0, opts, err.     Threads  any.
 *  Node       crypto.sign                                        Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_sign_sync(const char *algorithm, size_t algorithm_len,
                                                       const void *data, size_t len,
                                                       const nodecore_key *key,
                                                       const nodecore_sign_options *opts,
                                                       nodecore_buf *out, nodecore_error **err);

/** As nodecore_crypto_sign_sync(), on the pool. `cb` runs once on the loop's thread, never before this returns; on an error
 *  return it never runs. `release(user)` runs once in every case.
 *  Returns    what is refused at once: the key, the digest, the length of the context; the rest goes to `cb`.
 *  Nullable   algorithm, data with len 0, opts, user, release, req, err.     Threads  the loop's.
 *  Node       crypto.sign                                        Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_sign(nodecore_loop *loop, const char *algorithm,
                                                  size_t algorithm_len, const void *data, size_t len,
                                                  const nodecore_key *key,
                                                  const nodecore_sign_options *opts,
                                                  nodecore_crypto_bytes_cb cb, void *user,
                                                  nodecore_release release, nodecore_request **req,
                                                  nodecore_error **err);

/** The end of nodecore_crypto_verify(): on success `err` is NULL. */
typedef void (*nodecore_crypto_verify_cb)(const nodecore_error *err, bool is_valid, void *user);

/** Tells whether `signature` is one of `len` bytes with `key`, of which the public half is used. One that cannot be read is
 *  only wrong.
 *  Returns    as nodecore_crypto_sign_sync(); any key but a secret one.
 *  Nullable   algorithm, data and signature with length 0, opts, err.     Threads  any.
 *  Node       crypto.verify                                      Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_verify_sync(const char *algorithm, size_t algorithm_len,
                                                         const void *data, size_t len,
                                                         const nodecore_key *key, const void *signature,
                                                         size_t signature_len,
                                                         const nodecore_sign_options *opts, bool *out,
                                                         nodecore_error **err);

/** As nodecore_crypto_verify_sync(), on the pool; `cb` and `release` as for nodecore_crypto_sign().
 *  Nullable   algorithm, data and signature with length 0, opts, user, release, req, err.     Threads  the loop's.
 *  Node       crypto.verify                                      Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_verify(nodecore_loop *loop, const char *algorithm,
                                                    size_t algorithm_len, const void *data, size_t len,
                                                    const nodecore_key *key, const void *signature,
                                                    size_t signature_len,
                                                    const nodecore_sign_options *opts,
                                                    nodecore_crypto_verify_cb cb, void *user,
                                                    nodecore_release release, nodecore_request **req,
                                                    nodecore_error **err);

/** Begins a signature.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_DIGEST; NODECORE_ERR_OSSL for a digest of OpenSSL's legacy provider;
 *             NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees `*out` (nodecore_sign_free).
 *  Nullable   err.             Node     crypto.createSign        Since    0.1 */
NODECORE_API nodecore_status nodecore_sign_new(const char *algorithm, size_t algorithm_len,
                                               nodecore_sign **out, nodecore_error **err);

/** Frees the handle.          Nullable   sign.                  Since    0.1 */
NODECORE_API void nodecore_sign_free(nodecore_sign *sign);

/** Adds `len` bytes.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_STATE after the signature; NODECORE_ERR_INVALID_STATE if it is a
 *             stream.
 *  Nullable   data with len 0, err.     Node     sign.update      Since    0.1 */
NODECORE_API nodecore_status nodecore_sign_update(nodecore_sign *sign, const void *data, size_t len,
                                                  nodecore_error **err);

/** Gives the signature of all that was added. A context is left alone.
 *  Returns    as nodecore_crypto_sign_sync(); NODECORE_ERR_CRYPTO_UNSUPPORTED_OPERATION for a key that signs whole messages
 *             only; NODECORE_ERR_CRYPTO_INVALID_STATE the second time, which it is after an error of OpenSSL's too;
 *             NODECORE_ERR_INVALID_STATE while a stream's chunk is on the pool.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   opts, err.       Node     sign.sign(key)           Since    0.1 */
NODECORE_API nodecore_status nodecore_sign_sign(nodecore_sign *sign, const nodecore_key *key,
                                                const nodecore_sign_options *opts, nodecore_buf *out,
                                                nodecore_error **err);

/** As nodecore_sign_sign(), as text in an encoding of buffer.h, such as NODECORE_ENCODING_HEX.
 *  Returns    as there; NODECORE_ERR_UNKNOWN_ENCODING, and the signature is as it was.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   opts, err.       Node     sign.sign(key, encoding) Since    0.1 */
NODECORE_API nodecore_status nodecore_sign_sign_encoded(nodecore_sign *sign, const nodecore_key *key,
                                                        const nodecore_sign_options *opts,
                                                        int32_t encoding, nodecore_buf *out,
                                                        nodecore_error **err);

/** Gives the signature as a stream to write to: what is written or piped into it is added, large chunks on the pool. At
 *  NODECORE_EVENT_FINISH everything is in; then nodecore_sign_sign() may be called. nodecore_sign_update() may not any more:
 *  NODECORE_ERR_INVALID_STATE.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE if it is a stream already.
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Nullable   err.             Threads  the loop's, from here on.
 *  Node       sign as a stream.Writable                          Since    0.1 */
NODECORE_API nodecore_status nodecore_sign_stream(nodecore_loop *loop, nodecore_sign *sign,
                                                  nodecore_stream **out, nodecore_error **err);

/** Begins a verification.
 *  Returns    as nodecore_sign_new().
 *  Ownership  caller frees `*out` (nodecore_verify_free).
 *  Nullable   err.             Node     crypto.createVerify      Since    0.1 */
NODECORE_API nodecore_status nodecore_verify_new(const char *algorithm, size_t algorithm_len,
                                                 nodecore_verify **out, nodecore_error **err);

/** Frees the handle.          Nullable   verify.                Since    0.1 */
NODECORE_API void nodecore_verify_free(nodecore_verify *verify);

/** Adds `len` bytes.
 *  Returns    as nodecore_sign_update().
 *  Nullable   data with len 0, err.     Node     verify.update    Since    0.1 */
NODECORE_API nodecore_status nodecore_verify_update(nodecore_verify *verify, const void *data, size_t len,
                                                    nodecore_error **err);

/** Tells whether `signature` is one of all that was added.
 *  Returns    as nodecore_sign_sign(), any key but a secret one; NODECORE_ERR_CRYPTO_OPERATION_FAILED ("Malformed signature") for one
 *             of NODECORE_SIGN_IEEE_P1363 that is not as long as it has to be.
 *  Nullable   signature with len 0, opts, err.     Node     verify.verify     Since    0.1 */
NODECORE_API nodecore_status nodecore_verify_verify(nodecore_verify *verify, const nodecore_key *key,
                                                    const void *signature, size_t len,
                                                    const nodecore_sign_options *opts, bool *out,
                                                    nodecore_error **err);

/** Gives the verification as a stream to write to, as nodecore_sign_stream() does.
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Nullable   err.             Threads  the loop's, from here on.
 *  Node       verify as a stream.Writable                        Since    0.1 */
NODECORE_API nodecore_status nodecore_verify_stream(nodecore_loop *loop, nodecore_verify *verify,
                                                    nodecore_stream **out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
