/* crypto_web.h */
#include "check.h"

static nodecore_str view(const char *text) {
  nodecore_str s = {text, strlen(text)};
  return s;
}

static nodecore_str bytes(const void *data, size_t len) {
  nodecore_str s = {data, len};
  return s;
}

static nodecore_crypto_algorithm algorithm(const char *name) {
  nodecore_crypto_algorithm alg = NODECORE_CRYPTO_ALGORITHM_INIT;
  alg.name = view(name);
  return alg;
}

static const unsigned char seven[32] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
                                        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};

static nodecore_crypto_key *import(const nodecore_crypto_algorithm *alg, size_t len, bool extractable, uint32_t usages) {
  nodecore_crypto_key *key = NULL;
  CHECK_OK(nodecore_subtle_import_key_sync(NODECORE_CRYPTO_FORMAT_RAW_SECRET, seven, len, alg, extractable, usages, &key, NULL));
  return key;
}

static nodecore_crypto_key *generate(const nodecore_crypto_algorithm *alg, uint32_t usages, nodecore_crypto_key **public_key) {
  nodecore_crypto_key *key = NULL;
  CHECK_OK(nodecore_subtle_generate_key_sync(alg, true, usages, public_key, &key, NULL));
  return key;
}

/* What callbacks give. */
static int calls, released;
static bool verified;
static nodecore_buf kept[2];
static nodecore_crypto_key *made[2];
static nodecore_status status;
static nodecore_loop *lp;

static void release(void *user) {
  CHECK(user == &calls);
  released++;
}
static void note(const nodecore_error *err, void *user) {
  CHECK(user == &calls && released == calls);
  calls++;
  status = err == NULL ? NODECORE_OK : nodecore_error_status(err);
}
static void on_bytes(const nodecore_error *err, nodecore_buf *result, void *user) {
  note(err, user);
  if (result != NULL) kept[0] = nodecore_buf_take(result);
}
static void on_valid(const nodecore_error *err, bool valid, void *user) {
  note(err, user);
  verified = valid;
}
static void on_key(const nodecore_error *err, nodecore_crypto_key *key, void *user) {
  note(err, user);
  made[0] = key;
}
static void on_pair(const nodecore_error *err, nodecore_crypto_key *public_key, nodecore_crypto_key *key, void *user) {
  note(err, user);
  made[0] = key;
  made[1] = public_key;
}
static void on_bits(const nodecore_error *err, nodecore_buf *ciphertext, nodecore_buf *shared, void *user) {
  note(err, user);
  if (ciphertext != NULL) kept[0] = nodecore_buf_take(ciphertext);
  if (shared != NULL) kept[1] = nodecore_buf_take(shared);
}
static void on_shared(const nodecore_error *err, nodecore_buf *ciphertext, nodecore_crypto_key *shared, void *user) {
  note(err, user);
  if (ciphertext != NULL) kept[0] = nodecore_buf_take(ciphertext);
  made[0] = shared;
}

/* Runs the loop until the one call is back. */
static void wait_for(nodecore_status expected) {
  int before = calls;
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(calls == before + 1 && released == calls);
  CHECK(status == expected);
}
static void drop(void) {
  for (int i = 0; i < 2; i++) {
    nodecore_buf_free(&kept[i]);
    nodecore_crypto_key_free(made[i]);
    made[i] = NULL;
  }
}
static bool same(const nodecore_buf *a, const nodecore_buf *b) {
  return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}
#define CALLBACK(cb) cb, &calls, release, NULL, NULL

static void digests(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_crypto_algorithm alg = algorithm("sha-1");
  CHECK_OK(nodecore_subtle_digest_sync(&alg, "abc", 3, &out, NULL));
  CHECK(out.len == 20 && memcmp(out.data, "\xa9\x99\x3e\x36", 4) == 0);
  CHECK_OK(nodecore_subtle_digest(lp, &alg, "abc", 3, CALLBACK(on_bytes)));
  wait_for(NODECORE_OK);
  CHECK(same(&out, &kept[0]));
  drop();
  nodecore_buf_free(&out);
  nodecore_error *err = NULL;
  alg = algorithm("KT128");
  CHECK_STATUS(nodecore_subtle_digest_sync(&alg, NULL, 0, &out, &err), NODECORE_ERR_MISSING_OPTION);
  nodecore_error_free(err);
  alg.has = NODECORE_CRYPTO_HAS_OUTPUT_LENGTH;
  CHECK_STATUS(nodecore_subtle_digest_sync(&alg, NULL, 0, &out, &err), NODECORE_OPERATION_ERROR);
  CHECK(is(nodecore_error_name(err), "OperationError"));
  nodecore_error_free(err);
  alg = algorithm("MD5");
  CHECK_STATUS(nodecore_subtle_digest_sync(&alg, NULL, 0, &out, &err), NODECORE_NOT_SUPPORTED_ERROR);
  CHECK(is(nodecore_error_message(err), "Unrecognized algorithm name"));
  nodecore_error_free(err);
  alg = algorithm("TurboSHAKE128");
  alg.output_length = 256;
  alg.domain_separation = 256;
  CHECK_STATUS(nodecore_subtle_digest_sync(&alg, NULL, 0, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_subtle_digest_sync(NULL, NULL, 0, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(out.data == NULL);
  alg = algorithm("SHA-1");
  CHECK(nodecore_subtle_supports("digest", NODECORE_AUTO_LEN, &alg, NULL, -1));
  CHECK(!nodecore_subtle_supports("encrypt", NODECORE_AUTO_LEN, &alg, NULL, -1));
}

static void ciphers_and_codes(void) {
  const uint32_t all = NODECORE_CRYPTO_USAGE_ENCRYPT | NODECORE_CRYPTO_USAGE_DECRYPT;
  nodecore_crypto_algorithm alg = algorithm("AES-GCM");
  nodecore_crypto_key *key = import(&alg, 16, true, all);
  CHECK(nodecore_crypto_key_type(key) == NODECORE_KEY_SECRET && nodecore_crypto_key_extractable(key));
  CHECK(nodecore_crypto_key_usages(key) == all && nodecore_crypto_key_get_algorithm(key).length == 128);
  CHECK(is(nodecore_crypto_key_get_algorithm(key).name, "AES-GCM"));
  nodecore_crypto_key *copy = nodecore_crypto_key_copy(key);
  nodecore_crypto_key_free(key);
  key = copy;
  alg.iv = bytes(seven, 12);
  alg.additional_data = view("from me");
  nodecore_buf sealed = NODECORE_BUF_INIT, text = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_subtle_encrypt_sync(&alg, key, "text", 4, &sealed, NULL));
  CHECK(sealed.len == 20);
  CHECK_OK(nodecore_subtle_encrypt(lp, &alg, key, "text", 4, CALLBACK(on_bytes)));
  wait_for(NODECORE_OK);
  CHECK(same(&sealed, &kept[0]));
  drop();
  CHECK_OK(nodecore_subtle_decrypt_sync(&alg, key, sealed.data, sealed.len, &text, NULL));
  CHECK(text.len == 4 && memcmp(text.data, "text", 4) == 0);
  CHECK_OK(nodecore_subtle_decrypt(lp, &alg, key, sealed.data, sealed.len, CALLBACK(on_bytes)));
  wait_for(NODECORE_OK);
  CHECK(same(&text, &kept[0]));
  drop();
  CHECK_OK(nodecore_subtle_decrypt(lp, &alg, key, sealed.data, sealed.len - 1, CALLBACK(on_bytes)));
  wait_for(NODECORE_OPERATION_ERROR);
  nodecore_buf_free(&sealed);
  nodecore_buf_free(&text);
  nodecore_crypto_key_free(key);

  alg = algorithm("HMAC");
  alg.hash = view("SHA-256");
  key = import(&alg, 32, false, NODECORE_CRYPTO_USAGE_SIGN | NODECORE_CRYPTO_USAGE_VERIFY);
  CHECK(is(nodecore_crypto_key_get_algorithm(key).hash, "SHA-256"));
  nodecore_buf code = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_subtle_sign_sync(&alg, key, "text", 4, &code, NULL));
  CHECK_OK(nodecore_subtle_sign(lp, &alg, key, "text", 4, CALLBACK(on_bytes)));
  wait_for(NODECORE_OK);
  CHECK(same(&code, &kept[0]));
  drop();
  bool valid = false;
  CHECK_OK(nodecore_subtle_verify_sync(&alg, key, code.data, code.len, "text", 4, &valid, NULL));
  CHECK(valid);
  CHECK_OK(nodecore_subtle_verify_sync(&alg, key, code.data, code.len, "test", 4, &valid, NULL));
  CHECK(!valid);
  CHECK_OK(nodecore_subtle_verify(lp, &alg, key, code.data, code.len, "text", 4, CALLBACK(on_valid)));
  wait_for(NODECORE_OK);
  CHECK(verified);
  nodecore_error *err = NULL;
  nodecore_buf none = NODECORE_BUF_INIT;
  CHECK_STATUS(nodecore_subtle_export_key_sync(NODECORE_CRYPTO_FORMAT_RAW, key, &none, &err), NODECORE_INVALID_ACCESS_ERROR);
  CHECK(is(nodecore_error_message(err), "key is not extractable"));
  nodecore_error_free(err);
  nodecore_buf_free(&code);
  nodecore_crypto_key_free(key);
  CHECK(nodecore_crypto_key_copy(NULL) == NULL);
  nodecore_crypto_key_free(NULL);
}

static void keys_in_every_way(void) {
  nodecore_crypto_algorithm alg = algorithm("Ed25519");
  const uint32_t uses = NODECORE_CRYPTO_USAGE_SIGN | NODECORE_CRYPTO_USAGE_VERIFY;
  nodecore_crypto_key *public_key = NULL, *key = generate(&alg, uses, &public_key), *read = NULL;
  CHECK(nodecore_crypto_key_type(public_key) == NODECORE_KEY_PUBLIC);
  CHECK(nodecore_crypto_key_type(key) == NODECORE_KEY_PRIVATE);
  CHECK_OK(nodecore_subtle_generate_key(lp, &alg, true, uses, CALLBACK(on_pair)));
  wait_for(NODECORE_OK);
  CHECK(made[0] != NULL && made[1] != NULL);
  drop();
  CHECK_STATUS(nodecore_subtle_generate_key_sync(&alg, true, 0, &read, &read, NULL), NODECORE_SYNTAX_ERROR);
  CHECK_STATUS(nodecore_subtle_generate_key_sync(&alg, true, 4096, &read, &read, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(read == NULL);

  nodecore_buf der = NODECORE_BUF_INIT, jwk = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_subtle_export_key_sync(NODECORE_CRYPTO_FORMAT_PKCS8, key, &der, NULL));
  CHECK_OK(nodecore_subtle_export_key(lp, NODECORE_CRYPTO_FORMAT_PKCS8, key, CALLBACK(on_bytes)));
  wait_for(NODECORE_OK);
  CHECK(same(&der, &kept[0]));
  drop();
  CHECK_OK(nodecore_subtle_import_key_sync(NODECORE_CRYPTO_FORMAT_PKCS8, der.data, der.len, &alg, true,
                                           NODECORE_CRYPTO_USAGE_SIGN, &read, NULL));
  nodecore_crypto_key_free(read);
  CHECK_OK(nodecore_subtle_export_key_sync(NODECORE_CRYPTO_FORMAT_JWK, key, &jwk, NULL));
  CHECK_OK(nodecore_subtle_import_key(lp, NODECORE_CRYPTO_FORMAT_JWK, jwk.data, jwk.len, &alg, true,
                                      NODECORE_CRYPTO_USAGE_SIGN, CALLBACK(on_key)));
  wait_for(NODECORE_OK);
  nodecore_key *a = NULL, *b = NULL;
  CHECK_OK(nodecore_crypto_key_to_key(key, &a, NULL));
  CHECK_OK(nodecore_crypto_key_to_key(made[0], &b, NULL));
  CHECK(nodecore_key_equals(a, b));
  drop();
  CHECK_OK(nodecore_key_to_crypto_key(a, &alg, false, NODECORE_CRYPTO_USAGE_SIGN, &read, NULL));
  CHECK(!nodecore_crypto_key_extractable(read));
  nodecore_crypto_key_free(read);
  nodecore_key_free(a);
  nodecore_key_free(b);
  CHECK_OK(nodecore_subtle_get_public_key_sync(key, NODECORE_CRYPTO_USAGE_VERIFY, &read, NULL));
  CHECK(nodecore_crypto_key_usages(read) == NODECORE_CRYPTO_USAGE_VERIFY);
  nodecore_crypto_key_free(read);
  CHECK_OK(nodecore_subtle_get_public_key(lp, public_key, 0, CALLBACK(on_key)));
  wait_for(NODECORE_INVALID_ACCESS_ERROR);
  CHECK(made[0] == NULL);
  nodecore_error *err = NULL;
  read = NULL;
  CHECK_STATUS(nodecore_subtle_import_key_sync(NODECORE_CRYPTO_FORMAT_SPKI, "x", 1, &alg, true, 0, &read, &err), NODECORE_DATA_ERROR);
  CHECK(nodecore_error_cause(err) != NULL);
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_subtle_import_key_sync(NODECORE_CRYPTO_FORMAT_JWK, "x", 1, &alg, true, 0, &read, NULL), NODECORE_DATA_ERROR);
  CHECK_STATUS(nodecore_subtle_import_key_sync(9, "x", 1, &alg, true, 0, &read, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(read == NULL);
  nodecore_buf_free(&der);
  nodecore_buf_free(&jwk);
  nodecore_crypto_key_free(public_key);
  nodecore_crypto_key_free(key);
}

static void derived_and_wrapped(void) {
  nodecore_crypto_algorithm alg = algorithm("PBKDF2"), aes = algorithm("AES-KW");
  const uint32_t uses = NODECORE_CRYPTO_USAGE_DERIVE_BITS | NODECORE_CRYPTO_USAGE_DERIVE_KEY;
  const uint32_t wraps = NODECORE_CRYPTO_USAGE_WRAP_KEY | NODECORE_CRYPTO_USAGE_UNWRAP_KEY;
  nodecore_crypto_key *base = import(&alg, 8, false, uses), *key = NULL;
  alg.hash = view("SHA-1");
  alg.salt = bytes("", 0);
  alg.iterations = 2;
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_subtle_derive_bits_sync(&alg, base, 160, &out, NULL));
  CHECK(out.len == 20);
  CHECK_OK(nodecore_subtle_derive_bits(lp, &alg, base, 160, CALLBACK(on_bytes)));
  wait_for(NODECORE_OK);
  CHECK(same(&out, &kept[0]));
  drop();
  nodecore_buf_free(&out);
  CHECK_STATUS(nodecore_subtle_derive_bits_sync(&alg, base, -1, &out, NULL), NODECORE_OPERATION_ERROR);
  CHECK_STATUS(nodecore_subtle_derive_bits_sync(&alg, base, -2, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  aes.length = 256;
  CHECK(nodecore_subtle_supports("deriveKey", NODECORE_AUTO_LEN, &alg, &aes, -1));
  CHECK_OK(nodecore_subtle_derive_key_sync(&alg, base, &aes, true, wraps, &key, NULL));
  CHECK(nodecore_crypto_key_get_algorithm(key).length == 256);
  CHECK_OK(nodecore_subtle_derive_key(lp, &alg, base, &aes, true, wraps, CALLBACK(on_key)));
  wait_for(NODECORE_OK);
  CHECK(made[0] != NULL);

  CHECK_OK(nodecore_subtle_wrap_key_sync(NODECORE_CRYPTO_FORMAT_RAW, made[0], key, &aes, &out, NULL));
  CHECK(out.len == 40);
  nodecore_crypto_key *wrapped = nodecore_crypto_key_copy(made[0]), *read = NULL;
  drop();
  CHECK_OK(nodecore_subtle_wrap_key(lp, NODECORE_CRYPTO_FORMAT_RAW, wrapped, key, &aes, CALLBACK(on_bytes)));
  wait_for(NODECORE_OK);
  CHECK(same(&out, &kept[0]));
  drop();
  CHECK_OK(nodecore_subtle_unwrap_key_sync(NODECORE_CRYPTO_FORMAT_RAW, out.data, out.len, key, &aes, &aes, false, wraps, &read, NULL));
  CHECK(!nodecore_crypto_key_extractable(read));
  CHECK_OK(nodecore_subtle_unwrap_key(lp, NODECORE_CRYPTO_FORMAT_RAW, out.data, out.len - 1, key, &aes, &aes, false, wraps, CALLBACK(on_key)));
  wait_for(NODECORE_OPERATION_ERROR);
  nodecore_buf_free(&out);
  nodecore_crypto_key_free(read);
  nodecore_crypto_key_free(wrapped);
  nodecore_crypto_key_free(key);
  nodecore_crypto_key_free(base);

  nodecore_crypto_algorithm dh = algorithm("X25519");
  nodecore_crypto_key *public_key = NULL, *private_key = generate(&dh, uses, &public_key);
  dh.public_key = public_key;
  CHECK_OK(nodecore_subtle_derive_bits_sync(&dh, private_key, -1, &out, NULL));
  CHECK(out.len == 32);
  nodecore_buf_free(&out);
  nodecore_crypto_key_free(public_key);
  nodecore_crypto_key_free(private_key);
}

static void encapsulated(void) {
  nodecore_crypto_algorithm alg = algorithm("ML-KEM-768"), aes = algorithm("AES-GCM");
  const uint32_t uses = NODECORE_CRYPTO_USAGE_ENCAPSULATE_BITS | NODECORE_CRYPTO_USAGE_DECAPSULATE_BITS |
                        NODECORE_CRYPTO_USAGE_ENCAPSULATE_KEY | NODECORE_CRYPTO_USAGE_DECAPSULATE_KEY;
  nodecore_crypto_key *public_key = NULL, *key = generate(&alg, uses, &public_key), *shared = NULL;
  nodecore_buf sent = NODECORE_BUF_INIT, secret = NODECORE_BUF_INIT, found = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_subtle_encapsulate_bits_sync(&alg, public_key, &sent, &secret, NULL));
  CHECK_OK(nodecore_subtle_decapsulate_bits_sync(&alg, key, sent.data, sent.len, &found, NULL));
  CHECK(secret.len == 32 && same(&secret, &found));
  CHECK_OK(nodecore_subtle_decapsulate_bits(lp, &alg, key, sent.data, sent.len, CALLBACK(on_bytes)));
  wait_for(NODECORE_OK);
  CHECK(same(&secret, &kept[0]));
  drop();
  CHECK_OK(nodecore_subtle_decapsulate_bits(lp, &alg, key, sent.data, 3, CALLBACK(on_bytes)));
  wait_for(NODECORE_OPERATION_ERROR);
  nodecore_buf_free(&sent);
  nodecore_buf_free(&secret);
  nodecore_buf_free(&found);
  CHECK_OK(nodecore_subtle_encapsulate_bits(lp, &alg, public_key, CALLBACK(on_bits)));
  wait_for(NODECORE_OK);
  CHECK(kept[0].len == 1088 && kept[1].len == 32);
  drop();

  const uint32_t use = NODECORE_CRYPTO_USAGE_ENCRYPT;
  CHECK_OK(nodecore_subtle_encapsulate_key_sync(&alg, public_key, &aes, true, use, &sent, &shared, NULL));
  CHECK(nodecore_crypto_key_get_algorithm(shared).length == 256);
  CHECK_OK(nodecore_subtle_decapsulate_key(lp, &alg, key, sent.data, sent.len, &aes, true, use, CALLBACK(on_key)));
  wait_for(NODECORE_OK);
  nodecore_key *a = NULL, *b = NULL;
  CHECK_OK(nodecore_crypto_key_to_key(shared, &a, NULL));
  CHECK_OK(nodecore_crypto_key_to_key(made[0], &b, NULL));
  CHECK(nodecore_key_equals(a, b));
  nodecore_key_free(a);
  nodecore_key_free(b);
  drop();
  nodecore_crypto_key_free(shared);
  CHECK_OK(nodecore_subtle_decapsulate_key_sync(&alg, key, sent.data, sent.len, &aes, true, use, &shared, NULL));
  nodecore_crypto_key_free(shared);
  nodecore_buf_free(&sent);
  CHECK_OK(nodecore_subtle_encapsulate_key(lp, &alg, public_key, &aes, true, use, CALLBACK(on_shared)));
  wait_for(NODECORE_OK);
  CHECK(kept[0].len == 1088 && made[0] != NULL);
  drop();
  CHECK_OK(nodecore_subtle_encapsulate_key(lp, &alg, public_key, &aes, true, 0, CALLBACK(on_shared)));
  wait_for(NODECORE_SYNTAX_ERROR);
  CHECK(made[0] == NULL);
  nodecore_crypto_key_free(public_key);
  nodecore_crypto_key_free(key);
}

/* Arguments that are refused at once: the callback never runs, what is released is. */
static void refused(void) {
  nodecore_crypto_algorithm alg = algorithm("nope");
  int before = released;
  CHECK_STATUS(nodecore_subtle_digest(lp, &alg, NULL, 0, CALLBACK(on_bytes)), NODECORE_NOT_SUPPORTED_ERROR);
  CHECK_STATUS(nodecore_subtle_digest(lp, &alg, NULL, 0, CALLBACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == before + 2);
  calls += 2;
  CHECK(nodecore_crypto_key_type(NULL) == -1 && nodecore_crypto_key_usages(NULL) == 0);
  CHECK(!nodecore_crypto_key_extractable(NULL));
  CHECK(nodecore_crypto_key_get_algorithm(NULL).name.data == NULL);
  CHECK(!nodecore_subtle_supports(NULL, 0, &alg, NULL, -1) && !nodecore_subtle_supports("digest", 6, NULL, NULL, -1));
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  digests();
  ciphers_and_codes();
  keys_in_every_way();
  derived_and_wrapped();
  encapsulated();
  refused();
  nodecore_loop_free(lp);
  return 0;
}
