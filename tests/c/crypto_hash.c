/* crypto.h */
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

int main(void) {
  nodecore_error *err = NULL;
  nodecore_hash *hash = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_crypto_hash("sha256", NODECORE_AUTO_LEN, "abc", 3, &out, &err));
  CHECK(gave_hex(&out, abc));
  CHECK_OK(nodecore_hash_new("SHA256", NODECORE_AUTO_LEN, &hash, &err));
  CHECK_OK(nodecore_hash_update(hash, "a", 1, &err));
  CHECK_OK(nodecore_hash_update(hash, NULL, 0, &err));
  CHECK_OK(nodecore_hash_update(hash, "bc", 2, &err));
  CHECK_OK(nodecore_hash_digest(hash, &out, &err));
  CHECK(gave_hex(&out, abc));
  CHECK_STATUS(nodecore_hash_digest(hash, &out, &err), NODECORE_ERR_CRYPTO_HASH_FINALIZED);
  CHECK(failed_with(&err, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called"));
  CHECK_STATUS(nodecore_hash_update(hash, "x", 1, NULL), NODECORE_ERR_CRYPTO_HASH_FINALIZED);
  nodecore_hash_free(hash);

  CHECK(nodecore_hash_new("no such", NODECORE_AUTO_LEN, &hash, &err) != NODECORE_OK);
  CHECK(is(nodecore_error_message(err), "Digest method not supported"));
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_hash_new(NULL, 1, &hash, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_hash_update(NULL, "x", 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(nodecore_crypto_hash("no such", NODECORE_AUTO_LEN, "", 0, &out, NULL) != NODECORE_OK);

  /* As a stream, with chunks that go to the pool and chunks that do not. */
  nodecore_loop *lp = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  nodecore_stream *stream = NULL;
  CHECK_OK(nodecore_hash_new("sha256", NODECORE_AUTO_LEN, &hash, NULL));
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
  CHECK_OK(nodecore_hash_new("sha1", NODECORE_AUTO_LEN, &hash, NULL));
  CHECK_OK(nodecore_hash_digest(hash, &out, NULL));
  nodecore_buf_free(&out);
  CHECK_STATUS(nodecore_hash_stream(lp, hash, &stream, NULL), NODECORE_ERR_CRYPTO_HASH_FINALIZED);
  nodecore_hash_free(hash);
  nodecore_hash_free(NULL);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
