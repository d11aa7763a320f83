#include "signatures.h"

static nodecore_key *read_once(void) {
  nodecore_key_input input = NODECORE_KEY_INPUT_INIT;
  input.format = NODECORE_KEY_PEM;
  input.data.data = made.data;
  input.data.len = made.len;
  nodecore_key *key = NULL;
  MUST(nodecore_crypto_create_private_key(&input, &key, NULL));
  return key;
}

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) nodecore_key_free(read_once());
}

int main(void) {
  make_pair("ec");
  nodecore_key_export_options opts = NODECORE_KEY_EXPORT_OPTIONS_INIT;
  opts.format = NODECORE_KEY_PEM;
  opts.encoding = NODECORE_KEY_PKCS8;
  MUST(nodecore_key_export(private_key, &opts, &made, NULL));
  nodecore_key *key = read_once();
  char type[16] = "";
  nodecore_str name = nodecore_key_asymmetric_type(key);
  snprintf(type, sizeof type, "%.*s", (int)name.len, name.data);
  nodecore_key_free(key);
  measure(type, run);
  return done();
}
