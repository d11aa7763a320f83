/** @file crypto_dh.h Agreement in groups of numbers.
 *
 *  Numbers are bytes, the most significant first, without leading zeroes; for text there is nodecore_buffer_decode().
 *
 *  Node       https://nodejs.org/api/crypto.html#class-diffiehellman */
#ifndef NODECORE_CRYPTO_DH_H
#define NODECORE_CRYPTO_DH_H

#include <stddef.h>
#include <stdint.h>

#include "crypto.h"
#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A group, and a pair of keys in it once there is one.
 *  Threads    one at a time.   Node     crypto.DiffieHellman, crypto.DiffieHellmanGroup */
typedef struct nodecore_dh nodecore_dh;

/** Makes a pair in a group of one's own, which may be unsound: nodecore_dh_verify_error() tells. Without a `generator` it is
 *  2.
 *  Returns    NODECORE_OK; NODECORE_ERR_OSSL, "bad generator" (0, 1 and, with a prime of 512 bits and more, one that is
 *             not below it); NODECORE_ERR_CRYPTO_OPERATION_FAILED (a prime of more than 32768 bits);
 *             NODECORE_ERR_OUT_OF_RANGE (2 GiB and more).
 *  Ownership  caller frees `*out` (nodecore_dh_free); the numbers are copied.
 *  Nullable   prime with prime_len 0, generator, err.            Threads  any.
 *  Node       crypto.createDiffieHellman(prime[, generator])     Since    0.1 */
NODECORE_API nodecore_status nodecore_dh_new(const void *prime, size_t prime_len, const void *generator,
                                             size_t generator_len, nodecore_dh **out,
                                             nodecore_error **err);

/** Makes a pair in a new group with a safe prime of `prime_length` bits, and blocks until one is found. A `generator` of 0 is
 *  2.
 *  Returns    NODECORE_OK; NODECORE_ERR_OSSL (less than two bits; a generator of 1); NODECORE_ERR_INVALID_ARG_VALUE (other
 *             lengths below 512, and over 10000); NODECORE_ERR_OUT_OF_RANGE (2^31 and more).
 *  Ownership  caller frees `*out` (nodecore_dh_free).
 *  Nullable   err.             Threads  any.
 *  Node       crypto.createDiffieHellman(primeLength[, generator])  Since    0.1 */
NODECORE_API nodecore_status nodecore_dh_new_of_length(uint32_t prime_length, uint32_t generator,
                                                       nodecore_dh **out, nodecore_error **err);

/** Makes a pair in a group of RFC 2409 or 3526: "modp1", "modp2", "modp5", "modp14" to "modp18", in any case. Its keys cannot
 *  be set.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_UNKNOWN_DH_GROUP.
 *  Ownership  caller frees `*out` (nodecore_dh_free).
 *  Nullable   err.             Threads  any.
 *  Node       crypto.createDiffieHellmanGroup, crypto.getDiffieHellman  Since    0.1 */
NODECORE_API nodecore_status nodecore_dh_new_group(const char *name, size_t name_len, nodecore_dh **out,
                                                   nodecore_error **err);

/** Frees the handle and clears the private key.  Nullable   dh.  Since    0.1 */
NODECORE_API void nodecore_dh_free(nodecore_dh *dh);

/** Makes the private key, unless one is set, and gives the public one of it.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_OPERATION_FAILED (an even prime; without a private key also one of less than
 *             512 bits or more than 10000).
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     diffieHellman.generateKeys      Since    0.1 */
NODECORE_API nodecore_status nodecore_dh_generate_keys(nodecore_dh *dh, nodecore_buf *out,
                                                       nodecore_error **err);

/** Gives the secret with another's public key, as long as the prime.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_KEYLEN unless the key is between 1 and the prime less one;
 *             NODECORE_ERR_CRYPTO_OPERATION_FAILED without a private key, and in groups that have no keys.
 *  Ownership  caller clears and frees `*out` (nodecore_crypto_cleanse, nodecore_buf_free).
 *  Nullable   other with other_len 0, err.                       Node     diffieHellman.computeSecret
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_dh_compute_secret(const nodecore_dh *dh, const void *other,
                                                        size_t other_len, nodecore_buf *out,
                                                        nodecore_error **err);

/** Gives the prime.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_STATE if it is zero.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     diffieHellman.getPrime   Since    0.1 */
NODECORE_API nodecore_status nodecore_dh_prime(const nodecore_dh *dh, nodecore_buf *out,
                                               nodecore_error **err);

/** Gives the generator.
 *  Returns    NODECORE_OK.     Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     diffieHellman.getGenerator      Since    0.1 */
NODECORE_API nodecore_status nodecore_dh_generator(const nodecore_dh *dh, nodecore_buf *out,
                                                   nodecore_error **err);

/** Gives the public key.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_STATE if there is none.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     diffieHellman.getPublicKey      Since    0.1 */
NODECORE_API nodecore_status nodecore_dh_public_key(const nodecore_dh *dh, nodecore_buf *out,
                                                    nodecore_error **err);

/** Gives the private key.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_STATE if there is none.
 *  Ownership  caller clears and frees `*out` (nodecore_crypto_cleanse, nodecore_buf_free).
 *  Nullable   err.             Node     diffieHellman.getPrivateKey     Since    0.1 */
NODECORE_API nodecore_status nodecore_dh_private_key(const nodecore_dh *dh, nodecore_buf *out,
                                                     nodecore_error **err);

/** Sets the public key.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE in a known group; NODECORE_ERR_OUT_OF_RANGE (2 GiB and more).
 *  Nullable   key with len 0, err.       Node     diffieHellman.setPublicKey  Since    0.1 */
NODECORE_API nodecore_status nodecore_dh_set_public_key(nodecore_dh *dh, const void *key, size_t len,
                                                        nodecore_error **err);

/** Sets the private key; nodecore_dh_generate_keys() then makes the public one of it.
 *  Returns, Nullable  as nodecore_dh_set_public_key().
 *  Node       diffieHellman.setPrivateKey                        Since    0.1 */
NODECORE_API nodecore_status nodecore_dh_set_private_key(nodecore_dh *dh, const void *key, size_t len,
                                                         nodecore_error **err);

/** Returns what is wrong with the group: NODECORE_CRYPTO_DH_CHECK_P_NOT_PRIME and so on, added up, or OpenSSL's 0x80 for a
 *  prime of less than 512 bits; 0 if nothing is, and for NULL.
 *  Node       diffieHellman.verifyError                          Since    0.1 */
NODECORE_API uint32_t nodecore_dh_verify_error(const nodecore_dh *dh);

#ifdef __cplusplus
}
#endif

#endif
