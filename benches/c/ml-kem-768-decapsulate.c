#include "signatures.h"

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) {
    nodecore_buf key = NODECORE_BUF_INIT;
    MUST(nodecore_crypto_decapsulate_sync(private_key, made.data, made.len, &key, NULL));
    sink += key.len;
    nodecore_buf_free(&key);
  }
}

int main(void) {
  make_pair("ml-kem-768");
  MUST(nodecore_crypto_encapsulate_sync(public_key, &secret, &made, NULL));
  nodecore_buf key = NODECORE_BUF_INIT;
  MUST(nodecore_crypto_decapsulate_sync(private_key, made.data, made.len, &key, NULL));
  bool same = key.len == secret.len && memcmp(key.data, secret.data, key.len) == 0;
  nodecore_buf_free(&key);
  measure(same ? "true" : "false", run);
  return done();
}
