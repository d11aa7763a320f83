#include "crypto.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_hmac, nodecore_hmac_free)
NODECORE_ADDON_STILL(nodecore_hmac)
NODECORE_ADDON_NUMBERED(nodecore_hmac)
NODECORE_ADDON_HANDLE(nodecore_mac, nodecore_mac_free)
NODECORE_ADDON_STILL(nodecore_mac)
NODECORE_ADDON_SHAPE(nodecore_mac_options, NODECORE_MAC_OPTIONS_INIT,
                     FIELD(digest) FIELD(cipher) FIELD(iv) FIELD(customization) FIELD(salt)
                     FIELD(output_length) FIELD(has_output_length))

namespace {

const Binding bindings[] = {
    BYTES(nodecore_crypto_mac_name),
    BYTES(nodecore_hmac_digest),
    TEXT(nodecore_hmac_digest_encoded),
    BYTES(nodecore_hmac_new),
    BYTES(nodecore_hmac_update),
    BYTES(nodecore_mac_final),
    BYTES(nodecore_mac_new),
    BYTES(nodecore_mac_update),
};

}  // namespace

CRYPTO_TABLE(crypto_mac);

}  // namespace addon
