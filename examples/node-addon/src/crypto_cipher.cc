// Ciphers, and encryption with RSA.
#include "crypto.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_cipher, nodecore_cipher_free)
NODECORE_ADDON_STILL(nodecore_cipher)
NODECORE_ADDON_SHAPE(nodecore_cipher_options, NODECORE_CIPHER_OPTIONS_INIT,
                     FIELD(has_auth_tag_length) FIELD(auth_tag_length))
NODECORE_ADDON_SHAPE(nodecore_cipher_info, NODECORE_CIPHER_INFO_INIT,
                     FIELD(name) FIELD(mode) FIELD(nid) FIELD(block_size) FIELD(iv_length) FIELD(key_length))
NODECORE_ADDON_SHAPE(nodecore_crypto_rsa_options, NODECORE_CRYPTO_RSA_OPTIONS_INIT,
                     FIELD(padding) FIELD(oaep_hash) FIELD(oaep_label))

namespace {

const Binding bindings[] = {
    BYTES(nodecore_cipher_count),
    BYTES(nodecore_cipher_final),
    BYTES(nodecore_cipher_get_auth_tag),
    BYTES(nodecore_cipher_get_info),
    BYTES(nodecore_cipher_get_info_by_nid),
    BYTES(nodecore_cipher_name),
    BYTES(nodecore_cipher_new),
    BYTES(nodecore_cipher_set_aad),
    BYTES(nodecore_cipher_set_auth_tag),
    BYTES(nodecore_cipher_set_auto_padding),
    BYTES(nodecore_cipher_update),
    BYTES(nodecore_decipher_new),
    BYTES(nodecore_crypto_private_decrypt),
    BYTES(nodecore_crypto_private_encrypt),
    BYTES(nodecore_crypto_public_decrypt),
    BYTES(nodecore_crypto_public_encrypt),
};

}  // namespace

CRYPTO_TABLE(crypto_cipher);

}  // namespace addon
