#include "harness.h"

static char key[32];
static volatile size_t sink;

static nodecore_buf once(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_crypto_hkdf_sync("sha256", 6, key, sizeof key, "salt", 4, "info", 4, 32, &out, NULL));
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
