#include "signatures.h"

static nodecore_loop *loop;
static size_t bytes;

static void signed_(const nodecore_error *err, nodecore_buf *signature, void *user) {
  (void)user;
  if (err == NULL) bytes += signature->len;
}

static size_t all(void) {
  bytes = 0;
  for (int i = 0; i < 64; i++)
    MUST(nodecore_crypto_sign(loop, "sha256", 6, message, sizeof message, private_key, NULL, signed_, NULL, NULL, NULL, NULL));
  MUST(nodecore_loop_run(loop, NODECORE_RUN_DEFAULT, NULL, NULL));
  return bytes;
}

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) sink += all();
}

int main(void) {
  make_pair("rsa");
  MUST(nodecore_loop_new(&loop, NULL));
  char check[24];
  snprintf(check, sizeof check, "%zu", all());
  measure(check, run);
  nodecore_loop_free(loop);
  return done();
}
