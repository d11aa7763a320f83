#include "crypto.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_sign, nodecore_sign_free)
NODECORE_ADDON_STILL(nodecore_sign)
NODECORE_ADDON_HANDLE(nodecore_verify, nodecore_verify_free)
NODECORE_ADDON_STILL(nodecore_verify)
NODECORE_ADDON_SHAPE(nodecore_sign_options, NODECORE_SIGN_OPTIONS_INIT,
                     FIELD(padding) FIELD(salt_length) FIELD(has_padding) FIELD(has_salt_length)
                     FIELD(dsa_encoding) FIELD(context))

namespace {

const Binding bindings[] = {
    BYTES(nodecore_crypto_sign),
    BYTES(nodecore_crypto_sign_sync),
    BYTES(nodecore_crypto_verify),
    BYTES(nodecore_crypto_verify_sync),
    BYTES(nodecore_sign_new),
    BYTES(nodecore_sign_sign),
    BYTES(nodecore_sign_update),
    BYTES(nodecore_verify_new),
    BYTES(nodecore_verify_update),
    BYTES(nodecore_verify_verify),
};

}  // namespace

CRYPTO_TABLE(crypto_sign);

}  // namespace addon
