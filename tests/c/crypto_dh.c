/* crypto_dh.h */
#include "check.h"

static bool same(const nodecore_buf *a, const nodecore_buf *b) {
  return a->len == b->len && a->len > 0 && memcmp(a->data, b->data, a->len) == 0;
}

/* A pair of a known group and one of the same numbers agree. */
static void agree(const char *name) {
  nodecore_dh *known = NULL, *own = NULL;
  CHECK_OK(nodecore_dh_new_group(name, NODECORE_AUTO_LEN, &known, NULL));
  nodecore_buf prime = NODECORE_BUF_INIT, generator = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_dh_prime(known, &prime, NULL));
  CHECK_OK(nodecore_dh_generator(known, &generator, NULL));
  CHECK(generator.len == 1 && generator.data[0] == 2);
  char *p = exact(prime.data, prime.len), *g = exact(generator.data, generator.len);
  CHECK_OK(nodecore_dh_new(p, prime.len, g, generator.len, &own, NULL));
  free(p);
  free(g);
  CHECK(nodecore_dh_verify_error(known) == 0 && nodecore_dh_verify_error(own) == 0);

  nodecore_buf a = NODECORE_BUF_INIT, b = NODECORE_BUF_INIT, again = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_dh_generate_keys(known, &a, NULL));
  CHECK_OK(nodecore_dh_generate_keys(own, &b, NULL));
  CHECK_OK(nodecore_dh_public_key(own, &again, NULL));
  CHECK(same(&b, &again));
  nodecore_buf_free(&again);
  nodecore_buf one = NODECORE_BUF_INIT, other = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_dh_compute_secret(known, b.data, b.len, &one, NULL));
  CHECK_OK(nodecore_dh_compute_secret(own, a.data, a.len, &other, NULL));
  CHECK(same(&one, &other) && one.len == prime.len);

  /* The private key makes the public one. */
  nodecore_buf private_key = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_dh_private_key(own, &private_key, NULL));
  nodecore_dh *copy = NULL;
  CHECK_OK(nodecore_dh_new(prime.data, prime.len, NULL, 0, &copy, NULL));
  CHECK_OK(nodecore_dh_set_private_key(copy, private_key.data, private_key.len, NULL));
  CHECK_OK(nodecore_dh_generate_keys(copy, &again, NULL));
  CHECK(same(&b, &again));
  nodecore_buf_free(&again);
  CHECK_OK(nodecore_dh_set_public_key(copy, "\x07", 1, NULL));
  CHECK_OK(nodecore_dh_public_key(copy, &again, NULL));
  CHECK(gave(&again, "\x07"));

  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_dh_compute_secret(own, "\x01", 1, &again, &err), NODECORE_ERR_CRYPTO_INVALID_KEYLEN);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_KEYLEN", "Supplied key is too small"));
  CHECK_STATUS(nodecore_dh_compute_secret(own, prime.data, prime.len, &again, &err),
               NODECORE_ERR_CRYPTO_INVALID_KEYLEN);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_KEYLEN", "Supplied key is too large"));
  CHECK_STATUS(nodecore_dh_set_private_key(known, "\x05", 1, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: The keys of a known group cannot be set"));
  CHECK_STATUS(nodecore_dh_set_public_key(known, "\x05", 1, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK(again.data == NULL);

  nodecore_crypto_cleanse((void *)private_key.data, private_key.len);
  nodecore_buf_free(&private_key);
  nodecore_buf_free(&one);
  nodecore_buf_free(&other);
  nodecore_buf_free(&a);
  nodecore_buf_free(&b);
  nodecore_buf_free(&prime);
  nodecore_buf_free(&generator);
  nodecore_dh_free(copy);
  nodecore_dh_free(own);
  nodecore_dh_free(known);
}

static void bad_input(void) {
  nodecore_dh *dh = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_dh_new_group("modp3", NODECORE_AUTO_LEN, &dh, &err), NODECORE_ERR_CRYPTO_UNKNOWN_DH_GROUP);
  CHECK(failed_with(&err, "ERR_CRYPTO_UNKNOWN_DH_GROUP", "Unknown DH group"));
  CHECK_STATUS(nodecore_dh_new_group(NULL, 1, &dh, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_dh_new("\x17", 1, "\x01", 1, &dh, &err), NODECORE_ERR_OSSL);
  CHECK(failed_with(&err, "ERR_OSSL_DH_BAD_GENERATOR", "error:02800065:Diffie-Hellman routines::bad generator"));
  CHECK_STATUS(nodecore_dh_new(NULL, 1, NULL, 0, &dh, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_dh_new_of_length(1, 0, &dh, &err), NODECORE_ERR_OSSL);
  CHECK(failed_with(&err, "ERR_OSSL_DH_MODULUS_TOO_SMALL",
                    "error:0280007E:Diffie-Hellman routines::modulus too small"));
  CHECK_STATUS(nodecore_dh_new_of_length(100, 0, &dh, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "Invalid DH parameters"));
  CHECK_STATUS(nodecore_dh_new("\x17", 1, NULL, 0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(dh == NULL);

  CHECK_OK(nodecore_dh_new("\x17", 1, NULL, 0, &dh, NULL));
  CHECK(nodecore_dh_verify_error(dh) == 0x80 && nodecore_dh_verify_error(NULL) == 0);
  CHECK_STATUS(nodecore_dh_public_key(dh, &out, &err), NODECORE_ERR_CRYPTO_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_STATE", "No public key - did you forget to generate one?"));
  CHECK_STATUS(nodecore_dh_private_key(dh, &out, NULL), NODECORE_ERR_CRYPTO_INVALID_STATE);
  CHECK_STATUS(nodecore_dh_generate_keys(dh, &out, &err), NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  CHECK(failed_with(&err, "ERR_CRYPTO_OPERATION_FAILED", "Key generation failed"));
  CHECK_STATUS(nodecore_dh_compute_secret(dh, "\x05", 1, &out, NULL), NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  CHECK_STATUS(nodecore_dh_compute_secret(dh, NULL, 0, &out, NULL), NODECORE_ERR_CRYPTO_INVALID_KEYLEN);
  CHECK_STATUS(nodecore_dh_compute_secret(NULL, "\x05", 1, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_dh_generate_keys(NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_dh_prime(dh, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_dh_generator(NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_dh_set_private_key(dh, NULL, 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_dh_set_public_key(NULL, "\x05", 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(out.data == NULL);
  nodecore_dh_free(dh);
  nodecore_dh_free(NULL);
}

int main(void) {
  agree("modp5");
  agree("MODP14");
  nodecore_dh *dh = NULL;
  nodecore_buf prime = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_dh_new_of_length(512, 5, &dh, NULL));
  CHECK_OK(nodecore_dh_prime(dh, &prime, NULL));
  CHECK(prime.len == 64);
  nodecore_buf_free(&prime);
  nodecore_dh_free(dh);
  bad_input();
  return 0;
}
