#include "harness.h"

static nodecore_loop *loop;

static void on_key(const nodecore_error *err, nodecore_buf *key, void *user) {
  if (err != NULL) exit(1);
  *(size_t *)user += key->len;
}

static size_t all(void) {
  char key[32];
  size_t bytes = 0;
  memset(key, 'k', sizeof key);
  for (int i = 0; i < 8; i++)
    MUST(nodecore_crypto_pbkdf2(loop, key, sizeof key, "salt", 4, 10000, 32, "sha256", 6, on_key, &bytes, NULL, NULL,
                                NULL));
  MUST(nodecore_loop_run(loop, NODECORE_RUN_DEFAULT, NULL, NULL));
  return bytes;
}

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) all();
}

int main(void) {
  char check[24];
  MUST(nodecore_loop_new(&loop, NULL));
  snprintf(check, sizeof check, "%zu", all());
  measure(check, run);
  MUST(nodecore_loop_close(loop, NULL));
  nodecore_loop_free(loop);
  return 0;
}
