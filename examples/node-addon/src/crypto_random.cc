#include "crypto.h"

namespace addon {

NODECORE_ADDON_SHAPE(nodecore_crypto_random_uuid_options, NODECORE_CRYPTO_RANDOM_UUID_OPTIONS_INIT,
                     FIELD(disable_entropy_cache))
NODECORE_ADDON_SHAPE(nodecore_crypto_generate_prime_options, NODECORE_CRYPTO_GENERATE_PRIME_OPTIONS_INIT,
                     FIELD(safe) BYTES_FIELD(add) BYTES_FIELD(rem))

namespace {

const Binding bindings[] = {
    BYTES(nodecore_crypto_check_prime),
    BYTES(nodecore_crypto_check_prime_sync),
    BYTES(nodecore_crypto_generate_prime),
    BYTES(nodecore_crypto_generate_prime_sync),
    BYTES(nodecore_crypto_get_random_values),
    BYTES(nodecore_crypto_random_bytes),
    BYTES(nodecore_crypto_random_bytes_sync),
    BYTES(nodecore_crypto_random_fill_sync),
    BYTES(nodecore_crypto_random_int),
    BYTES(nodecore_crypto_random_int_sync),
    TEXT(nodecore_crypto_random_uuid),
    TEXT(nodecore_crypto_random_uuid_v7),
};

}  // namespace

CRYPTO_TABLE(crypto_random);

}  // namespace addon
