/* crypto_kdf.h */
#include "check.h"

#define TEXT(text) text, sizeof(text) - 1

static bool is_key(nodecore_buf *key, size_t len, const char *hex) {
  char text[17] = "";
  for (size_t i = 0; i < key->len && i < 8; i++)
    snprintf(text + 2 * i, 3, "%02x", (unsigned)(unsigned char)key->data[i]);
  bool good = key->len == len && strcmp(text, hex) == 0;
  nodecore_buf_free(key);
  return good;
}

static int called, released;
static void release(void *user) {
  (void)user;
  released++;
}

static void key(const nodecore_error *err, nodecore_buf *result, void *user) {
  CHECK(err == NULL);
  /* Taken now and then; the rest is cleared by the library. */
  nodecore_buf own = NODECORE_BUF_INIT;
  if (called++ % 2 == 0) own = nodecore_buf_take(result);
  nodecore_buf *seen = own.len > 0 ? &own : result;
  char text[17] = "";
  for (size_t i = 0; i < 8; i++) snprintf(text + 2 * i, 3, "%02x", (unsigned)(unsigned char)seen->data[i]);
  CHECK(strcmp(text, user) == 0);
  nodecore_crypto_cleanse((void *)own.data, own.len);
  for (size_t i = 0; i < own.len; i++) CHECK(own.data[i] == 0);
  nodecore_buf_free(&own);
}

static void no_key(const nodecore_error *err, nodecore_buf *result, void *user) {
  (void)user;
  CHECK(result == NULL);
  CHECK(is(nodecore_error_code(err), "ERR_OSSL_XOF_DIGESTS_NOT_ALLOWED"));
  called++;
}

static void never(const nodecore_error *err, nodecore_buf *result, void *user) {
  (void)err, (void)result, (void)user;
  CHECK(false);
}

int main(void) {
  nodecore_error *err = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_loop *lp = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));

  /* RFC 6070; RFC 7914, 12; RFC 5869, A.3; RFC 9106, 5.3. */
  CHECK_OK(nodecore_crypto_pbkdf2_sync(TEXT("password"), TEXT("salt"), 2, 20, TEXT("sha1"), &out, &err));
  CHECK(is_key(&out, 20, "ea6c014dc72d6f8c"));
  nodecore_crypto_scrypt_options scrypt = NODECORE_CRYPTO_SCRYPT_OPTIONS_INIT;
  scrypt.cost = 16, scrypt.block_size = 1, scrypt.parallelization = 1;
  CHECK_OK(nodecore_crypto_scrypt_sync(NULL, 0, NULL, 0, 64, &scrypt, &out, &err));
  CHECK(is_key(&out, 64, "77d6576238657b20"));
  CHECK_OK(nodecore_crypto_scrypt_sync(TEXT("p"), TEXT("s"), 8, NULL, &out, &err));
  CHECK(is_key(&out, 8, "4329787752e75d1d"));
  char ikm[22];
  memset(ikm, 11, sizeof ikm);
  CHECK_OK(nodecore_crypto_hkdf_sync(TEXT("sha256"), ikm, sizeof ikm, NULL, 0, NULL, 0, 42, &out, &err));
  CHECK(is_key(&out, 42, "8da4e775a563c18f"));
  char bytes[4][32];
  for (int i = 0; i < 4; i++) memset(bytes[i], i + 1, 32);
  nodecore_crypto_argon2_parameters argon2 = NODECORE_CRYPTO_ARGON2_PARAMETERS_INIT;
  argon2.message = bytes[0], argon2.message_len = 32, argon2.nonce = bytes[1], argon2.nonce_len = 16;
  argon2.secret = bytes[2], argon2.secret_len = 8, argon2.associated_data = bytes[3];
  argon2.associated_data_len = 12, argon2.parallelism = 4, argon2.tag_length = 32, argon2.memory = 32;
  argon2.passes = 3;
  CHECK_OK(nodecore_crypto_argon2_sync("argon2id", NODECORE_AUTO_LEN, &argon2, &out, &err));
  CHECK(is_key(&out, 32, "0d640df58d78766c"));

  /* On the pool. */
  CHECK_OK(nodecore_crypto_pbkdf2(lp, TEXT("password"), TEXT("salt"), 2, 20, TEXT("sha1"), key,
                                  "ea6c014dc72d6f8c", release, NULL, &err));
  CHECK_OK(nodecore_crypto_scrypt(lp, NULL, 0, NULL, 0, 64, &scrypt, key, "77d6576238657b20", release, NULL, &err));
  CHECK_OK(nodecore_crypto_hkdf(lp, TEXT("sha256"), ikm, sizeof ikm, NULL, 0, NULL, 0, 42, key,
                                "8da4e775a563c18f", release, NULL, &err));
  CHECK_OK(nodecore_crypto_argon2(lp, TEXT("argon2id"), &argon2, key, "0d640df58d78766c", release, NULL, &err));
  CHECK_OK(nodecore_crypto_pbkdf2(lp, NULL, 0, NULL, 0, 1, 8, TEXT("shake128"), no_key, NULL, release, NULL, &err));
  memset(bytes, 0, sizeof bytes);
  memset(ikm, 0, sizeof ikm);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(called == 5 && released == 5);

  /* What is refused. */
  CHECK_STATUS(nodecore_crypto_pbkdf2_sync(NULL, 0, NULL, 0, 0, 1, TEXT("sha1"), &out, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                    "The value of \"iterations\" is out of range. It must be >= 1 && <= 2147483647. Received 0"));
  CHECK_STATUS(nodecore_crypto_pbkdf2_sync(NULL, 0, NULL, 0, 1, 1, TEXT("no"), &out, NULL),
               NODECORE_ERR_CRYPTO_INVALID_DIGEST);
  CHECK_STATUS(nodecore_crypto_pbkdf2_sync(NULL, 1, NULL, 0, 1, 1, TEXT("sha1"), &out, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_crypto_pbkdf2(lp, NULL, 0, NULL, 0, 0, 1, TEXT("sha1"), never, NULL, release, NULL, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  scrypt.cost = 15;
  CHECK_STATUS(nodecore_crypto_scrypt_sync(NULL, 0, NULL, 0, 1, &scrypt, &out, NULL),
               NODECORE_ERR_CRYPTO_INVALID_SCRYPT_PARAMS);
  CHECK_STATUS(nodecore_crypto_scrypt(lp, NULL, 0, NULL, 0, 1, &scrypt, never, NULL, release, NULL, NULL),
               NODECORE_ERR_CRYPTO_INVALID_SCRYPT_PARAMS);
  CHECK_STATUS(nodecore_crypto_hkdf_sync(TEXT("sha1"), NULL, 0, NULL, 0, NULL, 0, 5101, &out, NULL),
               NODECORE_ERR_CRYPTO_INVALID_KEYLEN);
  CHECK_STATUS(nodecore_crypto_hkdf(lp, TEXT("sha1"), NULL, 0, NULL, 0, NULL, 0, 5101, never, NULL, release, NULL, NULL),
               NODECORE_ERR_CRYPTO_INVALID_KEYLEN);
  CHECK_STATUS(nodecore_crypto_argon2_sync(TEXT("argon2"), &argon2, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_crypto_argon2_sync(TEXT("argon2d"), NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  argon2.passes = 0;
  CHECK_STATUS(nodecore_crypto_argon2(lp, TEXT("argon2d"), &argon2, never, NULL, release, NULL, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  CHECK(released == 9);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
