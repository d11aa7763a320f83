// Certificates, and requests for them.
#include "crypto.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_x509, nodecore_x509_free)
NODECORE_ADDON_STILL(nodecore_x509)
NODECORE_ADDON_HANDLE(nodecore_x509_legacy, nodecore_x509_legacy_free)
NODECORE_ADDON_SHAPE(nodecore_x509_check_options, NODECORE_X509_CHECK_OPTIONS_INIT,
                     FIELD(subject) FIELD(no_wildcards) FIELD(no_partial_wildcards)
                     FIELD(multi_label_wildcards) FIELD(single_label_subdomains))
NODECORE_ADDON_SHAPE(nodecore_x509_attribute, {}, FIELD(name) FIELD(value))
NODECORE_ADDON_SHAPE(nodecore_x509_legacy_fields, {},
                     FIELD(subjectaltname) FIELD(modulus) FIELD(exponent) RAW_FIELD(pubkey) FIELD(valid_from)
                     FIELD(valid_to) FIELD(fingerprint) FIELD(fingerprint256) FIELD(fingerprint512)
                     FIELD(serial_number) RAW_FIELD(raw) FIELD(asn1_curve) FIELD(nist_curve) FIELD(bits)
                     FIELD(ca) FIELD(has_info_access) FIELD(has_ext_key_usage))

namespace {

const Binding bindings[] = {
    BYTES(nodecore_spkac_export_challenge),
    BYTES(nodecore_spkac_export_public_key),
    BYTES(nodecore_spkac_verify),
    BYTES(nodecore_x509_ca),
    BYTES(nodecore_x509_check_email),
    TEXT(nodecore_x509_check_host),
    BYTES(nodecore_x509_check_ip),
    BYTES(nodecore_x509_check_issued),
    BYTES(nodecore_x509_check_private_key),
    BYTES(nodecore_x509_fingerprint),
    BYTES(nodecore_x509_fingerprint256),
    BYTES(nodecore_x509_fingerprint512),
    BYTES(nodecore_x509_has_key_usage),
    BYTES(nodecore_x509_info_access),
    BYTES(nodecore_x509_issuer),
    BYTES(nodecore_x509_issuer_certificate),
    BYTES(nodecore_x509_key_usage),
    BYTES(nodecore_x509_legacy_attribute),
    BYTES(nodecore_x509_legacy_ext_key_usage),
    BYTES(nodecore_x509_legacy_get),
    BYTES(nodecore_x509_new),
    BYTES(nodecore_x509_public_key),
    RAW(nodecore_x509_raw),
    BYTES(nodecore_x509_serial_number),
    BYTES(nodecore_x509_signature_algorithm),
    BYTES(nodecore_x509_signature_algorithm_oid),
    BYTES(nodecore_x509_subject),
    BYTES(nodecore_x509_subject_alt_name),
    BYTES(nodecore_x509_to_legacy_object),
    BYTES(nodecore_x509_to_string),
    BYTES(nodecore_x509_valid_from),
    BYTES(nodecore_x509_valid_from_date),
    BYTES(nodecore_x509_valid_to),
    BYTES(nodecore_x509_valid_to_date),
    BYTES(nodecore_x509_verify),
};

}  // namespace

CRYPTO_TABLE(crypto_x509);

}  // namespace addon
