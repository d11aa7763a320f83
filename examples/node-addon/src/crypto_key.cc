// Keys, and bundles of them.
#include "crypto.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_pkcs12, nodecore_pkcs12_free)
NODECORE_ADDON_SHAPE(nodecore_key_input, NODECORE_KEY_INPUT_INIT,
                     FIELD(format) FIELD(encoding) FIELD(data) FIELD(passphrase) FIELD(asymmetric_key_type)
                     FIELD(named_curve))
NODECORE_ADDON_SHAPE(nodecore_key_export_options, NODECORE_KEY_EXPORT_OPTIONS_INIT,
                     FIELD(format) FIELD(encoding) FIELD(cipher) FIELD(passphrase))
NODECORE_ADDON_SHAPE(nodecore_key_details, {},
                     FIELD(modulus_length) FIELD(divisor_length) FIELD(salt_length) RAW_FIELD(public_exponent)
                     FIELD(hash_algorithm) FIELD(mgf1_hash_algorithm) FIELD(named_curve))
NODECORE_ADDON_SHAPE(nodecore_key_pair_options, NODECORE_KEY_PAIR_OPTIONS_INIT,
                     FIELD(modulus_length) FIELD(public_exponent) FIELD(has_salt_length)
                     FIELD(explicit_curve) FIELD(salt_length) FIELD(divisor_length) FIELD(prime_length)
                     FIELD(generator) FIELD(hash_algorithm) FIELD(mgf1_hash_algorithm) FIELD(named_curve)
                     FIELD(prime) FIELD(group))

namespace {

const Binding bindings[] = {
    BYTES(nodecore_crypto_create_private_key),
    BYTES(nodecore_crypto_create_public_key),
    BYTES(nodecore_crypto_create_secret_key),
    BYTES(nodecore_crypto_generate_key),
    BYTES(nodecore_crypto_generate_key_pair),
    BYTES(nodecore_crypto_generate_key_pair_sync),
    BYTES(nodecore_crypto_generate_key_sync),
    BYTES(nodecore_crypto_parse_pkcs12),
    BYTES(nodecore_key_asymmetric_details),
    BYTES(nodecore_key_asymmetric_type),
    BYTES(nodecore_key_equals),
    BYTES(nodecore_key_export),
    RAW(nodecore_key_secret),
    BYTES(nodecore_key_to_public),
    VALUE(nodecore_key_type),
    RAW(nodecore_pkcs12_additional_certificate),
    RAW(nodecore_pkcs12_certificate),
    BYTES(nodecore_pkcs12_private_key),
};

}  // namespace

CRYPTO_TABLE(crypto_key);

}  // namespace addon
