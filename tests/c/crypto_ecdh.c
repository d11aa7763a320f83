/* crypto_ecdh.h */
#include "check.h"

enum {
  SHORT = NODECORE_CRYPTO_POINT_CONVERSION_COMPRESSED,
  LONG = NODECORE_CRYPTO_POINT_CONVERSION_UNCOMPRESSED,
  HYBRID = NODECORE_CRYPTO_POINT_CONVERSION_HYBRID
};

static bool same(nodecore_buf *a, nodecore_buf *b) {
  bool same = a->len == b->len && a->len > 0 && memcmp(a->data, b->data, a->len) == 0;
  nodecore_buf_free(a);
  nodecore_buf_free(b);
  return same;
}

static void agree(nodecore_str curve) {
  nodecore_ecdh *alice = NULL, *bob = NULL;
  char *name = exact(curve.data, curve.len);
  CHECK_OK(nodecore_ecdh_new(name, curve.len, &alice, NULL));
  CHECK_OK(nodecore_ecdh_new(name, curve.len, &bob, NULL));
  nodecore_buf a = NODECORE_BUF_INIT, b = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_ecdh_generate_keys(alice, SHORT, &a, NULL));
  CHECK_OK(nodecore_ecdh_generate_keys(bob, HYBRID, &b, NULL));
  char *point = exact(a.data, a.len);
  nodecore_buf one = NODECORE_BUF_INIT, other = NODECORE_BUF_INIT;
  if (is(curve, "SM2")) {
    CHECK_STATUS(nodecore_ecdh_compute_secret(bob, point, a.len, &one, NULL), NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  } else {
    CHECK_OK(nodecore_ecdh_compute_secret(bob, point, a.len, &one, NULL));
    CHECK_OK(nodecore_ecdh_compute_secret(alice, b.data, b.len, &other, NULL));
    CHECK(same(&one, &other));
  }

  /* In another format, and from the private key. */
  nodecore_buf converted = NODECORE_BUF_INIT, plain = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_ecdh_convert_key(point, a.len, name, curve.len, LONG, &converted, NULL));
  CHECK_OK(nodecore_ecdh_public_key(alice, 0, &plain, NULL));
  CHECK(same(&converted, &plain));
  nodecore_buf private_key = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_ecdh_private_key(alice, &private_key, NULL));
  CHECK_OK(nodecore_ecdh_set_private_key(bob, private_key.data, private_key.len, NULL));
  CHECK_OK(nodecore_ecdh_public_key(bob, SHORT, &plain, NULL));
  CHECK(same(&a, &plain));

  free(point);
  free(name);
  nodecore_crypto_cleanse((void *)private_key.data, private_key.len);
  nodecore_buf_free(&private_key);
  nodecore_buf_free(&b);
  nodecore_ecdh_free(alice);
  nodecore_ecdh_free(bob);
}

static void bad_input(void) {
  nodecore_ecdh *ecdh = NULL;
  nodecore_buf out = NODECORE_BUF_INIT, point = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_ecdh_new("P-256", NODECORE_AUTO_LEN, &ecdh, &err), NODECORE_ERR_CRYPTO_INVALID_CURVE);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_CURVE", "Invalid EC curve name"));
  CHECK_STATUS(nodecore_ecdh_new("X25519", NODECORE_AUTO_LEN, &ecdh, NULL), NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  CHECK_STATUS(nodecore_ecdh_new(NULL, 1, &ecdh, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(ecdh == NULL);
  CHECK_OK(nodecore_ecdh_new("prime256v1", NODECORE_AUTO_LEN, &ecdh, NULL));
  CHECK_STATUS(nodecore_ecdh_public_key(ecdh, 0, &out, &err), NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  CHECK(failed_with(&err, "ERR_CRYPTO_OPERATION_FAILED", "Failed to get ECDH public key"));
  CHECK_STATUS(nodecore_ecdh_private_key(ecdh, &out, NULL), NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  CHECK_STATUS(nodecore_ecdh_generate_keys(ecdh, 5, &out, &err), NODECORE_ERR_CRYPTO_ECDH_INVALID_FORMAT);
  CHECK(failed_with(&err, "ERR_CRYPTO_ECDH_INVALID_FORMAT", "Invalid ECDH format: 5"));
  CHECK_STATUS(nodecore_ecdh_generate_keys(NULL, 0, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_ecdh_compute_secret(ecdh, "\x04", 1, &out, &err), NODECORE_ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY);
  CHECK(failed_with(&err, "ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY", "Public key is not valid for specified curve"));
  CHECK_STATUS(nodecore_ecdh_compute_secret(ecdh, NULL, 1, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_ecdh_set_private_key(ecdh, NULL, 0, &err), NODECORE_ERR_CRYPTO_INVALID_KEYTYPE);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_KEYTYPE", "Private key is not valid for specified curve."));
  CHECK_STATUS(nodecore_ecdh_set_public_key(ecdh, "\x04", 1, &err), NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  CHECK(failed_with(&err, "ERR_CRYPTO_OPERATION_FAILED", "Failed to convert Buffer to EC_POINT"));
  CHECK_STATUS(nodecore_ecdh_set_public_key(NULL, "\x04", 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);

  /* A public key that is another's. */
  CHECK_OK(nodecore_ecdh_generate_keys(ecdh, 0, &point, NULL));
  CHECK_OK(nodecore_ecdh_set_private_key(ecdh, "\x05", 1, NULL));
  CHECK_OK(nodecore_ecdh_compute_secret(ecdh, point.data, point.len, &out, NULL));
  CHECK(out.len == 32);
  nodecore_buf_free(&out);
  CHECK_OK(nodecore_ecdh_set_public_key(ecdh, point.data, point.len, NULL));
  CHECK_STATUS(nodecore_ecdh_compute_secret(ecdh, point.data, point.len, &out, &err),
               NODECORE_ERR_CRYPTO_INVALID_KEYPAIR);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_KEYPAIR", "Invalid key pair"));

  CHECK_OK(nodecore_ecdh_convert_key(NULL, 0, "none", NODECORE_AUTO_LEN, 0, &out, NULL));
  CHECK(gave(&out, ""));
  CHECK_STATUS(nodecore_ecdh_convert_key(point.data, point.len, "none", NODECORE_AUTO_LEN, 0, &out, NULL),
               NODECORE_ERR_CRYPTO_INVALID_CURVE);
  CHECK_STATUS(nodecore_ecdh_convert_key(point.data, point.len - 1, "prime256v1", NODECORE_AUTO_LEN, 0, &out, NULL),
               NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  CHECK_STATUS(nodecore_ecdh_convert_key(point.data, point.len, "prime256v1", NODECORE_AUTO_LEN, 1, &out, NULL),
               NODECORE_ERR_CRYPTO_ECDH_INVALID_FORMAT);
  CHECK(out.data == NULL);
  nodecore_buf_free(&point);
  nodecore_ecdh_free(ecdh);
  nodecore_ecdh_free(NULL);
}

int main(void) {
  for (size_t i = 0; i < nodecore_crypto_curve_count(); i++) agree(nodecore_crypto_curve_at(i));
  bad_input();
  return 0;
}
