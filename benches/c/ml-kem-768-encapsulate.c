#include "signatures.h"

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) {
    nodecore_buf key = NODECORE_BUF_INIT, text = NODECORE_BUF_INIT;
    MUST(nodecore_crypto_encapsulate_sync(public_key, &key, &text, NULL));
    sink += key.len + text.len;
    nodecore_buf_free(&key);
    nodecore_buf_free(&text);
  }
}

int main(void) {
  make_pair("ml-kem-768");
  MUST(nodecore_crypto_encapsulate_sync(public_key, &secret, &made, NULL));
  char check[24];
  snprintf(check, sizeof check, "%zu", made.len);
  measure(check, run);
  return done();
}
