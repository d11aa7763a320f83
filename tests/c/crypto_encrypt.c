/* crypto_encrypt.h */
#include "check.h"

#define TEXT(text) text, NODECORE_AUTO_LEN

static nodecore_str view(const char *text) {
  nodecore_str s = {text, strlen(text)};
  return s;
}

typedef struct {
  nodecore_key *public_key, *private_key;
} pair;

static pair generate(const char *type) {
  nodecore_key_pair_options opts = NODECORE_KEY_PAIR_OPTIONS_INIT;
  opts.modulus_length = 1024;
  pair made = {NULL, NULL};
  CHECK_OK(nodecore_crypto_generate_key_pair_sync(TEXT(type), &opts, &made.public_key, &made.private_key, NULL));
  return made;
}

static void drop(pair keys) {
  nodecore_key_free(keys.public_key);
  nodecore_key_free(keys.private_key);
}

static void encryption(pair rsa, pair ed) {
  nodecore_error *err = NULL;
  nodecore_buf text = NODECORE_BUF_INIT, out = NODECORE_BUF_INIT;
  nodecore_crypto_rsa_options opts = NODECORE_CRYPTO_RSA_OPTIONS_INIT;
  opts.oaep_hash = view("sha256");
  opts.oaep_label = view("a label");
  const nodecore_crypto_rsa_options *all[] = {NULL, &opts};
  for (int i = 0; i < 2; i++) {
    char *message = exact("hello", 5);
    CHECK_OK(nodecore_crypto_public_encrypt(rsa.public_key, message, 5, all[i], &text, NULL));
    free(message);
    char *copy = exact(text.data, text.len);
    CHECK_OK(nodecore_crypto_private_decrypt(rsa.private_key, copy, text.len, all[i], &out, NULL));
    CHECK(gave(&out, "hello"));
    CHECK_STATUS(nodecore_crypto_private_decrypt(rsa.private_key, copy, text.len, all[1 - i], &out, &err), NODECORE_ERR_OSSL);
    CHECK(is(nodecore_error_code(err), "ERR_OSSL_RSA_OAEP_DECODING_ERROR"));
    nodecore_error_free(err);
    err = NULL;
    free(copy);
    nodecore_buf_free(&text);
  }
  CHECK_OK(nodecore_crypto_private_encrypt(rsa.private_key, "hello", 5, NULL, &text, NULL));
  CHECK_OK(nodecore_crypto_public_decrypt(rsa.public_key, text.data, text.len, NULL, &out, NULL));
  CHECK(gave(&out, "hello"));
  CHECK_STATUS(nodecore_crypto_public_decrypt(rsa.public_key, text.data, text.len - 1, NULL, &out, NULL), NODECORE_ERR_OSSL);
  CHECK_STATUS(nodecore_crypto_private_encrypt(rsa.public_key, "x", 1, NULL, &out, NULL), NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE);
  CHECK_STATUS(nodecore_crypto_private_decrypt(NULL, "x", 1, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_public_encrypt(ed.public_key, "x", 1, NULL, &out, NULL), NODECORE_ERR_OSSL);
  CHECK_STATUS(nodecore_crypto_public_encrypt(rsa.public_key, NULL, 1, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_public_encrypt(rsa.public_key, "x", 1, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  opts.oaep_hash = view("nope");
  CHECK_STATUS(nodecore_crypto_public_encrypt(rsa.public_key, "x", 1, &opts, &out, &err), NODECORE_ERR_OSSL);
  CHECK(failed_with(&err, "ERR_OSSL_EVP_INVALID_DIGEST", "Invalid digest used"));
  /* Implicit rejection. */
  opts = (nodecore_crypto_rsa_options)NODECORE_CRYPTO_RSA_OPTIONS_INIT;
  opts.padding = NODECORE_CRYPTO_RSA_PKCS1_PADDING;
  CHECK_OK(nodecore_crypto_private_decrypt(rsa.private_key, text.data, text.len, &opts, &out, NULL));
  nodecore_buf_free(&out);
  nodecore_buf_free(&text);
}

int main(void) {
  pair rsa = generate("rsa"), ed = generate("ed25519");
  encryption(rsa, ed);
  drop(rsa);
  drop(ed);
  return 0;
}
