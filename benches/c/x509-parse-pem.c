#include "x509.h"

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) nodecore_x509_free(parse());
}

int main(void) {
  read_pem();
  nodecore_x509 *cert = parse();
  nodecore_str serial = nodecore_x509_serial_number(cert);
  char check[64];
  snprintf(check, sizeof check, "%.*s", (int)serial.len, serial.data);
  nodecore_x509_free(cert);
  measure(check, run);
  return 0;
}
