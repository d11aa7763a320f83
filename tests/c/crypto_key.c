/* crypto_key.h */
#include "check.h"

static nodecore_str view(const char *text) {
  nodecore_str s = {text, strlen(text)};
  return s;
}

static nodecore_key *generate(const char *type, const char *curve) {
  nodecore_key_pair_options opts = NODECORE_KEY_PAIR_OPTIONS_INIT;
  if (curve != NULL) opts.named_curve = view(curve);
  nodecore_key *public_key = NULL, *private_key = NULL;
  CHECK_OK(nodecore_crypto_generate_key_pair_sync(type, NODECORE_AUTO_LEN, &opts, &public_key, &private_key, NULL));
  CHECK(nodecore_key_type(public_key) == NODECORE_KEY_PUBLIC);
  CHECK(nodecore_key_type(private_key) == NODECORE_KEY_PRIVATE);
  CHECK(!nodecore_key_equals(public_key, private_key));
  nodecore_key *half = NULL;
  CHECK_OK(nodecore_key_to_public(private_key, &half, NULL));
  CHECK(nodecore_key_equals(public_key, half));
  nodecore_error *err = NULL;
  nodecore_key *none = NULL;
  CHECK_STATUS(nodecore_key_to_public(half, &none, &err), NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE",
                    "Invalid key object type public, expected private."));
  CHECK(none == NULL);
  nodecore_key_free(half);
  nodecore_key_free(public_key);
  return private_key;
}

/* Writes a private key in a form and reads it again. */
static void round_trip(const nodecore_key *key, int32_t format, int32_t encoding, const char *passphrase) {
  nodecore_key_export_options opts = NODECORE_KEY_EXPORT_OPTIONS_INIT;
  opts.format = format;
  opts.encoding = encoding;
  if (passphrase != NULL) {
    opts.cipher = view("aes-256-cbc");
    opts.passphrase = view(passphrase);
  }
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_key_export(key, &opts, &out, NULL));
  nodecore_key_input input = NODECORE_KEY_INPUT_INIT;
  input.format = format;
  input.encoding = encoding;
  char *copy = exact(out.data, out.len);
  input.data.data = copy;
  input.data.len = out.len;
  nodecore_buf_free(&out);
  input.asymmetric_key_type = nodecore_key_asymmetric_type(key);
  input.named_curve = nodecore_key_asymmetric_details(key).named_curve;
  if (passphrase != NULL) input.passphrase = view(passphrase);
  nodecore_key *read = NULL;
  CHECK_OK(nodecore_crypto_create_private_key(&input, &read, NULL));
  CHECK(nodecore_key_equals(key, read));
  nodecore_key_free(read);
  CHECK_OK(nodecore_crypto_create_public_key(&input, &read, NULL));
  CHECK(nodecore_key_type(read) == NODECORE_KEY_PUBLIC);
  nodecore_key_free(read);

  if (passphrase != NULL) {
    nodecore_error *err = NULL;
    input.passphrase = view("wrong");
    CHECK_STATUS(nodecore_crypto_create_private_key(&input, &read, &err), NODECORE_ERR_OSSL);
    CHECK(is(nodecore_error_code(err), "ERR_OSSL_BAD_DECRYPT"));
    CHECK(is(nodecore_error_library(err), "Provider routines"));
    CHECK(is(nodecore_error_reason(err), "bad decrypt"));
    size_t count = 0;
    while (nodecore_error_openssl_stack(err, count).data != NULL) count++;
    CHECK(count > 0);
    nodecore_str oldest = nodecore_error_openssl_stack(err, count - 1);
    nodecore_str message = nodecore_error_message(err);
    CHECK(oldest.len == message.len && memcmp(oldest.data, message.data, oldest.len) == 0);
    nodecore_error_free(err);
  }
  free(copy);
}

static int calls, released;
static void release(void *user) {
  (void)user;
  released++;
}
static void made(const nodecore_error *err, nodecore_key *key, void *user) {
  CHECK(err == NULL && user == &calls);
  CHECK(nodecore_key_secret(key).len == 16);
  nodecore_key_free(key);
  calls++;
}
static void pair_made(const nodecore_error *err, nodecore_key *public_key, nodecore_key *private_key, void *user) {
  CHECK(err == NULL && user == &calls);
  CHECK(is(nodecore_key_asymmetric_type(public_key), "x25519"));
  nodecore_key_free(public_key);
  nodecore_key_free(private_key);
  calls++;
}
static void pair_refused(const nodecore_error *err, nodecore_key *public_key, nodecore_key *private_key,
                         void *user) {
  CHECK(user == &calls && public_key == NULL && private_key == NULL);
  CHECK(is(nodecore_error_code(err), "ERR_OSSL_KEY_SIZE_TOO_SMALL"));
  calls++;
}

static void secrets(void) {
  nodecore_key *key = NULL, *other = NULL;
  CHECK_OK(nodecore_crypto_create_secret_key("abc", 3, &key, NULL));
  CHECK_OK(nodecore_crypto_create_secret_key(NULL, 0, &other, NULL));
  CHECK(nodecore_key_type(key) == NODECORE_KEY_SECRET);
  CHECK(is(nodecore_key_secret(key), "abc") && nodecore_key_secret(other).len == 0);
  CHECK(nodecore_key_asymmetric_type(key).data == NULL);
  CHECK(nodecore_key_asymmetric_details(key).salt_length == -1);
  CHECK(!nodecore_key_equals(key, other));
  nodecore_key_free(other);
  other = nodecore_key_copy(key);
  CHECK(nodecore_key_equals(key, other));
  nodecore_key_free(key);
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_key_export(other, NULL, &out, NULL));
  CHECK(gave(&out, "abc"));
  nodecore_key_export_options opts = NODECORE_KEY_EXPORT_OPTIONS_INIT;
  opts.format = NODECORE_KEY_JWK;
  CHECK_OK(nodecore_key_export(other, &opts, &out, NULL));
  CHECK(gave(&out, "{\"kty\":\"oct\",\"k\":\"YWJj\"}"));
  opts.format = 99;
  CHECK_STATUS(nodecore_key_export(other, &opts, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  nodecore_key_free(other);

  CHECK_OK(nodecore_crypto_generate_key_sync("hmac", 4, 64, &key, NULL));
  CHECK(nodecore_key_secret(key).len == 8);
  nodecore_key_free(key);
  CHECK_STATUS(nodecore_crypto_generate_key_sync("hmac", 4, 7, &key, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_crypto_generate_key_sync("x", 1, 64, &key, NULL), NODECORE_ERR_INVALID_ARG_VALUE);

  CHECK(nodecore_key_type(NULL) == -1 && nodecore_key_secret(NULL).data == NULL);
  CHECK(nodecore_key_asymmetric_type(NULL).data == NULL && nodecore_key_copy(NULL) == NULL);
  CHECK(nodecore_key_asymmetric_details(NULL).modulus_length == 0);
  CHECK(!nodecore_key_equals(NULL, NULL));
  nodecore_key_free(NULL);
  CHECK_STATUS(nodecore_crypto_create_secret_key(NULL, 3, &key, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_create_secret_key("abc", 3, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_key_export(NULL, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_create_private_key(NULL, &key, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
}

static void bad_input(void) {
  nodecore_error *err = NULL;
  nodecore_key *key = NULL;
  nodecore_key_input input = NODECORE_KEY_INPUT_INIT;
  input.format = NODECORE_KEY_PEM;
  input.data = view("abc");
  CHECK_STATUS(nodecore_crypto_create_private_key(&input, &key, &err), NODECORE_ERR_OSSL);
  CHECK(failed_with(&err, "ERR_OSSL_UNSUPPORTED", "error:1E08010C:DECODER routines::unsupported"));
  CHECK_STATUS(nodecore_crypto_create_public_key(&input, &key, NULL), NODECORE_ERR_OSSL);
  input.format = NODECORE_KEY_DER;
  CHECK_STATUS(nodecore_crypto_create_private_key(&input, &key, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  input.encoding = NODECORE_KEY_SPKI;
  CHECK_STATUS(nodecore_crypto_create_private_key(&input, &key, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  input.format = NODECORE_KEY_JWK;
  CHECK_STATUS(nodecore_crypto_create_private_key(&input, &key, NULL), NODECORE_ERR_CRYPTO_INVALID_JWK);
  input.data = view("\xff");
  CHECK_STATUS(nodecore_crypto_create_public_key(&input, &key, NULL), NODECORE_ERR_CRYPTO_INVALID_JWK);
  input.format = NODECORE_KEY_RAW_PUBLIC;
  CHECK_STATUS(nodecore_crypto_create_public_key(&input, &key, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  input.asymmetric_key_type = view("rsa");
  CHECK_STATUS(nodecore_crypto_create_public_key(&input, &key, NULL),
               NODECORE_ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS);
  input.format = 99;
  CHECK_STATUS(nodecore_crypto_create_public_key(&input, &key, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  input.struct_size = 1;
  CHECK_STATUS(nodecore_crypto_create_public_key(&input, &key, NULL), NODECORE_ERR_OUT_OF_RANGE);
  nodecore_key *other = NULL;
  CHECK_STATUS(nodecore_crypto_generate_key_pair_sync("nope", 4, NULL, &key, &other, NULL),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_crypto_generate_key_pair_sync("ec", 2, NULL, &key, &other, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(key == NULL && other == NULL);
}

static void on_the_loop(void) {
  nodecore_loop *loop = NULL;
  CHECK_OK(nodecore_loop_new(&loop, NULL));
  CHECK_OK(nodecore_crypto_generate_key(loop, "aes", 3, 128, made, &calls, release, NULL, NULL));
  CHECK_OK(nodecore_crypto_generate_key_pair(loop, "x25519", 6, NULL, pair_made, &calls, release, NULL, NULL));
  nodecore_key_pair_options opts = NODECORE_KEY_PAIR_OPTIONS_INIT;
  opts.modulus_length = 100;
  CHECK_OK(nodecore_crypto_generate_key_pair(loop, "rsa", 3, &opts, pair_refused, &calls, release, NULL, NULL));
  CHECK_STATUS(nodecore_crypto_generate_key_pair(loop, "ec", 2, NULL, pair_made, &calls, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_generate_key(loop, "aes", 3, 128, NULL, &calls, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_loop_run(loop, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(calls == 3 && released == 5);
  /* Going away with work on the pool. */
  CHECK_OK(nodecore_crypto_generate_key_pair(loop, "x25519", 6, NULL, pair_made, &calls, release, NULL, NULL));
  nodecore_loop_free(loop);
  CHECK(released == 6);
}

int main(void) {
  secrets();
  bad_input();
  nodecore_key *key = generate("ec", "P-256");
  CHECK(is(nodecore_key_asymmetric_details(key).named_curve, "prime256v1"));
  round_trip(key, NODECORE_KEY_PEM, NODECORE_KEY_PKCS8, NULL);
  round_trip(key, NODECORE_KEY_PEM, NODECORE_KEY_PKCS8, "secret");
  round_trip(key, NODECORE_KEY_DER, NODECORE_KEY_PKCS8, "secret");
  round_trip(key, NODECORE_KEY_PEM, NODECORE_KEY_SEC1, "secret");
  round_trip(key, NODECORE_KEY_DER, NODECORE_KEY_SEC1, NULL);
  round_trip(key, NODECORE_KEY_JWK, 0, NULL);
  round_trip(key, NODECORE_KEY_RAW_PRIVATE, 0, NULL);
  nodecore_key_free(key);
  key = generate("ml-dsa-44", NULL);
  round_trip(key, NODECORE_KEY_RAW_SEED, 0, NULL);
  round_trip(key, NODECORE_KEY_DER, NODECORE_KEY_PKCS8, NULL);
  nodecore_key_free(key);
  on_the_loop();
  return 0;
}
