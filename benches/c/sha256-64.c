#include "harness.h"

enum { SIZE = 64 };
static char data[SIZE];
static volatile size_t sink;

static void hash(size_t times) {
  for (size_t i = 0; i < times; i++) {
    nodecore_buf out = NODECORE_BUF_INIT;
    MUST(nodecore_crypto_hash("sha256", 6, data, SIZE, NULL, &out, NULL));
    sink += out.len;
    nodecore_buf_free(&out);
  }
}

int main(void) {
  memset(data, 'a', SIZE);
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_crypto_hash("sha256", 6, data, SIZE, NULL, &out, NULL));
  char hex[65] = "";
  for (size_t i = 0; i < out.len && i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", (unsigned char)out.data[i]);
  nodecore_buf_free(&out);
  measure(hex, hash);
  return 0;
}
