/** @file crypto.h Cryptography: what all of it shares. Digests are in crypto_hash.h, ciphers in crypto_cipher.h, key
 *  derivation is in crypto_kdf.h, random bytes, numbers and primes are in crypto_random.h, keys in crypto_key.h,
 *  agreement is in crypto_agreement.h, crypto_dh.h and crypto_ecdh.h, signatures in crypto_sign.h, RSA encryption in
 *  crypto_encrypt.h, encapsulation in crypto_kem.h, certificates in crypto_x509.h, SPKAC in crypto_spkac.h, PKCS#12 in
 *  crypto_pkcs12.h, WebCrypto in crypto_web.h.
 *
 *  The algorithms are those of OpenSSL 3.6's default provider, which is built into the library and reads no openssl.cnf
 *  of the system. Keys and what is derived from them are cleared before their memory is given back; what a function
 *  gives to the caller, the caller clears (nodecore_crypto_cleanse()).
 *
 *  Errors     what OpenSSL refuses is NODECORE_ERR_OSSL: error.h says how to learn the library, the reason and the rest.
 *  Node       https://nodejs.org/api/crypto.html */
#ifndef NODECORE_CRYPTO_H
#define NODECORE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The version of OpenSSL: 3.6.3.
 *  Node       crypto.constants, as all constants here */
#define NODECORE_CRYPTO_OPENSSL_VERSION_NUMBER 0x30600030u

/** Options of a TLS connection. */
#define NODECORE_CRYPTO_SSL_OP_ALL 0x80000850u
#define NODECORE_CRYPTO_SSL_OP_ALLOW_NO_DHE_KEX 0x400u
#define NODECORE_CRYPTO_SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION 0x40000u
#define NODECORE_CRYPTO_SSL_OP_CIPHER_SERVER_PREFERENCE 0x400000u
#define NODECORE_CRYPTO_SSL_OP_CISCO_ANYCONNECT 0x8000u
#define NODECORE_CRYPTO_SSL_OP_COOKIE_EXCHANGE 0x2000u
#define NODECORE_CRYPTO_SSL_OP_CRYPTOPRO_TLSEXT_BUG 0x80000000u
#define NODECORE_CRYPTO_SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS 0x800u
#define NODECORE_CRYPTO_SSL_OP_LEGACY_SERVER_CONNECT 4u
#define NODECORE_CRYPTO_SSL_OP_NO_COMPRESSION 0x20000u
#define NODECORE_CRYPTO_SSL_OP_NO_ENCRYPT_THEN_MAC 0x80000u
#define NODECORE_CRYPTO_SSL_OP_NO_QUERY_MTU 0x1000u
#define NODECORE_CRYPTO_SSL_OP_NO_RENEGOTIATION 0x40000000u
#define NODECORE_CRYPTO_SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION 0x10000u
#define NODECORE_CRYPTO_SSL_OP_NO_SSLv2 0u
#define NODECORE_CRYPTO_SSL_OP_NO_SSLv3 0x2000000u
#define NODECORE_CRYPTO_SSL_OP_NO_TICKET 0x4000u
#define NODECORE_CRYPTO_SSL_OP_NO_TLSv1 0x4000000u
#define NODECORE_CRYPTO_SSL_OP_NO_TLSv1_1 0x10000000u
#define NODECORE_CRYPTO_SSL_OP_NO_TLSv1_2 0x8000000u
#define NODECORE_CRYPTO_SSL_OP_NO_TLSv1_3 0x20000000u
#define NODECORE_CRYPTO_SSL_OP_PRIORITIZE_CHACHA 0x200000u
#define NODECORE_CRYPTO_SSL_OP_TLS_ROLLBACK_BUG 0x800000u

/** What an engine is for, of which there are none here. */
enum {
  NODECORE_CRYPTO_ENGINE_METHOD_RSA = 1,
  NODECORE_CRYPTO_ENGINE_METHOD_DSA = 2,
  NODECORE_CRYPTO_ENGINE_METHOD_DH = 4,
  NODECORE_CRYPTO_ENGINE_METHOD_RAND = 8,
  NODECORE_CRYPTO_ENGINE_METHOD_EC = 2048,
  NODECORE_CRYPTO_ENGINE_METHOD_CIPHERS = 64,
  NODECORE_CRYPTO_ENGINE_METHOD_DIGESTS = 128,
  NODECORE_CRYPTO_ENGINE_METHOD_PKEY_METHS = 512,
  NODECORE_CRYPTO_ENGINE_METHOD_PKEY_ASN1_METHS = 1024,
  NODECORE_CRYPTO_ENGINE_METHOD_ALL = 0xffff,
  NODECORE_CRYPTO_ENGINE_METHOD_NONE = 0,
};

/** What is wrong with Diffie-Hellman parameters. */
enum {
  NODECORE_CRYPTO_DH_CHECK_P_NOT_SAFE_PRIME = 2,
  NODECORE_CRYPTO_DH_CHECK_P_NOT_PRIME = 1,
  NODECORE_CRYPTO_DH_UNABLE_TO_CHECK_GENERATOR = 4,
  NODECORE_CRYPTO_DH_NOT_SUITABLE_GENERATOR = 8,
};

/** How RSA pads, and the length of the salt of RSASSA-PSS. */
enum {
  NODECORE_CRYPTO_RSA_PKCS1_PADDING = 1,
  NODECORE_CRYPTO_RSA_SSLV23_PADDING = 2,
  NODECORE_CRYPTO_RSA_NO_PADDING = 3,
  NODECORE_CRYPTO_RSA_PKCS1_OAEP_PADDING = 4,
  NODECORE_CRYPTO_RSA_X931_PADDING = 5,
  NODECORE_CRYPTO_RSA_PKCS1_PSS_PADDING = 6,
  NODECORE_CRYPTO_RSA_PSS_SALTLEN_DIGEST = -1,
  NODECORE_CRYPTO_RSA_PSS_SALTLEN_MAX_SIGN = -2,
  NODECORE_CRYPTO_RSA_PSS_SALTLEN_AUTO = -2,
};

/** Versions of TLS. */
enum {
  NODECORE_CRYPTO_TLS1_VERSION = 0x301,
  NODECORE_CRYPTO_TLS1_1_VERSION = 0x302,
  NODECORE_CRYPTO_TLS1_2_VERSION = 0x303,
  NODECORE_CRYPTO_TLS1_3_VERSION = 0x304,
};

/** How a point of an elliptic curve is written. */
enum {
  NODECORE_CRYPTO_POINT_CONVERSION_COMPRESSED = 2,
  NODECORE_CRYPTO_POINT_CONVERSION_UNCOMPRESSED = 4,
  NODECORE_CRYPTO_POINT_CONVERSION_HYBRID = 6,
};

/** The ciphers of a TLS connection, by default. */
#define NODECORE_CRYPTO_DEFAULT_CORE_CIPHER_LIST \
  "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:" \
  "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:" \
  "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384:" \
  "DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA256:DHE-RSA-AES128-SHA256:" \
  "ECDHE-RSA-AES256-SHA384:DHE-RSA-AES256-SHA384:ECDHE-RSA-AES256-SHA256:" \
  "DHE-RSA-AES256-SHA256:HIGH:!aNULL:!eNULL:!EXPORT:!DES:!RC4:!MD5:!PSK:!SRP:" \
  "!CAMELLIA"
#define NODECORE_CRYPTO_DEFAULT_CIPHER_LIST NODECORE_CRYPTO_DEFAULT_CORE_CIPHER_LIST

/** The bytes that an asynchronous function gives. On success `err` is NULL and `result` is lent for the call:
 *  nodecore_buf_take() keeps it, what is not taken is cleared. */
typedef void (*nodecore_crypto_bytes_cb)(const nodecore_error *err, nodecore_buf *result, void *user);

/** Tells in `*out` whether the bytes are equal, in a time that does not depend on what is in them.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH unless they are as many.
 *  Nullable   a and b with length 0, err.                        Threads  any.
 *  Node       crypto.timingSafeEqual                             Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_timing_safe_equal(const void *a, size_t a_len,
                                                               const void *b, size_t b_len,
                                                               bool *out, nodecore_error **err);

/** Overwrites a secret with zeroes, in a way that no compiler leaves out.
 *  Nullable   data with len 0. Threads    any.                   Since    0.1 */
NODECORE_API void nodecore_crypto_cleanse(void *data, size_t len);

/** The names of the elliptic curves, sorted: how many there are, and each, which is empty beyond the last.
 *  Ownership  the names live for good.                           Threads  any.
 *  Node       crypto.getCurves                                   Since    0.1 */
NODECORE_API size_t nodecore_crypto_curve_count(void);
NODECORE_API nodecore_str nodecore_crypto_curve_at(size_t index);

/** Gives OpenSSL a secure heap of `size` bytes, from which pieces of at least `min` bytes (0 = 2) are taken for
 *  private keys and the like: memory that is not swapped out, not in a core dump, and between two pages that cannot
 *  be touched. It is for the whole process and for good: to be called once, before all else of crypto. What finds no
 *  room in it fails. `*locked` tells whether it is locked and guarded, which systems limit; else it is used without.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE unless both are powers of 2; NODECORE_ERR_OUT_OF_RANGE if
 *             the heap has not even four pieces, or more than 2^28 (a piece has 16 bytes or more);
 *             NODECORE_ERR_INVALID_STATE if OpenSSL has been used, or has a secure heap;
 *             NODECORE_ERR_OPERATION_FAILED if there is no memory, or no secure heap, as on musl.
 *  Nullable   locked, err.     Threads    any.
 *  Node       --secure-heap, --secure-heap-min                   Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_secure_heap_init(size_t size, size_t min, bool *locked,
                                                              nodecore_error **err);

/** What nodecore_crypto_secure_heap_used() gives. */
typedef struct nodecore_crypto_secure_heap {
  size_t struct_size; /**< set by NODECORE_CRYPTO_SECURE_HEAP_INIT */
  size_t total;       /**< bytes of the heap; 0 if there is none */
  size_t used;        /**< bytes taken */
  double utilization; /**< `used` of `total`; not a number where there is no heap */
  size_t min;         /**< the smallest piece that can be taken, as it was asked for */
} nodecore_crypto_secure_heap;
#define NODECORE_CRYPTO_SECURE_HEAP_INIT \
  { sizeof(nodecore_crypto_secure_heap), 0, 0, 0, 0 }

/** Tells how much of OpenSSL's secure heap is taken, if nodecore_crypto_secure_heap_init() has made one.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (out->struct_size).
 *  Nullable   err.             Threads    any.
 *  Node       crypto.secureHeapUsed                              Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_secure_heap_used(nodecore_crypto_secure_heap *out,
                                                              nodecore_error **err);

/** Always fails, as OpenSSL is built without engines; `flags` are NODECORE_CRYPTO_ENGINE_METHOD_*.
 *  Returns    NODECORE_ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED.
 *  Nullable   err.             Threads    any.
 *  Node       crypto.setEngine                                   Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_set_engine(const char *id, size_t id_len, uint32_t flags,
                                                        nodecore_error **err);

/** Whether the algorithms are those of a FIPS provider: 0, they are not.
 *  Threads    any.             Node     crypto.getFips, crypto.fips            Since    0.1 */
NODECORE_API uint32_t nodecore_crypto_get_fips(void);

/** Turns FIPS mode off, which it is; on it cannot be turned.
 *  Returns    NODECORE_OK for false; NODECORE_ERR_CRYPTO_FIPS_UNAVAILABLE for true.
 *  Nullable   err.             Threads    any.
 *  Node       crypto.setFips   Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_set_fips(bool enable, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
