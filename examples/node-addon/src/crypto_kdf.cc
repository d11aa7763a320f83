#include "crypto.h"

namespace addon {

NODECORE_ADDON_SHAPE(nodecore_crypto_scrypt_options, NODECORE_CRYPTO_SCRYPT_OPTIONS_INIT,
                     FIELD(cost) FIELD(block_size) FIELD(parallelization) FIELD(maxmem))
NODECORE_ADDON_SHAPE(nodecore_crypto_argon2_parameters, NODECORE_CRYPTO_ARGON2_PARAMETERS_INIT,
                     BYTES_FIELD(message) BYTES_FIELD(nonce) FIELD(parallelism) FIELD(tag_length)
                     FIELD(memory) FIELD(passes) BYTES_FIELD(secret) BYTES_FIELD(associated_data))

namespace {

const Binding bindings[] = {
    BYTES(nodecore_crypto_argon2),
    BYTES(nodecore_crypto_argon2_sync),
    BYTES(nodecore_crypto_hkdf),
    BYTES(nodecore_crypto_hkdf_sync),
    BYTES(nodecore_crypto_pbkdf2),
    BYTES(nodecore_crypto_pbkdf2_sync),
    BYTES(nodecore_crypto_scrypt),
    BYTES(nodecore_crypto_scrypt_sync),
};

}  // namespace

CRYPTO_TABLE(crypto_kdf);

}  // namespace addon
