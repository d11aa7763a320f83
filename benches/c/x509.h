/* The certificate of benches/inputs/x509.txt. */
#ifndef X509_H
#define X509_H
#include "harness.h"

static char *pem;
static size_t pem_len;
static volatile size_t sink;

static nodecore_x509 *parse(void) {
  nodecore_x509 *cert = NULL;
  MUST(nodecore_x509_new(pem, pem_len, &cert, NULL));
  return cert;
}

static void read_pem(void) {
  char path[4096];
  snprintf(path, sizeof path, "%s/x509.txt", getenv("NODECORE_BENCH_INPUTS"));
  pem = read_all(path, &pem_len);
}

#endif
