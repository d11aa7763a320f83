// Agreement and encapsulation.
#include "crypto.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_dh, nodecore_dh_free)
NODECORE_ADDON_HANDLE(nodecore_ecdh, nodecore_ecdh_free)

namespace {

const Binding bindings[] = {
    BYTES(nodecore_crypto_decapsulate),
    BYTES(nodecore_crypto_decapsulate_sync),
    BYTES(nodecore_crypto_diffie_hellman),
    BYTES(nodecore_crypto_diffie_hellman_sync),
    BYTES(nodecore_crypto_encapsulate),
    BYTES(nodecore_crypto_encapsulate_sync),
    BYTES(nodecore_dh_compute_secret),
    BYTES(nodecore_dh_generate_keys),
    BYTES(nodecore_dh_generator),
    BYTES(nodecore_dh_new),
    BYTES(nodecore_dh_new_group),
    BYTES(nodecore_dh_new_of_length),
    BYTES(nodecore_dh_prime),
    BYTES(nodecore_dh_private_key),
    BYTES(nodecore_dh_public_key),
    BYTES(nodecore_dh_set_private_key),
    BYTES(nodecore_dh_set_public_key),
    BYTES(nodecore_dh_verify_error),
    BYTES(nodecore_ecdh_compute_secret),
    BYTES(nodecore_ecdh_convert_key),
    BYTES(nodecore_ecdh_generate_keys),
    BYTES(nodecore_ecdh_new),
    BYTES(nodecore_ecdh_private_key),
    BYTES(nodecore_ecdh_public_key),
    BYTES(nodecore_ecdh_set_private_key),
    BYTES(nodecore_ecdh_set_public_key),
};

}  // namespace

CRYPTO_TABLE(crypto_dh);

}  // namespace addon
