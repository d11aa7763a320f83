#include "x509.h"

static nodecore_x509 *cert;

static nodecore_buf once(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  bool matches = false;
  MUST(nodecore_x509_check_host(cert, "www.ec.example", 14, NULL, &matches, &out, NULL));
  return out;
}

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) {
    nodecore_buf out = once();
    sink += out.len;
    nodecore_buf_free(&out);
  }
}

int main(void) {
  read_pem();
  cert = parse();
  nodecore_buf out = once();
  char check[64];
  snprintf(check, sizeof check, "%.*s", (int)out.len, out.data);
  nodecore_buf_free(&out);
  measure(check, run);
  nodecore_x509_free(cert);
  return 0;
}
