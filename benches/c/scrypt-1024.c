#include "harness.h"

static char key[32];
static volatile size_t sink;

static nodecore_buf once(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_crypto_scrypt_options options = NODECORE_CRYPTO_SCRYPT_OPTIONS_INIT;
  options.cost = 1024;
  MUST(nodecore_crypto_scrypt_sync(key, sizeof key, "salt", 4, 32, &options, &out, NULL));
  return out;
}

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) {
    nodecore_buf out = once();
    sink += out.len;
    nodecore_buf_free(&out);
  }
}

int main(void) {
  memset(key, 'k', sizeof key);
  nodecore_buf out = once();
  char hex[65] = "";
  for (size_t i = 0; i < out.len && i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", (unsigned char)out.data[i]);
  nodecore_buf_free(&out);
  measure(hex, run);
  return 0;
}
