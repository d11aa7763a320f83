/** @file crypto_pkcs12.h Bundles of a private key and certificates: PKCS#12, also known as .p12 and .pfx.
 *
 *  Node       https://nodejs.org/api/crypto.html#cryptoparsepkcs12bundle-options */
#ifndef NODECORE_CRYPTO_PKCS12_H
#define NODECORE_CRYPTO_PKCS12_H

#include <stddef.h>

#include "crypto_key.h"
#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What was in a bundle.      Threads  any, at once.           Node     what crypto.parsePKCS12 gives */
typedef struct nodecore_pkcs12 nodecore_pkcs12;

/** Opens a bundle in DER. No passphrase is an empty one.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_OPERATION_FAILED (no bundle); NODECORE_ERR_OSSL (a wrong passphrase: "mac
 *             verify failure"; damage); NODECORE_ERR_CRYPTO_UNSUPPORTED_OPERATION (algorithms of OpenSSL's legacy
 *             provider); NODECORE_ERR_INVALID_ARG_VALUE (a NUL in the passphrase).
 *  Ownership  caller frees `*out` (nodecore_pkcs12_free).
 *  Nullable   bundle with len 0, passphrase, err.                Threads  any.
 *  Node       crypto.parsePKCS12                                 Since    0.1 */
NODECORE_API nodecore_status nodecore_crypto_parse_pkcs12(const void *bundle, size_t len,
                                                          const char *passphrase, size_t passphrase_len,
                                                          nodecore_pkcs12 **out, nodecore_error **err);

/** Frees the handle.          Nullable   pkcs12.                Since    0.1 */
NODECORE_API void nodecore_pkcs12_free(nodecore_pkcs12 *pkcs12);

/** Returns a handle of the first private key; NULL if there is none, and for NULL.
 *  Ownership  caller frees it (nodecore_key_free).               Threads  any.
 *  Node       privateKey                                         Since    0.1 */
NODECORE_API nodecore_key *nodecore_pkcs12_private_key(const nodecore_pkcs12 *pkcs12);

/** Returns the certificate of the private key, in DER; `{NULL, 0}` if there is none.
 *  Ownership  borrowed from `pkcs12`.    Nullable   pkcs12.      Threads  any.
 *  Node       certificate                                        Since    0.1 */
NODECORE_API nodecore_str nodecore_pkcs12_certificate(const nodecore_pkcs12 *pkcs12);

/** Returns one of the other certificates, in DER, by `index` from 0; `{NULL, 0}` past the last.
 *  Ownership  borrowed from `pkcs12`.    Nullable   pkcs12.      Threads  any.
 *  Node       additionalCertificates                             Since    0.1 */
NODECORE_API nodecore_str nodecore_pkcs12_additional_certificate(const nodecore_pkcs12 *pkcs12, size_t index);

#ifdef __cplusplus
}
#endif

#endif
