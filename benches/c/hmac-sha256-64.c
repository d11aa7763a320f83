#include "harness.h"

static char key[32], data[64];
static volatile size_t sink;

static nodecore_buf once(void) {
  nodecore_hmac *hmac = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_hmac_new("sha256", 6, key, sizeof key, &hmac, NULL));
  MUST(nodecore_hmac_update(hmac, data, sizeof data, NULL));
  MUST(nodecore_hmac_digest(hmac, &out, NULL));
  nodecore_hmac_free(hmac);
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
  memset(data, 'a', sizeof data);
  nodecore_buf out = once();
  char hex[65] = "";
  for (size_t i = 0; i < out.len && i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", (unsigned char)out.data[i]);
  nodecore_buf_free(&out);
  measure(hex, run);
  return 0;
}
