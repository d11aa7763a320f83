#include "crypto.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_crypto_key, nodecore_crypto_key_free)
NODECORE_ADDON_SHAPE(nodecore_crypto_algorithm, NODECORE_CRYPTO_ALGORITHM_INIT,
                     FIELD(name) FIELD(hash) FIELD(named_curve) FIELD(public_exponent) FIELD(iv)
                     FIELD(counter) FIELD(additional_data) FIELD(label) FIELD(context) FIELD(customization)
                     FIELD(function_name) FIELD(salt) FIELD(info) FIELD(nonce) FIELD(secret_value)
                     FIELD(associated_data) FIELD(public_key) FIELD(has) FIELD(length) FIELD(tag_length)
                     FIELD(modulus_length) FIELD(salt_length) FIELD(output_length) FIELD(iterations)
                     FIELD(parallelism) FIELD(memory) FIELD(passes) FIELD(domain_separation) FIELD(version))
NODECORE_ADDON_SHAPE(nodecore_crypto_key_algorithm, {},
                     FIELD(name) FIELD(hash) FIELD(named_curve) RAW_FIELD(public_exponent) FIELD(length)
                     FIELD(modulus_length))

namespace {

const Binding bindings[] = {
    BYTES(nodecore_crypto_key_extractable),
    BYTES(nodecore_crypto_key_get_algorithm),
    BYTES(nodecore_crypto_key_to_key),
    VALUE(nodecore_crypto_key_type),
    BYTES(nodecore_crypto_key_usages),
    BYTES(nodecore_key_to_crypto_key),
    BYTES(nodecore_subtle_decapsulate_bits),
    BYTES(nodecore_subtle_decapsulate_key),
    BYTES(nodecore_subtle_decrypt),
    BYTES(nodecore_subtle_derive_bits),
    BYTES(nodecore_subtle_derive_key),
    BYTES(nodecore_subtle_digest),
    BYTES(nodecore_subtle_encapsulate_bits),
    BYTES(nodecore_subtle_encapsulate_key),
    BYTES(nodecore_subtle_encrypt),
    BYTES(nodecore_subtle_export_key),
    BYTES(nodecore_subtle_generate_key),
    BYTES(nodecore_subtle_get_public_key),
    BYTES(nodecore_subtle_import_key),
    BYTES(nodecore_subtle_sign),
    BYTES(nodecore_subtle_supports),
    BYTES(nodecore_subtle_unwrap_key),
    BYTES(nodecore_subtle_verify),
    BYTES(nodecore_subtle_wrap_key),
};

}  // namespace

CRYPTO_TABLE(crypto_web);

}  // namespace addon
