#include "harness.h"

static volatile size_t sink;

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) {
    nodecore_buf out = NODECORE_BUF_INIT;
    MUST(nodecore_crypto_random_uuid(NULL, &out, NULL));
    sink += out.len;
    nodecore_buf_free(&out);
  }
}

int main(void) {
  measure("36", run);
  return 0;
}
