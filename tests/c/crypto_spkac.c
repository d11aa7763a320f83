/* crypto_spkac.h */
#include "check.h"

/* A key on P-256 and the challenge "hi", made with `openssl spkac`. */
static const char good[] =
    "MIG3MF8wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARoycxwuBfmKI1Af+tFE45Dyo7scunfy1V8"
    "oy1jx0mFmG/IQSa2qHsMHuZ6PfLXwHHfzXcG3G0tpP3eF0u3YVx2FgJoaTAKBggqhkjOPQQDAgNI"
    "ADBFAiEA3rARea4bBrW6VJxdT/o2IHYriOjbXr1xJoxWVHYqNjICIB2T6Asf9I9EWjjUwlpQUCAN"
    "yNG8Wf87LNBdWQ6D61MN";

static void none(const char *text, size_t len) {
  bool verified = true, found = true;
  char *spkac = exact(text, len);
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_spkac_verify(spkac, len, &verified, NULL));
  CHECK(!verified);
  CHECK_OK(nodecore_spkac_export_public_key(spkac, len, &found, &out, NULL));
  CHECK(!found && gave(&out, ""));
  found = true;
  CHECK_OK(nodecore_spkac_export_challenge(spkac, len, &found, &out, NULL));
  CHECK(!found && gave(&out, ""));
  free(spkac);
}

int main(void) {
  size_t len = strlen(good);
  char *spkac = exact(good, len);
  bool verified = false, found = false;
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_spkac_verify(spkac, len, &verified, NULL));
  CHECK(verified);
  CHECK_OK(nodecore_spkac_export_challenge(spkac, len, &found, &out, NULL));
  CHECK(found && gave(&out, "hi"));
  found = false;
  CHECK_OK(nodecore_spkac_export_public_key(spkac, len, &found, &out, NULL));
  CHECK(found && out.len > 26 && memcmp(out.data, "-----BEGIN PUBLIC KEY-----", 26) == 0);
  nodecore_key_input input = NODECORE_KEY_INPUT_INIT;
  input.format = NODECORE_KEY_PEM;
  input.data.data = out.data;
  input.data.len = out.len;
  nodecore_key *key = NULL;
  CHECK_OK(nodecore_crypto_create_public_key(&input, &key, NULL));
  CHECK(is(nodecore_key_asymmetric_type(key), "ec"));
  nodecore_key_free(key);
  nodecore_buf_free(&out);

  /* Another signature; what the `openssl` command writes in front; less and nothing. */
  spkac[len - 8] ^= 1;
  CHECK_OK(nodecore_spkac_verify(spkac, len, &verified, NULL));
  CHECK(!verified);
  free(spkac);
  none("SPKAC=MA==", 10);
  none(good, len - 4);
  none(good, 1);
  none("", 0);
  CHECK_OK(nodecore_spkac_verify(NULL, 0, &verified, NULL));
  CHECK(!verified);

  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_spkac_verify(NULL, 1, &verified, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_spkac_verify(good, len, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_spkac_export_challenge(good, len, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_spkac_export_public_key(good, len, &found, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(out.data == NULL);
  return 0;
}
