/* crypto.h: the secure heap, which a process has once. */
#include "check.h"

/* OpenSSL's generators keep their ciphers by pointers in the secure heap, where LeakSanitizer does not look; valgrind does,
 * and runs this test too. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:CRYPTO_malloc\n"; }

int main(void) {
  nodecore_error *err = NULL;
  nodecore_crypto_secure_heap heap = NODECORE_CRYPTO_SECURE_HEAP_INIT;
  bool locked = false;
  CHECK_STATUS(nodecore_crypto_secure_heap_init(3, 0, &locked, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_crypto_secure_heap_init(64, 3, NULL, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(strstr(nodecore_error_message(err).data, "The argument 'min' must be a power of 2. Received 3") != NULL);
  nodecore_error_free(err);
  err = NULL;
  CHECK_STATUS(nodecore_crypto_secure_heap_init(32, 0, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_OK(nodecore_crypto_secure_heap_used(&heap, &err));
  CHECK(heap.total == 0);

  CHECK_OK(nodecore_crypto_secure_heap_init(65536, 4, &locked, &err));
  CHECK_OK(nodecore_crypto_secure_heap_used(&heap, &err));
  CHECK(heap.total == 65536 && heap.min == 4 && heap.used == 0 && heap.utilization == 0);

  nodecore_dh *pair = NULL;
  nodecore_buf key = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_dh_new_group("modp14", NODECORE_AUTO_LEN, &pair, &err));
  CHECK_OK(nodecore_dh_generate_keys(pair, &key, &err));
  CHECK_OK(nodecore_crypto_secure_heap_used(&heap, &err));
  CHECK(heap.used >= 32 && heap.utilization > 0);
  nodecore_buf_free(&key);
  nodecore_dh_free(pair);

  CHECK_STATUS(nodecore_crypto_secure_heap_init(65536, 4, NULL, NULL), NODECORE_ERR_INVALID_STATE);
  return 0;
}
