#include "x509.h"

/* Of a certificate just read, as it is asked for once. */
static size_t once(void) {
  nodecore_x509 *cert = parse();
  nodecore_x509_legacy *legacy = NULL;
  MUST(nodecore_x509_to_legacy_object(cert, &legacy, NULL));
  size_t len = nodecore_x509_legacy_get(legacy).raw.len;
  nodecore_x509_legacy_free(legacy);
  nodecore_x509_free(cert);
  return len;
}

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) sink += once();
}

int main(void) {
  read_pem();
  measure_number(once(), run);
  return 0;
}
