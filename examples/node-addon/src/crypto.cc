#include "crypto.h"

namespace addon {

NODECORE_ADDON_SHAPE(nodecore_crypto_secure_heap, NODECORE_CRYPTO_SECURE_HEAP_INIT,
                     FIELD(total) FIELD(used) FIELD(utilization) FIELD(min))

namespace {

const struct {
  const char *name;
  double value;
} numbers[] = {
#define CONSTANT(NAME) {#NAME, static_cast<double>(NODECORE_CRYPTO_##NAME)},
    CONSTANT(OPENSSL_VERSION_NUMBER) CONSTANT(SSL_OP_ALL) CONSTANT(SSL_OP_ALLOW_NO_DHE_KEX)
    CONSTANT(SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION) CONSTANT(SSL_OP_CIPHER_SERVER_PREFERENCE)
    CONSTANT(SSL_OP_CISCO_ANYCONNECT) CONSTANT(SSL_OP_COOKIE_EXCHANGE)
    CONSTANT(SSL_OP_CRYPTOPRO_TLSEXT_BUG) CONSTANT(SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS)
    CONSTANT(SSL_OP_LEGACY_SERVER_CONNECT) CONSTANT(SSL_OP_NO_COMPRESSION)
    CONSTANT(SSL_OP_NO_ENCRYPT_THEN_MAC) CONSTANT(SSL_OP_NO_QUERY_MTU) CONSTANT(SSL_OP_NO_RENEGOTIATION)
    CONSTANT(SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION) CONSTANT(SSL_OP_NO_SSLv2)
    CONSTANT(SSL_OP_NO_SSLv3) CONSTANT(SSL_OP_NO_TICKET) CONSTANT(SSL_OP_NO_TLSv1)
    CONSTANT(SSL_OP_NO_TLSv1_1) CONSTANT(SSL_OP_NO_TLSv1_2) CONSTANT(SSL_OP_NO_TLSv1_3)
    CONSTANT(SSL_OP_PRIORITIZE_CHACHA) CONSTANT(SSL_OP_TLS_ROLLBACK_BUG) CONSTANT(ENGINE_METHOD_RSA)
    CONSTANT(ENGINE_METHOD_DSA) CONSTANT(ENGINE_METHOD_DH) CONSTANT(ENGINE_METHOD_RAND)
    CONSTANT(ENGINE_METHOD_EC) CONSTANT(ENGINE_METHOD_CIPHERS) CONSTANT(ENGINE_METHOD_DIGESTS)
    CONSTANT(ENGINE_METHOD_PKEY_METHS) CONSTANT(ENGINE_METHOD_PKEY_ASN1_METHS)
    CONSTANT(ENGINE_METHOD_ALL) CONSTANT(ENGINE_METHOD_NONE) CONSTANT(DH_CHECK_P_NOT_SAFE_PRIME)
    CONSTANT(DH_CHECK_P_NOT_PRIME) CONSTANT(DH_UNABLE_TO_CHECK_GENERATOR)
    CONSTANT(DH_NOT_SUITABLE_GENERATOR) CONSTANT(RSA_PKCS1_PADDING) CONSTANT(RSA_SSLV23_PADDING)
    CONSTANT(RSA_NO_PADDING) CONSTANT(RSA_PKCS1_OAEP_PADDING) CONSTANT(RSA_X931_PADDING)
    CONSTANT(RSA_PKCS1_PSS_PADDING) CONSTANT(RSA_PSS_SALTLEN_DIGEST) CONSTANT(RSA_PSS_SALTLEN_MAX_SIGN)
    CONSTANT(RSA_PSS_SALTLEN_AUTO) CONSTANT(TLS1_VERSION) CONSTANT(TLS1_1_VERSION)
    CONSTANT(TLS1_2_VERSION) CONSTANT(TLS1_3_VERSION) CONSTANT(POINT_CONVERSION_COMPRESSED)
    CONSTANT(POINT_CONVERSION_UNCOMPRESSED) CONSTANT(POINT_CONVERSION_HYBRID)
#undef CONSTANT
};

// crypto.constants.
napi_value constants(napi_env env, napi_callback_info) {
  napi_value object;
  napi_create_object(env, &object);
  for (const auto &each : numbers)
    napi_set_named_property(env, object, each.name, js_number(env, each.value));
  const auto text = [&](const char *name, const char *value) {
    napi_set_named_property(env, object, name, js_text(env, value, strlen(value)));
  };
  text("defaultCoreCipherList", NODECORE_CRYPTO_DEFAULT_CORE_CIPHER_LIST);
  text("defaultCipherList", NODECORE_CRYPTO_DEFAULT_CIPHER_LIST);
  return object;
}

const Binding bindings[] = {
    {"nodecore_crypto_constants", constants},
    BYTES(nodecore_crypto_curve_at),
    BYTES(nodecore_crypto_curve_count),
    BYTES(nodecore_crypto_get_fips),
    BYTES(nodecore_buffer_encoding),
    BYTES(nodecore_crypto_secure_heap_init),    BYTES(nodecore_buffer_encoding),
    BYTES(nodecore_crypto_secure_heap_init),
    BYTES(nodecore_crypto_secure_heap_used),
    BYTES(nodecore_crypto_set_engine),
    BYTES(nodecore_crypto_set_fips),
    BYTES(nodecore_crypto_timing_safe_equal),
};

}  // namespace

CRYPTO_TABLE(crypto);

}  // namespace addon
