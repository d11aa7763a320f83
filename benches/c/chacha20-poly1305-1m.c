#include "harness.h"

enum { SIZE = 1 << 20 };
static char data[SIZE];
static char key[32];
static char iv[12];
static volatile size_t sink;

static nodecore_buf seal(void) {
  nodecore_cipher *cipher = NULL;
  nodecore_buf text = NODECORE_BUF_INIT, rest = NODECORE_BUF_INIT, tag = NODECORE_BUF_INIT;
  MUST(nodecore_cipher_new("chacha20-poly1305", NODECORE_AUTO_LEN, key, sizeof key, iv, sizeof iv, NULL, &cipher, NULL));
  MUST(nodecore_cipher_update(cipher, data, SIZE, &text, NULL));
  MUST(nodecore_cipher_final(cipher, &rest, NULL));
  MUST(nodecore_cipher_get_auth_tag(cipher, &tag, NULL));
  sink += text.len;
  nodecore_buf_free(&text);
  nodecore_buf_free(&rest);
  nodecore_cipher_free(cipher);
  return tag;
}

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) {
    nodecore_buf tag = seal();
    nodecore_buf_free(&tag);
  }
}

int main(void) {
  memset(data, 'a', SIZE);
  memset(key, 1, sizeof key);
  memset(iv, 2, sizeof iv);
  nodecore_buf tag = seal();
  char hex[65] = "";
  for (size_t i = 0; i < tag.len && i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", (unsigned char)tag.data[i]);
  nodecore_buf_free(&tag);
  measure(hex, run);
  return 0;
}
