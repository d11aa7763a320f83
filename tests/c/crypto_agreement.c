/* crypto_agreement.h */
#include "check.h"

typedef struct {
  nodecore_key *public_key, *private_key;
} pair;

static nodecore_str view(const char *text) {
  nodecore_str s = {text, strlen(text)};
  return s;
}

static pair generate(const char *type, const char *curve) {
  nodecore_key_pair_options opts = NODECORE_KEY_PAIR_OPTIONS_INIT;
  if (curve != NULL) opts.named_curve = view(curve);
  opts.group = view("modp14");
  if (strcmp(type, "dh") != 0) opts.group.data = NULL, opts.group.len = 0;
  pair p = {NULL, NULL};
  CHECK_OK(nodecore_crypto_generate_key_pair_sync(type, NODECORE_AUTO_LEN, &opts, &p.public_key, &p.private_key, NULL));
  return p;
}

static void drop(pair p) {
  nodecore_key_free(p.public_key);
  nodecore_key_free(p.private_key);
}

static int called, released;
static void release(void *user) {
  (void)user;
  released++;
}
static void agreed(const nodecore_error *err, nodecore_buf *result, void *user) {
  nodecore_buf *expected = user;
  CHECK(err == NULL && result->len == expected->len);
  CHECK(memcmp(result->data, expected->data, expected->len) == 0);
  called++;
}
static void refused(const nodecore_error *err, nodecore_buf *result, void *user) {
  CHECK(result == NULL && user == &called);
  CHECK(is(nodecore_error_code(err), "ERR_OSSL_MISMATCHING_DOMAIN_PARAMETERS"));
  called++;
}

static void agree(nodecore_loop *loop, const char *type, const char *curve, size_t len) {
  pair alice = generate(type, curve), bob = generate(type, curve);
  nodecore_buf one = NODECORE_BUF_INIT, other = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_crypto_diffie_hellman_sync(alice.private_key, bob.public_key, &one, NULL));
  CHECK_OK(nodecore_crypto_diffie_hellman_sync(bob.private_key, alice.private_key, &other, NULL));
  CHECK(one.len == len && other.len == len && memcmp(one.data, other.data, len) == 0);
  nodecore_request *req = NULL;
  CHECK_OK(nodecore_crypto_diffie_hellman(loop, bob.private_key, alice.public_key, agreed, &one, release, &req, NULL));
  drop(alice);
  drop(bob);
  CHECK_OK(nodecore_loop_run(loop, NODECORE_RUN_DEFAULT, NULL, NULL));
  nodecore_request_free(req);
  nodecore_crypto_cleanse((void *)other.data, other.len);
  nodecore_buf_free(&one);
  nodecore_buf_free(&other);
}

int main(void) {
  nodecore_loop *loop = NULL;
  CHECK_OK(nodecore_loop_new(&loop, NULL));
  agree(loop, "x25519", NULL, 32);
  agree(loop, "x448", NULL, 56);
  agree(loop, "ec", "P-521", 66);
  agree(loop, "dh", NULL, 256);
  CHECK(called == 4 && released == 4);

  pair p256 = generate("ec", "P-256"), p384 = generate("ec", "P-384"), x25519 = generate("x25519", NULL);
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_crypto_diffie_hellman_sync(p256.private_key, x25519.public_key, &out, &err),
               NODECORE_ERR_CRYPTO_INCOMPATIBLE_KEY);
  CHECK(failed_with(&err, "ERR_CRYPTO_INCOMPATIBLE_KEY", "Incompatible key types for Diffie-Hellman: ec and x25519"));
  CHECK_STATUS(nodecore_crypto_diffie_hellman_sync(p256.public_key, p256.public_key, &out, &err),
               NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE",
                    "Invalid key object type public, expected private."));
  CHECK_STATUS(nodecore_crypto_diffie_hellman_sync(p256.private_key, p384.public_key, &out, NULL), NODECORE_ERR_OSSL);
  CHECK_STATUS(nodecore_crypto_diffie_hellman_sync(NULL, p384.public_key, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_diffie_hellman_sync(p256.private_key, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_diffie_hellman_sync(p256.private_key, p256.public_key, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(out.data == NULL);

  CHECK_OK(nodecore_crypto_diffie_hellman(loop, p256.private_key, p384.public_key, refused, &called, release, NULL, NULL));
  CHECK_STATUS(nodecore_crypto_diffie_hellman(loop, p256.private_key, x25519.public_key, refused, &called, release, NULL, NULL),
               NODECORE_ERR_CRYPTO_INCOMPATIBLE_KEY);
  CHECK_STATUS(nodecore_crypto_diffie_hellman(loop, p256.private_key, p256.public_key, NULL, &called, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_diffie_hellman(NULL, p256.private_key, p256.public_key, refused, &called, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(called == 4 && released == 7);
  CHECK_OK(nodecore_loop_run(loop, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(called == 5 && released == 8);
  drop(p256);
  drop(p384);
  drop(x25519);
  CHECK_OK(nodecore_loop_close(loop, NULL));
  nodecore_loop_free(loop);
  return 0;
}
