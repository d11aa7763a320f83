/* crypto_kem.h */
#include "check.h"

#define TEXT(text) text, NODECORE_AUTO_LEN

typedef struct {
  nodecore_key *public_key, *private_key;
} pair;

static pair generate(const char *type) {
  pair made = {NULL, NULL};
  CHECK_OK(nodecore_crypto_generate_key_pair_sync(TEXT(type), NULL, &made.public_key, &made.private_key, NULL));
  return made;
}

static void drop(pair keys) {
  nodecore_key_free(keys.public_key);
  nodecore_key_free(keys.private_key);
}

static int calls, released;
static nodecore_buf secret = NODECORE_BUF_INIT, sealed = NODECORE_BUF_INIT;
static void release(void *user) {
  (void)user;
  released++;
}
static void encapsulated(const nodecore_error *err, nodecore_buf *shared_key, nodecore_buf *ciphertext, void *user) {
  CHECK(err == NULL && user == &calls);
  CHECK(shared_key->len == 32 && ciphertext->len == 768);
  secret = nodecore_buf_take(shared_key);
  sealed = nodecore_buf_take(ciphertext);
  calls++;
}
static void not_taken(const nodecore_error *err, nodecore_buf *shared_key, nodecore_buf *ciphertext, void *user) {
  CHECK(err == NULL && user == &calls);
  CHECK(shared_key->len == 32 && ciphertext->len == 768);
  calls++;
}
static void not_encapsulated(const nodecore_error *err, nodecore_buf *shared_key, nodecore_buf *ciphertext, void *user) {
  CHECK(shared_key == NULL && ciphertext == NULL && user == &calls);
  CHECK(is(nodecore_error_code(err), "ERR_CRYPTO_OPERATION_FAILED"));
  CHECK(is(nodecore_error_message(err), "Encapsulation failed"));
  calls++;
}
static void decapsulated(const nodecore_error *err, nodecore_buf *result, void *user) {
  CHECK(err == NULL && user == &calls);
  CHECK(result->len == secret.len && memcmp(result->data, secret.data, secret.len) == 0);
  calls++;
}
static void not_decapsulated(const nodecore_error *err, nodecore_buf *result, void *user) {
  CHECK(result == NULL && user == &calls);
  CHECK(is(nodecore_error_message(err), "Decapsulation failed"));
  calls++;
}

static void kem(pair ml, pair ed) {
  nodecore_error *err = NULL;
  nodecore_buf key = NODECORE_BUF_INIT, text = NODECORE_BUF_INIT, opened = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_crypto_encapsulate_sync(ml.public_key, &key, &text, NULL));
  CHECK(key.len == 32 && text.len == 768);
  char *copy = exact(text.data, text.len);
  CHECK_OK(nodecore_crypto_decapsulate_sync(ml.private_key, copy, text.len, &opened, NULL));
  CHECK(opened.len == 32 && memcmp(opened.data, key.data, 32) == 0);
  CHECK_STATUS(nodecore_crypto_decapsulate_sync(ml.private_key, copy, text.len - 1, &opened, &err), NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  CHECK(failed_with(&err, "ERR_CRYPTO_OPERATION_FAILED", "Decapsulation failed"));
  CHECK_STATUS(nodecore_crypto_decapsulate_sync(ml.public_key, copy, text.len, &opened, NULL), NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE);
  CHECK_STATUS(nodecore_crypto_decapsulate_sync(ml.private_key, NULL, 1, &opened, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_encapsulate_sync(ed.public_key, &key, &text, NULL), NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  CHECK_STATUS(nodecore_crypto_encapsulate_sync(NULL, &key, &text, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_encapsulate_sync(ml.public_key, &key, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  free(copy);
  nodecore_buf_free(&key);
  nodecore_buf_free(&text);
  nodecore_buf_free(&opened);

  nodecore_loop *lp = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  CHECK_OK(nodecore_crypto_encapsulate(lp, ml.public_key, encapsulated, &calls, release, NULL, NULL));
  CHECK_OK(nodecore_crypto_encapsulate(lp, ml.public_key, not_taken, &calls, release, NULL, NULL));
  CHECK_OK(nodecore_crypto_encapsulate(lp, ed.public_key, not_encapsulated, &calls, release, NULL, NULL));
  CHECK_STATUS(nodecore_crypto_encapsulate(lp, NULL, encapsulated, &calls, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(calls == 3 && released == 4);
  CHECK_OK(nodecore_crypto_decapsulate(lp, ml.private_key, sealed.data, sealed.len, decapsulated, &calls, release, NULL, NULL));
  CHECK_OK(nodecore_crypto_decapsulate(lp, ml.private_key, NULL, 0, not_decapsulated, &calls, release, NULL, NULL));
  CHECK_STATUS(nodecore_crypto_decapsulate(lp, ml.public_key, NULL, 0, decapsulated, &calls, release, NULL, NULL),
               NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE);
  nodecore_buf_free(&sealed);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(calls == 5 && released == 7);
  nodecore_buf_free(&secret);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
}

int main(void) {
  pair ed = generate("ed25519"), ml = generate("ml-kem-512");
  kem(ml, ed);
  drop(ed);
  drop(ml);
  return 0;
}
