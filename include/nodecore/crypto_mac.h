/** @file crypto_mac.h Keyed digests: HMAC, and OpenSSL's other message authentication codes.
 *
 *  To compare a MAC with one that was received takes a comparison whose time does not tell where they differ.
 *
 *  Node       https://nodejs.org/api/crypto.html#class-hmac, https://nodejs.org/api/crypto.html#class-mac */
#ifndef NODECORE_CRYPTO_MAC_H
#define NODECORE_CRYPTO_MAC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"
#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A running HMAC.            Threads  exclusive: one thread at a time. */
typedef struct nodecore_hmac nodecore_hmac;

/** A running MAC.             Threads  exclusive: one thread at a time. */
typedef struct nodecore_mac nodecore_mac;

/** Starts an HMAC. `algorithm` is a digest as crypto_hash.h has them, and no XOF.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_DIGEST for an unknown name; NODECORE_ERR_OSSL for a digest of
 *             OpenSSL's legacy provider; NODECORE_UNCODED for an XOF.
 *  Ownership  caller frees `*out` (nodecore_hmac_free); the key is copied, and cleared at the end.
 *  Nullable   key with key_len 0, err.        Node     crypto.createHmac      Since    0.1 */
NODECORE_API nodecore_status nodecore_hmac_new(const char *algorithm, size_t algorithm_len,
                                               const void *key, size_t key_len, nodecore_hmac **out,
                                               nodecore_error **err);

/** Frees the handle.          Nullable   hmac.                  Since    0.1 */
NODECORE_API void nodecore_hmac_free(nodecore_hmac *hmac);

/** Adds `len` bytes.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_HASH_FINALIZED after the digest; NODECORE_ERR_INVALID_STATE if it is a
 *             stream.
 *  Nullable   data with len 0, err.     Node     hmac.update      Since    0.1 */
NODECORE_API nodecore_status nodecore_hmac_update(nodecore_hmac *hmac, const void *data, size_t len,
                                                  nodecore_error **err);

/** Ends the HMAC and gives the digest, as bytes; from the second time on it is empty.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE while a stream of it hashes a chunk.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     hmac.digest()            Since    0.1 */
NODECORE_API nodecore_status nodecore_hmac_digest(nodecore_hmac *hmac, nodecore_buf *out,
                                                  nodecore_error **err);

/** As nodecore_hmac_digest(), as text in an encoding of buffer.h, such as NODECORE_ENCODING_HEX.
 *  Returns    as there; NODECORE_ERR_UNKNOWN_ENCODING, and the HMAC is as it was.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     hmac.digest(encoding)    Since    0.1 */
NODECORE_API nodecore_status nodecore_hmac_digest_encoded(nodecore_hmac *hmac, int32_t encoding,
                                                          nodecore_buf *out, nodecore_error **err);

/** Gives the HMAC as a transform: what is written or piped into it is hashed, and the digest can be read from it. Large
 *  chunks are hashed on the pool.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE if it is a stream already.
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Nullable   err.             Threads  the loop's, from here on.
 *  Node       hmac as a stream.Transform                         Since    0.1 */
NODECORE_API nodecore_status nodecore_hmac_stream(nodecore_loop *loop, nodecore_hmac *hmac,
                                                  nodecore_stream **out, nodecore_error **err);

/** Options of nodecore_mac_new(). NULL = all defaults. `data` NULL = not given; an algorithm that does not take what is
 *  given fails with NODECORE_ERR_INVALID_ARG_VALUE. */
typedef struct nodecore_mac_options {
  size_t struct_size;         /**< set by NODECORE_MAC_OPTIONS_INIT */
  nodecore_str digest;        /**< "hmac", which needs it */
  nodecore_str cipher;        /**< "cmac" (CBC mode) and "gmac" (GCM mode), which need it */
  nodecore_str iv;            /**< "gmac", which needs it, another for each message */
  nodecore_str customization; /**< KMAC, BLAKE2 */
  nodecore_str salt;          /**< BLAKE2 */
  uint32_t output_length;     /**< bytes of output: KMAC, BLAKE2, "siphash"; 0: see below */
  bool has_output_length;     /**< true: an output_length of 0 counts; else it is the usual one */
} nodecore_mac_options;
#define NODECORE_MAC_OPTIONS_INIT                                                                       \
  {                                                                                                     \
    sizeof(nodecore_mac_options), {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, 0, false       \
  }

/** Returns the name of a MAC, sorted by `index` from 0; `data` is NULL past the last.
 *  Ownership  static.          Threads  any.
 *  Node       crypto.getMacs                                     Since    0.1 */
NODECORE_API nodecore_str nodecore_crypto_mac_name(size_t index);

/** Starts a MAC. `algorithm` is a name of nodecore_crypto_mac_name(), in any case.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_MAC for an unknown name; NODECORE_ERR_INVALID_ARG_VALUE for an
 *             option that lacks, is not taken, is empty or has a NUL in it; NODECORE_ERR_OSSL for what OpenSSL
 *             refuses, such as a key of a wrong length; NODECORE_ERR_CRYPTO_OPERATION_FAILED where it says no more.
 *  Ownership  caller frees `*out` (nodecore_mac_free); key and options are copied.
 *  Nullable   key with key_len 0, opts, err.  Node     crypto.createMac       Since    0.1 */
NODECORE_API nodecore_status nodecore_mac_new(const char *algorithm, size_t algorithm_len,
                                              const void *key, size_t key_len,
                                              const nodecore_mac_options *opts, nodecore_mac **out,
                                              nodecore_error **err);

/** Frees the handle.          Nullable   mac.                   Since    0.1 */
NODECORE_API void nodecore_mac_free(nodecore_mac *mac);

/** Adds `len` bytes.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_MAC_FINALIZED after the end; NODECORE_ERR_INVALID_STATE if it is a
 *             stream.
 *  Nullable   data with len 0, err.     Node     mac.update       Since    0.1 */
NODECORE_API nodecore_status nodecore_mac_update(nodecore_mac *mac, const void *data, size_t len,
                                                 nodecore_error **err);

/** Ends the MAC and gives it, as bytes.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_MAC_FINALIZED the second time, and once a stream of it has ended;
 *             NODECORE_ERR_INVALID_STATE while a stream of it hashes a chunk.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     mac.final()              Since    0.1 */
NODECORE_API nodecore_status nodecore_mac_final(nodecore_mac *mac, nodecore_buf *out, nodecore_error **err);

/** As nodecore_mac_final(), as text in an encoding of buffer.h.
 *  Returns    as there; NODECORE_ERR_UNKNOWN_ENCODING, and the MAC is as it was.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     mac.final(encoding)      Since    0.1 */
NODECORE_API nodecore_status nodecore_mac_final_encoded(nodecore_mac *mac, int32_t encoding,
                                                        nodecore_buf *out, nodecore_error **err);

/** Gives the MAC as a transform: what is written or piped into it is authenticated, and the MAC can be read from it.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE if it is a stream already.
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Nullable   err.             Threads  the loop's, from here on.
 *  Node       mac as a stream.Transform                          Since    0.1 */
NODECORE_API nodecore_status nodecore_mac_stream(nodecore_loop *loop, nodecore_mac *mac,
                                                 nodecore_stream **out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
