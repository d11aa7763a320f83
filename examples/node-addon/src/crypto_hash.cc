#include "crypto.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_hash, nodecore_hash_free)
NODECORE_ADDON_STILL(nodecore_hash)
NODECORE_ADDON_NUMBERED(nodecore_hash)
NODECORE_ADDON_SHAPE(nodecore_hash_options, NODECORE_HASH_OPTIONS_INIT,
                     FIELD(output_length) FIELD(has_output_length))

namespace {

const Binding bindings[] = {
    BYTES(nodecore_crypto_hash),
    TEXT(nodecore_crypto_hash_encoded),
    BYTES(nodecore_crypto_hash_name),
    BYTES(nodecore_hash_copy),
    BYTES(nodecore_hash_digest),
    TEXT(nodecore_hash_digest_encoded),
    BYTES(nodecore_hash_new),
    BYTES(nodecore_hash_update),
};

}  // namespace

CRYPTO_TABLE(crypto_hash);

}  // namespace addon
