/* crypto_hash.h */
#include "check.h"

static bool gave_hex(nodecore_buf *digest, const char *hex) {
  char text[200] = "";
  for (size_t i = 0; i < digest->len && i < 64; i++)
    snprintf(text + 2 * i, 3, "%02x", (unsigned)(unsigned char)digest->data[i]);
  nodecore_buf_free(digest);
  return strcmp(text, hex) == 0;
}

static bool finished;
static void finish(const nodecore_error *err, void *user) {
  (void)user;
  CHECK(err == NULL);
  finished = true;
}

/* FIPS 180-2, appendix B. */
static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char million[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

/* FIPS 202: SHAKE128 of "abc". */
static void options(nodecore_loop *lp) {
  nodecore_error *err = NULL;
  nodecore_hash *hash = NULL, *copy = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_hash_options five = NODECORE_HASH_OPTIONS_INIT;
  five.output_length = 5;
  CHECK_OK(nodecore_hash_new("shake128", NODECORE_AUTO_LEN, &five, &hash, &err));
  CHECK_OK(nodecore_hash_update(hash, "ab", 2, &err));
  CHECK_OK(nodecore_hash_copy(hash, NULL, &copy, &err));
  CHECK_OK(nodecore_hash_update(hash, "c", 1, &err));
  CHECK_OK(nodecore_hash_update(copy, "c", 1, &err));
  CHECK_STATUS(nodecore_hash_digest_encoded(hash, 99, &out, &err), NODECORE_ERR_UNKNOWN_ENCODING);
  nodecore_error_free(err);
  CHECK_OK(nodecore_hash_digest_encoded(hash, NODECORE_ENCODING_HEX, &out, NULL));
  CHECK(gave(&out, "5881092dd8"));
  CHECK_OK(nodecore_hash_digest_encoded(copy, NODECORE_ENCODING_HEX, &out, NULL));
  CHECK(gave(&out, "5881092dd818bf5cf8a3ddb793fbcba7"));
  CHECK_STATUS(nodecore_hash_copy(copy, NULL, &hash, NULL), NODECORE_ERR_CRYPTO_HASH_FINALIZED);
  nodecore_hash_free(copy);
  nodecore_hash_free(hash);
  CHECK_STATUS(nodecore_hash_new("sha256", NODECORE_AUTO_LEN, &five, &hash, &err), NODECORE_ERR_OSSL);
  CHECK(failed_with(&err, "ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH",
                    "error:030000B2:digital envelope routines::not XOF or invalid length"));

  CHECK_OK(nodecore_crypto_hash_encoded("shake-128", NODECORE_AUTO_LEN, "abc", 3, NODECORE_ENCODING_BASE64,
                                        &five, &out, NULL));
  CHECK(gave(&out, "WIEJLdg="));
  five.output_length = 0;
  CHECK_OK(nodecore_crypto_hash_encoded("sha1", NODECORE_AUTO_LEN, NULL, 0, NODECORE_ENCODING_HEX, &five, &out, NULL));
  CHECK(gave(&out, "da39a3ee5e6b4b0d3255bfef95601890afd80709"));
  five.has_output_length = true;
  CHECK_OK(nodecore_crypto_hash("shake256", NODECORE_AUTO_LEN, "abc", 3, &five, &out, NULL));
  CHECK(out.len == 0);
  nodecore_buf_free(&out);
  CHECK(nodecore_crypto_hash("sha1", NODECORE_AUTO_LEN, "abc", 3, &five, &out, &err) != NODECORE_OK);
  CHECK(is(nodecore_error_message(err), "Output length 0 is invalid for sha1, which does not support XOF"));
  nodecore_error_free(err);
  five.struct_size = 3;
  CHECK_STATUS(nodecore_crypto_hash("sha1", NODECORE_AUTO_LEN, "abc", 3, &five, &out, NULL),
               NODECORE_ERR_OUT_OF_RANGE);

  unsigned char room[20];
  size_t size = 0;
  CHECK_OK(nodecore_crypto_hash_into("sha1", NODECORE_AUTO_LEN, "abc", 3, room, 20, &size, NULL));
  CHECK(size == 20 && room[0] == 0xa9 && room[19] == 0x9d);
  CHECK_STATUS(nodecore_crypto_hash_into("sha1", NODECORE_AUTO_LEN, "abc", 3, room, 19, &size, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_crypto_hash_into("sha1", NODECORE_AUTO_LEN, "abc", 3, NULL, 20, &size, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);

  /* A stream keeps the length. */
  nodecore_stream *stream = NULL;
  five = (nodecore_hash_options)NODECORE_HASH_OPTIONS_INIT;
  five.output_length = 5;
  CHECK_OK(nodecore_hash_new("shake128", NODECORE_AUTO_LEN, &five, &hash, &err));
  CHECK_OK(nodecore_hash_stream(lp, hash, &stream, &err));
  CHECK_STATUS(nodecore_hash_copy(hash, NULL, &copy, NULL), NODECORE_ERR_INVALID_STATE);
  nodecore_stream_write(stream, "abc", 3);
  nodecore_stream_end(stream);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK_OK(nodecore_hash_digest_encoded(hash, NODECORE_ENCODING_HEX, &out, NULL));
  CHECK(gave(&out, "5881092dd8"));
  nodecore_stream_free(stream);
  nodecore_hash_free(hash);
}

/* Every name is one, in order. */
static void names(void) {
  nodecore_str last = {"", 0};
  size_t count = 0;
  for (;; count++) {
    nodecore_str name = nodecore_crypto_hash_name(count);
    if (name.data == NULL) break;
    size_t shorter = name.len < last.len ? name.len : last.len;
    int order = memcmp(last.data, name.data, shorter);
    CHECK(order < 0 || (order == 0 && last.len < name.len));
    nodecore_buf out = NODECORE_BUF_INIT;
    CHECK_OK(nodecore_crypto_hash(name.data, name.len, "abc", 3, NULL, &out, NULL));
    CHECK(out.len >= 16);
    nodecore_buf_free(&out);
    last = name;
  }
  CHECK(count == 81);
}

int main(void) {
  nodecore_error *err = NULL;
  nodecore_hash *hash = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_crypto_hash("sha256", NODECORE_AUTO_LEN, "abc", 3, NULL, &out, &err));
  CHECK(gave_hex(&out, abc));
  CHECK_OK(nodecore_hash_new("SHA256", NODECORE_AUTO_LEN, NULL, &hash, &err));
  CHECK_OK(nodecore_hash_update(hash, "a", 1, &err));
  CHECK_OK(nodecore_hash_update(hash, NULL, 0, &err));
  CHECK_OK(nodecore_hash_update(hash, "bc", 2, &err));
  CHECK_OK(nodecore_hash_digest(hash, &out, &err));
  CHECK(gave_hex(&out, abc));
  CHECK_STATUS(nodecore_hash_digest(hash, &out, &err), NODECORE_ERR_CRYPTO_HASH_FINALIZED);
  CHECK(failed_with(&err, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called"));
  CHECK_STATUS(nodecore_hash_update(hash, "x", 1, NULL), NODECORE_ERR_CRYPTO_HASH_FINALIZED);
  nodecore_hash_free(hash);

  CHECK(nodecore_hash_new("no such", NODECORE_AUTO_LEN, NULL, &hash, &err) != NODECORE_OK);
  CHECK(is(nodecore_error_message(err), "Digest method not supported"));
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_hash_new(NULL, 1, NULL, &hash, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_hash_update(NULL, "x", 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(nodecore_crypto_hash("no such", NODECORE_AUTO_LEN, "", 0, NULL, &out, NULL) != NODECORE_OK);

  /* As a stream, with chunks that go to the pool and chunks that do not. */
  nodecore_loop *lp = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  nodecore_stream *stream = NULL;
  CHECK_OK(nodecore_hash_new("sha256", NODECORE_AUTO_LEN, NULL, &hash, NULL));
  CHECK_OK(nodecore_hash_stream(lp, hash, &stream, &err));
  CHECK_OK(nodecore_stream_on(stream, NODECORE_EVENT_FINISH, 0, finish, NULL, NULL, NULL));
  char *as = malloc(700000);
  memset(as, 'a', 700000);
  nodecore_stream_write(stream, as, 299999);
  nodecore_stream_write(stream, as, 1);
  nodecore_stream_write(stream, as, 700000);
  free(as);
  nodecore_stream_end(stream);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(finished);
  CHECK_OK(nodecore_hash_digest(hash, &out, &err));
  CHECK(gave_hex(&out, million));
  CHECK_STATUS(nodecore_hash_update(hash, "x", 1, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_hash_stream(lp, hash, &stream, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_hash_digest(hash, &out, NULL), NODECORE_ERR_CRYPTO_HASH_FINALIZED);
  nodecore_stream_free(stream);
  nodecore_hash_free(hash);
  CHECK_OK(nodecore_hash_new("sha1", NODECORE_AUTO_LEN, NULL, &hash, NULL));
  CHECK_OK(nodecore_hash_digest(hash, &out, NULL));
  nodecore_buf_free(&out);
  CHECK_STATUS(nodecore_hash_stream(lp, hash, &stream, NULL), NODECORE_ERR_CRYPTO_HASH_FINALIZED);
  nodecore_hash_free(hash);
  nodecore_hash_free(NULL);
  options(lp);
  names();
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
