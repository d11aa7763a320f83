/* The static library in one program with the system's libuv and OpenSSL: each call reaches its own. */
#include <nodecore.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>


static int ticks;

static void on_timer(uv_timer_t *timer) {
  ticks++;
  uv_close((uv_handle_t *)timer, NULL);
}

static void on_nodecore_timer(void *user) { *(int *)user += 1; }

int main(void) {
  /* The system's libuv runs a timer of its own, beside one of the library's loop. */
  uv_loop_t theirs;
  uv_timer_t timer;
  uv_loop_init(&theirs);
  uv_timer_init(&theirs, &timer);
  uv_timer_start(&timer, on_timer, 1, 0);

  nodecore_error *err = NULL;
  nodecore_loop *loop = NULL;
  int fired = 0;
  if (nodecore_loop_new(&loop, &err) != NODECORE_OK ||
      nodecore_loop_set_timeout(loop, 1, on_nodecore_timer, &fired, NULL, NULL) != NODECORE_OK)
    return 1;
  uv_run(&theirs, UV_RUN_DEFAULT);
  uv_loop_close(&theirs);
  if (nodecore_loop_run(loop, NODECORE_RUN_DEFAULT, NULL, &err) != NODECORE_OK) return 1;
  nodecore_loop_free(loop);

  /* Both OpenSSLs give the same digest, and are of different versions. */
  unsigned char digest[32];
  SHA256((const unsigned char *)"abc", 3, digest);
  nodecore_buf ours = NODECORE_BUF_INIT;
  if (nodecore_crypto_hash("sha256", 6, "abc", 3, NULL, &ours, &err) != NODECORE_OK) return 1;
  const int same = ours.len == sizeof digest && memcmp(ours.data, digest, sizeof digest) == 0;
  nodecore_buf_free(&ours);
  printf("libuv %s, OpenSSL %s beside nodecore %s: timers %d and %d, digests %s\n", uv_version_string(),
         OpenSSL_version(OPENSSL_VERSION_STRING), nodecore_version_string(), ticks, fired, same ? "equal" : "differ");
  return ticks == 1 && fired == 1 && same ? 0 : 1;
}
