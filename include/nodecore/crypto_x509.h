/** @file crypto_x509.h X.509 certificates: read, their properties, and checked.
 *
 *  A nodecore_x509 never changes, and any number of threads may use it at once; each property is worked out when it is
 *  first asked for, and kept. Texts are UTF-8; `{NULL, 0}` stands for `undefined`.
 *
 *  Node       https://nodejs.org/api/crypto.html#class-x509certificate */
#ifndef NODECORE_CRYPTO_X509_H
#define NODECORE_CRYPTO_X509_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto_key.h"
#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A certificate.             Threads  any, at once.           Node     X509Certificate */
typedef struct nodecore_x509 nodecore_x509;

/** What nodecore_x509_to_legacy_object() gives.               Threads  any, at once. */
typedef struct nodecore_x509_legacy nodecore_x509_legacy;

/** When a check looks at the subject besides the alternative names.
 *  Node       the option subject */
enum {
  NODECORE_X509_SUBJECT_DEFAULT = 0, /**< if there is no alternative name of the kind looked for */
  NODECORE_X509_SUBJECT_ALWAYS = 1,  /**< if no alternative name matches */
  NODECORE_X509_SUBJECT_NEVER = 2
};

/** How names are compared. 0 and false are Node's defaults. */
typedef struct nodecore_x509_check_options {
  size_t struct_size;           /**< set by NODECORE_X509_CHECK_OPTIONS_INIT */
  int32_t subject;              /**< NODECORE_X509_SUBJECT_* */
  bool no_wildcards;            /**< `wildcards: false`: "*.a.example" stands for itself only */
  bool no_partial_wildcards;    /**< `partialWildcards: false`: so does "www*.a.example" */
  bool multi_label_wildcards;   /**< "*.a.example" stands for "c.b.a.example" too */
  bool single_label_subdomains; /**< a host given as ".a.example" stands for names one level below it only */
} nodecore_x509_check_options;

#define NODECORE_X509_CHECK_OPTIONS_INIT \
  { sizeof(nodecore_x509_check_options), 0, false, false, false, false }

/** Reads a certificate in PEM (the first of several, with or without text around it; a trusted certificate too) or in DER.
 *  Returns    NODECORE_OK; NODECORE_ERR_OSSL for what is none (nodecore_error_code(): "ERR_OSSL_PEM_NO_START_LINE" …);
 *             NODECORE_ERR_INVALID_ARG_TYPE (NULL with a length).
 *  Ownership  caller frees `*out` (nodecore_x509_free).
 *  Nullable   data with len 0, err.      Threads  any.
 *  Node       new X509Certificate                                Since    0.1 */
NODECORE_API nodecore_status nodecore_x509_new(const void *data, size_t len, nodecore_x509 **out,
                                               nodecore_error **err);

/** Frees the handle.          Nullable   cert.                  Since    0.1 */
NODECORE_API void nodecore_x509_free(nodecore_x509 *cert);

/** Returns another handle of the same certificate, to be freed too; NULL for NULL.
 *  Threads    any.                                               Since    0.1 */
NODECORE_API nodecore_x509 *nodecore_x509_copy(const nodecore_x509 *cert);

/** Returns whom it is about, one attribute a line, as in "C=DE\nCN=a.example"; `{NULL, 0}` if the name is empty.
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.subject                                       Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_subject(const nodecore_x509 *cert);

/** Returns the alternative names, as in "DNS:a.example, IP Address:192.0.2.1"; `{NULL, 0}` if it has none, or they cannot
 *  be read. A name that would be ambiguous is a JSON string.
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.subjectAltName                                Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_subject_alt_name(const nodecore_x509 *cert);

/** Returns who issued it, as nodecore_x509_subject().
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.issuer                                        Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_issuer(const nodecore_x509 *cert);

/** Returns another handle of the certificate of who issued it, to be freed too, if that is known: NULL for one that was
 *  read by nodecore_x509_new(), which looks at one certificate only.
 *  Threads    any.             Node     x509.issuerCertificate   Since    0.1 */
NODECORE_API nodecore_x509 *nodecore_x509_issuer_certificate(const nodecore_x509 *cert);

/** Returns where more is to be found, one a line, as in "OCSP - URI:http://a.example"; `{NULL, 0}` and quotes as for
 *  nodecore_x509_subject_alt_name().
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.infoAccess                                    Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_info_access(const nodecore_x509 *cert);

/** Returns when it begins to be valid, as in "Sep  3 21:40:37 2022 GMT"; "Bad time value" if that is no date.
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.validFrom                                     Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_valid_from(const nodecore_x509 *cert);

/** Returns when it ceases to be valid, likewise.
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.validTo                                       Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_valid_to(const nodecore_x509 *cert);

/** Returns whether the beginning is a date, and puts it into `*seconds`, since 1970-01-01, if it is.
 *  Nullable   cert, seconds.   Threads  any.
 *  Node       x509.validFromDate                                 Since    0.1 */
NODECORE_API bool nodecore_x509_valid_from_date(const nodecore_x509 *cert, int64_t *seconds);

/** As nodecore_x509_valid_from_date(), of the end.
 *  Nullable   cert, seconds.   Threads  any.
 *  Node       x509.validToDate                                   Since    0.1 */
NODECORE_API bool nodecore_x509_valid_to_date(const nodecore_x509 *cert, int64_t *seconds);

/** Returns its SHA-1, as in "AB:CD:…".
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.fingerprint                                   Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_fingerprint(const nodecore_x509 *cert);

/** Returns its SHA-256, likewise.
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.fingerprint256                                Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_fingerprint256(const nodecore_x509 *cert);

/** Returns its SHA-512, likewise.
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.fingerprint512                                Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_fingerprint512(const nodecore_x509 *cert);

/** Returns whether it says what the key may be used for beyond the usual, in an extension that can be read.
 *  Threads    any.             Node     x509.keyUsage !== undefined               Since    0.1 */
NODECORE_API bool nodecore_x509_has_key_usage(const nodecore_x509 *cert);

/** Returns one of those uses, by its number, such as "1.3.6.1.5.5.7.3.1"; `{NULL, 0}` past the last.
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.keyUsage[index]                               Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_key_usage(const nodecore_x509 *cert, size_t index);

/** Returns the serial number in hexadecimal.
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.serialNumber                                  Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_serial_number(const nodecore_x509 *cert);

/** Returns OpenSSL's name of what it is signed with, such as "ecdsa-with-SHA256"; `{NULL, 0}` if it has none.
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.signatureAlgorithm                            Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_signature_algorithm(const nodecore_x509 *cert);

/** Returns the number of what it is signed with, such as "1.2.840.10045.4.3.2"; `{NULL, 0}` for one of 128 characters and
 *  more.
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.signatureAlgorithmOid                         Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_signature_algorithm_oid(const nodecore_x509 *cert);

/** Returns the certificate in DER.
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.raw                                           Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_raw(const nodecore_x509 *cert);

/** Returns the certificate in PEM.
 *  Ownership  borrowed from the certificate.                     Threads  any.
 *  Node       x509.toString(), x509.toJSON()                     Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_to_string(const nodecore_x509 *cert);

/** Returns whether it may sign certificates.
 *  Threads    any.             Node     x509.ca                  Since    0.1 */
NODECORE_API bool nodecore_x509_ca(const nodecore_x509 *cert);

/** Gives the key that it certifies.
 *  Returns    NODECORE_OK; NODECORE_ERR_OSSL for one that OpenSSL cannot read.
 *  Ownership  caller frees `*out` (nodecore_key_free).
 *  Nullable   err.             Threads  any.
 *  Node       x509.publicKey                                     Since    0.1 */
NODECORE_API nodecore_status nodecore_x509_public_key(const nodecore_x509 *cert, nodecore_key **out,
                                                      nodecore_error **err);

/** Finds the name in the certificate that stands for the host `name` (UTF-8), which may be a pattern such as
 *  "*.a.example".
 *  Returns    NODECORE_OK, with `*matches`, and with `*out` if there is such a name; NODECORE_ERR_INVALID_ARG_VALUE for a
 *             NUL in the name; NODECORE_ERR_CRYPTO_OPERATION_FAILED if it comes to the subject, and that is no text.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   opts, out, err.  Threads  any.
 *  Node       x509.checkHost                                     Since    0.1 */
NODECORE_API nodecore_status nodecore_x509_check_host(const nodecore_x509 *cert, const char *name, size_t name_len,
                                                      const nodecore_x509_check_options *opts, bool *matches,
                                                      nodecore_buf *out, nodecore_error **err);

/** Finds whether the certificate is of the address `email` (UTF-8). Of the options `subject` counts.
 *  Returns    NODECORE_OK, with `*matches`; NODECORE_ERR_INVALID_ARG_VALUE for a NUL in the address;
 *             NODECORE_ERR_CRYPTO_OPERATION_FAILED as there.
 *  Nullable   opts, err.       Threads  any.
 *  Node       x509.checkEmail                                    Since    0.1 */
NODECORE_API nodecore_status nodecore_x509_check_email(const nodecore_x509 *cert, const char *email,
                                                       size_t email_len, const nodecore_x509_check_options *opts,
                                                       bool *matches, nodecore_error **err);

/** Finds whether the certificate is of the address `ip`, of version 4 or 6, which ends at a NUL.
 *  Returns    NODECORE_OK, with `*matches`; NODECORE_ERR_INVALID_ARG_VALUE for what is no address.
 *  Nullable   err.             Threads  any.
 *  Node       x509.checkIP                                       Since    0.1 */
NODECORE_API nodecore_status nodecore_x509_check_ip(const nodecore_x509 *cert, const char *ip, size_t ip_len,
                                                    bool *matches, nodecore_error **err);

/** Returns whether `other` may have issued it: names and extensions say so; the signature is not looked at.
 *  Nullable   both: false.     Threads  any.
 *  Node       x509.checkIssued                                   Since    0.1 */
NODECORE_API bool nodecore_x509_check_issued(const nodecore_x509 *cert, const nodecore_x509 *other);

/** Finds whether the certificate is of the other half of `private_key`.
 *  Returns    NODECORE_OK, with `*fits`; NODECORE_ERR_INVALID_ARG_VALUE unless the key is private.
 *  Nullable   err.             Threads  any.
 *  Node       x509.checkPrivateKey                               Since    0.1 */
NODECORE_API nodecore_status nodecore_x509_check_private_key(const nodecore_x509 *cert,
                                                             const nodecore_key *private_key, bool *fits,
                                                             nodecore_error **err);

/** Finds whether the certificate is signed by the other half of `public_key`. Nothing else is looked at.
 *  Returns    NODECORE_OK, with `*valid`; NODECORE_ERR_INVALID_ARG_VALUE unless the key is public.
 *  Nullable   err.             Threads  any.
 *  Node       x509.verify                                        Since    0.1 */
NODECORE_API nodecore_status nodecore_x509_verify(const nodecore_x509 *cert, const nodecore_key *public_key,
                                                  bool *valid, nodecore_error **err);

/** What a nodecore_x509_legacy holds, but for its lists. `{NULL, 0}` and 0 stand for what is not there.
 *  Ownership  the views are borrowed from the object. */
typedef struct nodecore_x509_legacy_fields {
  nodecore_str subjectaltname;
  nodecore_str modulus;        /**< hexadecimal (RSA) */
  nodecore_str exponent;       /**< hexadecimal, after "0x" (RSA) */
  nodecore_str pubkey;         /**< in DER (RSA) or a point (EC) */
  nodecore_str valid_from;
  nodecore_str valid_to;
  nodecore_str fingerprint;
  nodecore_str fingerprint256;
  nodecore_str fingerprint512;
  nodecore_str serial_number;
  nodecore_str raw;
  nodecore_str asn1_curve;     /**< OpenSSL's name of the curve (EC) */
  nodecore_str nist_curve;     /**< NIST's name of the curve (EC) */
  uint32_t bits;               /**< of the modulus (RSA) or of the group's order (EC) */
  bool ca;
  bool has_info_access;
  bool has_ext_key_usage;
} nodecore_x509_legacy_fields;

/** A text and its name. */
typedef struct nodecore_x509_attribute {
  nodecore_str name;
  nodecore_str value;
} nodecore_x509_attribute;

/** The lists of a nodecore_x509_legacy. */
enum {
  NODECORE_X509_LEGACY_SUBJECT = 0,    /**< names such as "CN" */
  NODECORE_X509_LEGACY_ISSUER = 1,     /**< likewise */
  NODECORE_X509_LEGACY_INFO_ACCESS = 2 /**< names such as "OCSP - URI"; nothing is quoted */
};

/** Tells all of a certificate at once, as older parts of Node have it.
 *  Returns    NODECORE_OK.
 *  Ownership  caller frees `*out` (nodecore_x509_legacy_free).
 *  Nullable   err.             Threads  any.
 *  Node       x509.toLegacyObject                                Since    0.1 */
NODECORE_API nodecore_status nodecore_x509_to_legacy_object(const nodecore_x509 *cert, nodecore_x509_legacy **out,
                                                            nodecore_error **err);

/** Frees the object.          Nullable   legacy.                Since    0.1 */
NODECORE_API void nodecore_x509_legacy_free(nodecore_x509_legacy *legacy);

/** Returns what is no list; nothing for NULL.
 *  Ownership  borrowed from the object.  Threads  any.          Since    0.1 */
NODECORE_API nodecore_x509_legacy_fields nodecore_x509_legacy_get(const nodecore_x509_legacy *legacy);

/** Returns one of the texts of the list NODECORE_X509_LEGACY_*; texts of one name follow each other. Both views are
 *  `{NULL, 0}` past the last.
 *  Ownership  borrowed from the object.  Threads  any.          Since    0.1 */
NODECORE_API nodecore_x509_attribute nodecore_x509_legacy_attribute(const nodecore_x509_legacy *legacy, int32_t list,
                                                                    size_t index);

/** Returns one of the extended uses of the key; `{NULL, 0}` past the last.
 *  Ownership  borrowed from the object.  Threads  any.          Since    0.1 */
NODECORE_API nodecore_str nodecore_x509_legacy_ext_key_usage(const nodecore_x509_legacy *legacy, size_t index);

#ifdef __cplusplus
}
#endif

#endif
