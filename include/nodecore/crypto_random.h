/** @file crypto_random.h Random bytes, numbers and UUIDs, and primes.
 *
 *  Random bytes are fit for keys: from OpenSSL's generator, which the system seeds. Up to 256 at a time come from 4 KiB
 *  that each thread keeps in stock; they are cleared as they are handed out, and the child of a fork() has its own.
 *
 *  Errors     NODECORE_ERR_OSSL, should the system give no entropy.
 *  Node       https://nodejs.org/api/crypto.html */
#ifndef NODECORE_CRYPTO_RANDOM_H
#define NODECORE_CRYPTO_RANDOM_H

#include <stdbool.h>
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

/** Gives `size` random bytes, blocking.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (2^31 or more).
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Threads  any.
 *  Node       crypto.randomBytes, rng, prng, pseudoRandomBytes   Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_random_bytes_sync(size_t size, nodecore_buf *out,
                                                               nodecore_error **err);

/** As nodecore_crypto_random_bytes_sync(), on the pool.
 *  Threads    the loop's.      Nullable   user, release, req, err.
 *  Node       crypto.randomBytes with a callback                 Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_random_bytes(
    nodecore_loop *loop, size_t size,
    nodecore_crypto_bytes_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

/** Fills `data` with random bytes, blocking.
 *  Returns    NODECORE_OK.     Nullable   data with len 0, err.  Threads  any.
 *  Node       crypto.randomFillSync                              Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_random_fill_sync(void *data, size_t len,
                                                              nodecore_error **err);

/** The end of nodecore_crypto_random_fill(): on success `err` is NULL and the memory is filled. */
typedef void (*nodecore_crypto_fill_cb)(const nodecore_error *err, void *user);

/** As nodecore_crypto_random_fill_sync(), the bytes being made on the pool; they are there when `cb` is called.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (2^31 bytes or more).
 *  Ownership  `data` is borrowed until `cb` returns.
 *  Threads    the loop's.      Nullable   data with len 0, user, release, req, err.
 *  Node       crypto.randomFill                                  Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_random_fill(nodecore_loop *loop, void *data, size_t len,
                                                         nodecore_crypto_fill_cb cb, void *user,
                                                         nodecore_release release,
                                                         nodecore_request **req, nodecore_error **err);

/** As nodecore_crypto_random_fill_sync(), for 65536 bytes at most.
 *  Returns    NODECORE_OK; NODECORE_UNCODED, a QuotaExceededError (nodecore_error_name), for more.
 *  Nullable   data with len 0, err.                              Threads  any.
 *  Node       crypto.getRandomValues                             Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_get_random_values(void *data, size_t len,
                                                               nodecore_error **err);

/** Gives a random integer from `min` up to but not including `max`, all equally likely, blocking.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (beyond 2^53 - 1); NODECORE_ERR_OUT_OF_RANGE unless
 *             max is greater than min, by less than 2^48.
 *  Nullable   err.             Threads  any.
 *  Node       crypto.randomInt                                   Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_random_int_sync(int64_t min, int64_t max, int64_t *out,
                                                             nodecore_error **err);

/** The end of nodecore_crypto_random_int(): on success `err` is NULL. */
typedef void (*nodecore_crypto_int_cb)(const nodecore_error *err, int64_t value, void *user);

/** As nodecore_crypto_random_int_sync(), on the pool.
 *  Threads    the loop's.      Nullable   user, release, req, err.
 *  Node       crypto.randomInt with a callback                   Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_random_int(nodecore_loop *loop, int64_t min, int64_t max,
                                                        nodecore_crypto_int_cb cb, void *user,
                                                        nodecore_release release,
                                                        nodecore_request **req, nodecore_error **err);

/** Options of UUIDs. NULL = all defaults. */
typedef struct nodecore_crypto_random_uuid_options {
  size_t struct_size;         /**< set by NODECORE_CRYPTO_RANDOM_UUID_OPTIONS_INIT */
  bool disable_entropy_cache; /**< true: not from the bytes in stock */
} nodecore_crypto_random_uuid_options;
#define NODECORE_CRYPTO_RANDOM_UUID_OPTIONS_INIT \
  { sizeof(nodecore_crypto_random_uuid_options), false }

/** Gives a UUID as 36 characters: a random one, or one of version 7, which begins with the time.
 *  Returns    NODECORE_OK.     Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   opts, err.       Threads  any.
 *  Node       crypto.randomUUID, crypto.randomUUIDv7             Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_random_uuid(const nodecore_crypto_random_uuid_options *opts,
                                                         nodecore_buf *out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_crypto_random_uuid_v7(
    const nodecore_crypto_random_uuid_options *opts, nodecore_buf *out, nodecore_error **err);

/** Which primes to choose from; numbers are big-endian. NULL = all of that many bits. */
typedef struct nodecore_crypto_generate_prime_options {
  size_t struct_size; /**< set by NODECORE_CRYPTO_GENERATE_PRIME_OPTIONS_INIT */
  bool safe;          /**< true: (prime - 1) / 2 is to be prime too */
  const void *add;    /**< not NULL: prime % add is to be rem */
  size_t add_len;
  const void *rem;    /**< NULL: 1, or 3 if safe */
  size_t rem_len;
} nodecore_crypto_generate_prime_options;
#define NODECORE_CRYPTO_GENERATE_PRIME_OPTIONS_INIT \
  { sizeof(nodecore_crypto_generate_prime_options), false, NULL, 0, NULL, 0 }

/** Gives a random prime of `size` bits, big-endian, blocking.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (no size, 2^31; an add of more bits; a rem that is not less than
 *             add); NODECORE_ERR_OSSL (no prime has so few bits; an add of zero);
 *             NODECORE_ERR_CRYPTO_OPERATION_FAILED (no prime is of that kind).
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   opts, err.       Threads  any.
 *  Node       crypto.generatePrimeSync                           Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_generate_prime_sync(
    uint32_t size, const nodecore_crypto_generate_prime_options *opts, nodecore_buf *out,
    nodecore_error **err);

/** As nodecore_crypto_generate_prime_sync(), on the pool; a search that is cancelled ends soon.
 *  Threads    the loop's.      Nullable   opts, user, release, req, err.
 *  Node       crypto.generatePrime                               Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_generate_prime(
    nodecore_loop *loop, uint32_t size, const nodecore_crypto_generate_prime_options *opts,
    nodecore_crypto_bytes_cb cb, void *user, nodecore_release release, nodecore_request **req,
    nodecore_error **err);

/** Tells in `*out` whether the big-endian `candidate` is a prime, blocking. `checks` are rounds of Miller-Rabin; fewer
 *  than OpenSSL thinks right, such as 0, are not done.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (2^31 checks or more).
 *  Nullable   candidate with length 0, err.                      Threads  any.
 *  Node       crypto.checkPrimeSync                              Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_check_prime_sync(const void *candidate,
                                                              size_t candidate_len, uint32_t checks,
                                                              bool *out, nodecore_error **err);

/** The end of nodecore_crypto_check_prime(): on success `err` is NULL. */
typedef void (*nodecore_crypto_prime_cb)(const nodecore_error *err, bool is_prime, void *user);

/** As nodecore_crypto_check_prime_sync(), on the pool; `candidate` is copied.
 *  Threads    the loop's.      Nullable   candidate with length 0, user, release, req, err.
 *  Node       crypto.checkPrime                                  Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_check_prime(nodecore_loop *loop, const void *candidate,
                                                         size_t candidate_len, uint32_t checks,
                                                         nodecore_crypto_prime_cb cb, void *user,
                                                         nodecore_release release,
                                                         nodecore_request **req, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
