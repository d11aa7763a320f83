/* crypto_sign.h */
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
  opts.named_curve = view("P-256");
  pair made = {NULL, NULL};
  CHECK_OK(nodecore_crypto_generate_key_pair_sync(TEXT(type), &opts, &made.public_key, &made.private_key, NULL));
  return made;
}

static void drop(pair keys) {
  nodecore_key_free(keys.public_key);
  nodecore_key_free(keys.private_key);
}

/* Whether the bytes are a signature of "hello", told of an exact-size copy. */
static bool valid(const char *digest, pair keys, const char *data, size_t len, const nodecore_sign_options *opts) {
  char *copy = exact(data, len);
  bool good = false, other = true;
  CHECK_OK(nodecore_crypto_verify_sync(digest, NODECORE_AUTO_LEN, "hello", 5, keys.public_key, copy, len, opts, &good, NULL));
  CHECK_OK(nodecore_crypto_verify_sync(digest, NODECORE_AUTO_LEN, "hullo", 5, keys.public_key, copy, len, opts, &other, NULL));
  CHECK(!other);
  free(copy);
  return good;
}

/* Signs at once, and in parts if there is a digest. */
static void signs(const char *digest, pair keys, const nodecore_sign_options *opts, size_t expected) {
  nodecore_buf out = NODECORE_BUF_INIT;
  char *message = exact("hello", 5);
  CHECK_OK(nodecore_crypto_sign_sync(digest, NODECORE_AUTO_LEN, message, 5, keys.private_key, opts, &out, NULL));
  CHECK(expected == 0 || out.len == expected);
  CHECK(valid(digest, keys, out.data, out.len, opts));
  nodecore_buf_free(&out);
  if (digest != NULL) {
    nodecore_sign *sign = NULL;
    CHECK_OK(nodecore_sign_new(TEXT(digest), &sign, NULL));
    CHECK_OK(nodecore_sign_update(sign, message, 3, NULL));
    CHECK_OK(nodecore_sign_update(sign, NULL, 0, NULL));
    CHECK_OK(nodecore_sign_update(sign, message + 3, 2, NULL));
    CHECK_OK(nodecore_sign_sign(sign, keys.private_key, opts, &out, NULL));
    CHECK(valid(digest, keys, out.data, out.len, opts));
    nodecore_sign_free(sign);

    nodecore_verify *verify = NULL;
    bool good = false;
    CHECK_OK(nodecore_verify_new(TEXT(digest), &verify, NULL));
    CHECK_OK(nodecore_verify_update(verify, message, 5, NULL));
    CHECK_OK(nodecore_verify_verify(verify, keys.public_key, out.data, out.len, opts, &good, NULL));
    CHECK(good);
    CHECK_STATUS(nodecore_verify_update(verify, "x", 1, NULL), NODECORE_ERR_CRYPTO_INVALID_STATE);
    nodecore_verify_free(verify);
    nodecore_buf_free(&out);
  }
  free(message);
}

static void refused(pair rsa, pair ec, pair ed) {
  nodecore_error *err = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  bool good = true;
  nodecore_sign_options opts = NODECORE_SIGN_OPTIONS_INIT;
  CHECK_STATUS(nodecore_crypto_sign_sync(TEXT("nope"), "x", 1, rsa.private_key, NULL, &out, &err), NODECORE_ERR_CRYPTO_INVALID_DIGEST);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_DIGEST", "Invalid digest: nope"));
  CHECK_STATUS(nodecore_crypto_sign_sync(TEXT("sha256"), "x", 1, rsa.public_key, NULL, &out, &err),
               NODECORE_ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE", "Invalid key object type public, expected private."));
  CHECK_STATUS(nodecore_crypto_sign_sync(TEXT("sha256"), "x", 1, ed.private_key, NULL, &out, &err), NODECORE_ERR_OSSL);
  CHECK(is(nodecore_error_code(err), "ERR_OSSL_INVALID_DIGEST"));
  nodecore_error_free(err);
  err = NULL;
  opts.context = view("c");
  CHECK_STATUS(nodecore_crypto_sign_sync(NULL, 0, "x", 1, rsa.private_key, &opts, &out, NULL), NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  char *context = exact("", 0);
  context = realloc(context, 256);
  memset(context, 7, 256);
  opts.context.data = context;
  opts.context.len = 256;
  CHECK_STATUS(nodecore_crypto_sign_sync(NULL, 0, "x", 1, ed.private_key, &opts, &out, NULL), NODECORE_ERR_OUT_OF_RANGE);
  opts.context.len = 255;
  signs(NULL, ed, &opts, 64);
  free(context);
  opts = (nodecore_sign_options)NODECORE_SIGN_OPTIONS_INIT;
  opts.has_padding = true;
  CHECK_STATUS(nodecore_crypto_sign_sync(TEXT("sha256"), "x", 1, rsa.private_key, &opts, &out, NULL), NODECORE_ERR_OSSL);
  opts.dsa_encoding = 2;
  CHECK_STATUS(nodecore_crypto_sign_sync(TEXT("sha256"), "x", 1, rsa.private_key, &opts, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  opts.struct_size = 1;
  CHECK_STATUS(nodecore_crypto_sign_sync(TEXT("sha256"), "x", 1, rsa.private_key, &opts, &out, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_crypto_sign_sync(TEXT("sha256"), "x", 1, NULL, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_sign_sync(TEXT("sha256"), NULL, 1, rsa.private_key, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_sign_sync(TEXT("sha256"), "x", 1, rsa.private_key, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_verify_sync(TEXT("sha256"), "x", 1, NULL, "x", 1, NULL, &good, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_verify_sync(TEXT("nope"), "x", 1, rsa.public_key, "x", 1, NULL, &good, NULL), NODECORE_ERR_CRYPTO_INVALID_DIGEST);
  CHECK(good);
  CHECK_OK(nodecore_crypto_verify_sync(TEXT("sha256"), "x", 1, ec.private_key, NULL, 0, NULL, &good, NULL));
  CHECK(!good);

  nodecore_sign *sign = NULL;
  CHECK_STATUS(nodecore_sign_new(TEXT("nope"), &sign, &err), NODECORE_ERR_CRYPTO_INVALID_DIGEST);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_DIGEST", "Invalid digest"));
  CHECK_STATUS(nodecore_sign_new(NULL, 0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_sign_new(TEXT("sha256"), &sign, NULL));
  CHECK_STATUS(nodecore_sign_sign(sign, ed.private_key, NULL, &out, NULL), NODECORE_ERR_CRYPTO_UNSUPPORTED_OPERATION);
  CHECK_STATUS(nodecore_sign_sign_encoded(sign, rsa.private_key, NULL, 99, &out, NULL), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK_OK(nodecore_sign_sign_encoded(sign, rsa.private_key, NULL, NODECORE_ENCODING_HEX, &out, NULL));
  CHECK(out.len == 256);
  nodecore_buf_free(&out);
  CHECK_STATUS(nodecore_sign_sign(sign, rsa.private_key, NULL, &out, &err), NODECORE_ERR_CRYPTO_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_STATE", "Not initialised"));
  CHECK_STATUS(nodecore_sign_update(NULL, "x", 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_sign_free(sign);
  nodecore_sign_free(NULL);

  nodecore_verify *verify = NULL;
  CHECK_STATUS(nodecore_verify_new(TEXT("nope"), &verify, NULL), NODECORE_ERR_CRYPTO_INVALID_DIGEST);
  CHECK_OK(nodecore_verify_new(TEXT("sha256"), &verify, NULL));
  opts = (nodecore_sign_options)NODECORE_SIGN_OPTIONS_INIT;
  opts.dsa_encoding = NODECORE_SIGN_IEEE_P1363;
  CHECK_STATUS(nodecore_verify_verify(verify, ec.public_key, "x", 1, &opts, &good, &err), NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  CHECK(failed_with(&err, "ERR_CRYPTO_OPERATION_FAILED", "Malformed signature"));
  nodecore_verify_free(verify);
  nodecore_verify_free(NULL);
}

static int calls, released;
static nodecore_buf kept = NODECORE_BUF_INIT;
static void release(void *user) {
  (void)user;
  released++;
}
static void signed_(const nodecore_error *err, nodecore_buf *signature, void *user) {
  CHECK(err == NULL && user == &calls);
  kept = nodecore_buf_take(signature);
  calls++;
}
static void sign_failed(const nodecore_error *err, nodecore_buf *signature, void *user) {
  CHECK(signature == NULL && user == &calls);
  CHECK(is(nodecore_error_code(err), "ERR_OSSL_INVALID_DIGEST"));
  calls++;
}
static void verified(const nodecore_error *err, bool is_valid, void *user) {
  CHECK(err == NULL && is_valid && user == &calls);
  calls++;
}
static void verify_failed(const nodecore_error *err, bool is_valid, void *user) {
  CHECK(!is_valid && user == &calls);
  CHECK(is(nodecore_error_code(err), "ERR_OSSL_INVALID_DIGEST"));
  calls++;
}

static void on_the_loop(pair ed, pair ec) {
  nodecore_loop *lp = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  char *message = exact("hello", 5);
  CHECK_OK(nodecore_crypto_sign(lp, NULL, 0, message, 5, ed.private_key, NULL, signed_, &calls, release, NULL, NULL));
  free(message);
  CHECK_OK(nodecore_crypto_sign(lp, TEXT("sha1"), "x", 1, ed.private_key, NULL, sign_failed, &calls, release, NULL, NULL));
  CHECK_STATUS(nodecore_crypto_sign(lp, TEXT("nope"), "x", 1, ed.private_key, NULL, sign_failed, &calls, release, NULL, NULL),
               NODECORE_ERR_CRYPTO_INVALID_DIGEST);
  CHECK_STATUS(nodecore_crypto_sign(lp, NULL, 0, "x", 1, ed.private_key, NULL, NULL, &calls, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(calls == 2 && released == 4);
  CHECK(valid(NULL, ed, kept.data, kept.len, NULL));
  CHECK_OK(nodecore_crypto_verify(lp, NULL, 0, "hello", 5, ed.public_key, kept.data, kept.len, NULL, verified, &calls, release, NULL, NULL));
  CHECK_OK(nodecore_crypto_verify(lp, TEXT("sha1"), "x", 1, ed.public_key, "x", 1, NULL, verify_failed, &calls, release, NULL, NULL));
  CHECK_STATUS(nodecore_crypto_verify(lp, TEXT("nope"), "x", 1, ed.public_key, "x", 1, NULL, verified, &calls, release, NULL, NULL),
               NODECORE_ERR_CRYPTO_INVALID_DIGEST);
  nodecore_buf_free(&kept);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(calls == 4 && released == 7);

  /* As streams, with a chunk that goes to the pool. */
  nodecore_sign *sign = NULL;
  nodecore_verify *verify = NULL;
  nodecore_stream *to_sign = NULL, *to_verify = NULL, *again = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_sign_new(TEXT("sha256"), &sign, NULL));
  CHECK_OK(nodecore_verify_new(TEXT("sha256"), &verify, NULL));
  CHECK_OK(nodecore_sign_stream(lp, sign, &to_sign, NULL));
  CHECK_OK(nodecore_verify_stream(lp, verify, &to_verify, NULL));
  CHECK_STATUS(nodecore_sign_stream(lp, sign, &again, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_verify_stream(lp, verify, &again, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_sign_update(sign, "x", 1, NULL), NODECORE_ERR_INVALID_STATE);
  char *many = malloc(100000);
  memset(many, 'a', 100000);
  nodecore_stream_write(to_sign, many, 100000);
  nodecore_stream_end(to_sign);
  CHECK_STATUS(nodecore_sign_sign(sign, ec.private_key, NULL, &out, NULL), NODECORE_ERR_INVALID_STATE);
  nodecore_stream_write(to_verify, many, 99999);
  nodecore_stream_write(to_verify, many, 1);
  free(many);
  nodecore_stream_end(to_verify);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  bool good = false;
  CHECK_OK(nodecore_sign_sign(sign, ec.private_key, NULL, &out, NULL));
  CHECK_OK(nodecore_verify_verify(verify, ec.public_key, out.data, out.len, NULL, &good, NULL));
  CHECK(good);
  nodecore_buf_free(&out);
  nodecore_stream_free(to_sign);
  nodecore_stream_free(to_verify);
  nodecore_sign_free(sign);
  nodecore_verify_free(verify);
  /* Going away with work on the pool. */
  CHECK_OK(nodecore_crypto_sign(lp, NULL, 0, "x", 1, ed.private_key, NULL, signed_, &calls, release, NULL, NULL));
  nodecore_loop_free(lp);
  CHECK(released == 8);
  nodecore_buf_free(&kept);
}

int main(void) {
  pair rsa = generate("rsa"), ec = generate("ec"), ed = generate("ed25519"), ml = generate("ml-dsa-44");
  nodecore_sign_options opts = NODECORE_SIGN_OPTIONS_INIT;
  signs("RSA-SHA256", rsa, NULL, 128);
  signs("sha256", ec, NULL, 0);
  signs(NULL, ed, NULL, 64);
  signs(NULL, ml, &opts, 2420);
  opts.dsa_encoding = NODECORE_SIGN_IEEE_P1363;
  signs("sha256", ec, &opts, 64);
  opts.padding = NODECORE_CRYPTO_RSA_PKCS1_PSS_PADDING;
  signs("sha256", rsa, &opts, 128);
  opts.has_salt_length = true;
  signs("sha256", rsa, &opts, 128);
  opts.salt_length = NODECORE_CRYPTO_RSA_PSS_SALTLEN_DIGEST;
  signs("sha256", rsa, &opts, 128);
  refused(rsa, ec, ed);
  on_the_loop(ed, ec);
  drop(rsa);
  drop(ec);
  drop(ed);
  drop(ml);
  return 0;
}
