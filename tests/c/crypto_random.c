/* crypto_random.h, and what crypto.h has of its own */
#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static int called, released;
static void release(void *user) {
  (void)user;
  released++;
}

static void bytes(const nodecore_error *err, nodecore_buf *result, void *user) {
  (void)user;
  CHECK(err == NULL && result->len == 20);
  called++;
}

static void filled(const nodecore_error *err, void *user) {
  const char *data = user;
  CHECK(err == NULL && memcmp(data, data + 16, 16) != 0);
  called++;
}

static void number(const nodecore_error *err, int64_t value, void *user) {
  (void)user;
  CHECK(err == NULL && value == -3);
  called++;
}

static void prime(const nodecore_error *err, nodecore_buf *result, void *user) {
  (void)user;
  CHECK(err == NULL && result->len == 1 && result->data[0] == 7);
  called++;
}

static void no_prime(const nodecore_error *err, nodecore_buf *result, void *user) {
  (void)user;
  CHECK(result == NULL && is(nodecore_error_code(err), "ERR_CRYPTO_OPERATION_FAILED"));
  called++;
}

static void checked(const nodecore_error *err, bool is_prime, void *user) {
  CHECK(err == NULL && is_prime == (user != NULL));
  called++;
}

/* The child of a fork must not be given what its parent will be. */
static void fork_safety(void) {
  char first[16], mine[64], childs[64];
  CHECK_OK(nodecore_crypto_random_fill_sync(first, sizeof first, NULL));
  int ends[2];
  CHECK(pipe(ends) == 0);
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    bool good = nodecore_crypto_random_fill_sync(childs, sizeof childs, NULL) == NODECORE_OK;
    _exit(good && write(ends[1], childs, sizeof childs) == (ssize_t)sizeof childs ? 0 : 1);
  }
  int status = -1;
  CHECK(read(ends[0], childs, sizeof childs) == (ssize_t)sizeof childs);
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  CHECK_OK(nodecore_crypto_random_fill_sync(mine, sizeof mine, NULL));
  CHECK(memcmp(mine, childs, sizeof mine) != 0);
  for (size_t i = 0; i + 8 <= sizeof mine; i += 8)
    for (size_t j = 0; j + 8 <= sizeof childs; j++) CHECK(memcmp(mine + i, childs + j, 8) != 0);
  close(ends[0]);
  close(ends[1]);
}

int main(void) {
  nodecore_error *err = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_loop *lp = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  fork_safety();

  CHECK_OK(nodecore_crypto_random_bytes_sync(300, &out, &err));
  CHECK(out.len == 300);
  nodecore_buf_free(&out);
  CHECK_STATUS(nodecore_crypto_random_bytes_sync((size_t)1 << 31, &out, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                    "The value of \"size\" is out of range. It must be >= 0 && <= 2147483647. Received 2147483648"));
  char *many = calloc(65537, 1);
  CHECK_OK(nodecore_crypto_random_fill_sync(NULL, 0, &err));
  CHECK_STATUS(nodecore_crypto_random_fill_sync(NULL, 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_crypto_get_random_values(many, 65536, &err));
  CHECK(many[65536] == 0);
  CHECK_STATUS(nodecore_crypto_get_random_values(many, 65537, &err), NODECORE_UNCODED);
  CHECK(is(nodecore_error_name(err), "QuotaExceededError"));
  CHECK(is(nodecore_error_message(err), "The requested length exceeds 65,536 bytes"));
  nodecore_error_free(err);
  int64_t value = 0;
  for (int i = 0; i < 100; i++) {
    CHECK_OK(nodecore_crypto_random_int_sync(-2, 2, &value, NULL));
    CHECK(value >= -2 && value < 2);
  }
  CHECK_STATUS(nodecore_crypto_random_int_sync(2, 2, &value, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_crypto_random_int_sync(INT64_MIN, INT64_MAX, &value, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_crypto_random_uuid_options uuid = NODECORE_CRYPTO_RANDOM_UUID_OPTIONS_INIT;
  uuid.disable_entropy_cache = true;
  CHECK_OK(nodecore_crypto_random_uuid(&uuid, &out, &err));
  CHECK(out.len == 36 && out.data[14] == '4');
  nodecore_buf_free(&out);
  CHECK_OK(nodecore_crypto_random_uuid_v7(NULL, &out, &err));
  CHECK(out.len == 36 && out.data[14] == '7' && out.data[8] == '-');
  nodecore_buf_free(&out);

  nodecore_crypto_generate_prime_options options = NODECORE_CRYPTO_GENERATE_PRIME_OPTIONS_INIT;
  CHECK_OK(nodecore_crypto_generate_prime_sync(3, NULL, &out, &err));
  CHECK(out.len == 1 && out.data[0] == 7);
  nodecore_buf_free(&out);
  options.add = "\x0c", options.add_len = 1, options.rem = "\x0b", options.rem_len = 1, options.safe = true;
  CHECK_OK(nodecore_crypto_generate_prime_sync(64, &options, &out, &err));
  unsigned rest = 0;
  for (size_t i = 0; i < out.len; i++) rest = (rest * 256 + (unsigned char)out.data[i]) % 12;
  CHECK(out.len == 8 && rest == 11);
  bool yes = false;
  CHECK_OK(nodecore_crypto_check_prime_sync(out.data, out.len, 0, &yes, &err));
  CHECK(yes);
  nodecore_buf_free(&out);
  CHECK_STATUS(nodecore_crypto_generate_prime_sync(3, &options, &out, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_crypto_generate_prime_sync(1, NULL, &out, &err), NODECORE_ERR_OSSL);
  CHECK(failed_with(&err, "ERR_OSSL_BN_BITS_TOO_SMALL", "error:01800076:bignum routines::bits too small"));
  CHECK_OK(nodecore_crypto_check_prime_sync(NULL, 0, 0, &yes, &err));
  CHECK(!yes);
  CHECK_STATUS(nodecore_crypto_check_prime_sync("\x07", 1, (uint32_t)1 << 31, &yes, NULL), NODECORE_ERR_OUT_OF_RANGE);

  CHECK_OK(nodecore_crypto_random_bytes(lp, 20, bytes, NULL, release, NULL, &err));
  memset(many, 0, 32);
  CHECK_OK(nodecore_crypto_random_fill(lp, many, 32, filled, many, release, NULL, &err));
  CHECK_OK(nodecore_crypto_random_int(lp, -3, -2, number, NULL, release, NULL, &err));
  CHECK_OK(nodecore_crypto_generate_prime(lp, 3, NULL, prime, NULL, release, NULL, &err));
  options.rem = "\x06";
  CHECK_OK(nodecore_crypto_generate_prime(lp, 16, &options, no_prime, NULL, release, NULL, &err));
  CHECK_OK(nodecore_crypto_check_prime(lp, "\x0b", 1, 0, checked, &called, release, NULL, &err));
  CHECK_OK(nodecore_crypto_check_prime(lp, "\x0c", 1, 0, checked, NULL, release, NULL, &err));
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(called == 7 && released == 7);
  CHECK_STATUS(nodecore_crypto_random_int(lp, 0, 0, number, NULL, release, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_crypto_random_fill(lp, many, 1, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 9);
  free(many);

  /* crypto.h */
  CHECK_OK(nodecore_crypto_timing_safe_equal("abc", 3, "abc", 3, &yes, &err));
  CHECK(yes);
  CHECK_OK(nodecore_crypto_timing_safe_equal("abc", 3, "abd", 3, &yes, &err));
  CHECK(!yes);
  CHECK_OK(nodecore_crypto_timing_safe_equal(NULL, 0, NULL, 0, &yes, &err));
  CHECK(yes);
  CHECK_STATUS(nodecore_crypto_timing_safe_equal("abc", 3, "ab", 2, &yes, NULL),
               NODECORE_ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH);
  char secret[] = "secret";
  nodecore_crypto_cleanse(secret, sizeof secret);
  nodecore_crypto_cleanse(NULL, 0);
  for (size_t i = 0; i < sizeof secret; i++) CHECK(secret[i] == 0);
  size_t curves = nodecore_crypto_curve_count();
  CHECK(curves > 50 && is(nodecore_crypto_curve_at(0), "Oakley-EC2N-3"));
  CHECK(nodecore_crypto_curve_at(curves).len == 0 && nodecore_crypto_curve_at(curves - 1).len > 0);
  nodecore_crypto_secure_heap heap = NODECORE_CRYPTO_SECURE_HEAP_INIT;
  CHECK_OK(nodecore_crypto_secure_heap_used(&heap, &err));
  CHECK(heap.total == 0 && heap.used == 0 && heap.min == 2 && isnan(heap.utilization));
  CHECK_STATUS(nodecore_crypto_set_engine("dynamic", NODECORE_AUTO_LEN, NODECORE_CRYPTO_ENGINE_METHOD_ALL, NULL),
               NODECORE_ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED);
  CHECK(nodecore_crypto_get_fips() == 0);
  CHECK_OK(nodecore_crypto_set_fips(false, &err));
  CHECK_STATUS(nodecore_crypto_set_fips(true, NULL), NODECORE_ERR_CRYPTO_FIPS_UNAVAILABLE);
  CHECK(strncmp(NODECORE_CRYPTO_DEFAULT_CIPHER_LIST, "TLS_AES_256_GCM_SHA384:", 23) == 0);
  CHECK(NODECORE_CRYPTO_SSL_OP_ALL == 0x80000850 && NODECORE_CRYPTO_RSA_PSS_SALTLEN_AUTO == -2);

  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
