/* Signatures and keys of benchmarks, timed in one way. */
#include "harness.h"

static nodecore_key *public_key, *private_key;
static const char *digest;
static char message[64];
static nodecore_buf made, secret;
static volatile size_t sink;

static inline void make_pair(const char *type) {
  nodecore_key_pair_options opts = NODECORE_KEY_PAIR_OPTIONS_INIT;
  opts.modulus_length = 2048;
  opts.named_curve.data = "P-256";
  opts.named_curve.len = 5;
  MUST(nodecore_crypto_generate_key_pair_sync(type, NODECORE_AUTO_LEN, &opts, &public_key, &private_key, NULL));
  memset(message, 'a', sizeof message);
}

static inline void sign_once(nodecore_buf *out) {
  MUST(nodecore_crypto_sign_sync(digest, NODECORE_AUTO_LEN, message, sizeof message, private_key, NULL, out, NULL));
}

static inline bool verify_once(void) {
  bool good = false;
  MUST(nodecore_crypto_verify_sync(digest, NODECORE_AUTO_LEN, message, sizeof message, public_key, made.data, made.len,
                                   NULL, &good, NULL));
  return good;
}

static inline void sign_many(size_t times) {
  for (size_t i = 0; i < times; i++) {
    nodecore_buf out = NODECORE_BUF_INIT;
    sign_once(&out);
    sink += out.len;
    nodecore_buf_free(&out);
  }
}

static inline void verify_many(size_t times) {
  for (size_t i = 0; i < times; i++) sink += verify_once();
}

static inline int done(void) {
  nodecore_buf_free(&made);
  nodecore_buf_free(&secret);
  nodecore_key_free(public_key);
  nodecore_key_free(private_key);
  return 0;
}

static inline int bench(const char *type, const char *with, void (*run)(size_t)) {
  digest = with;
  make_pair(type);
  sign_once(&made);
  measure(verify_once() ? "true" : "false", run);
  return done();
}

static inline void agree_once(const nodecore_key *mine, const nodecore_key *theirs, nodecore_buf *out) {
  MUST(nodecore_crypto_diffie_hellman_sync(mine, theirs, out, NULL));
}

static nodecore_key *other_public;

static inline void agree_many(size_t times) {
  for (size_t i = 0; i < times; i++) {
    nodecore_buf out = NODECORE_BUF_INIT;
    agree_once(private_key, other_public, &out);
    sink += out.len;
    nodecore_buf_free(&out);
  }
}

static inline int bench_agree(const char *type) {
  make_pair(type);
  other_public = public_key;
  nodecore_key *mine = private_key;
  make_pair(type);
  agree_once(mine, public_key, &made);
  agree_once(private_key, other_public, &secret);
  bool same = made.len == secret.len && memcmp(made.data, secret.data, made.len) == 0;
  nodecore_key_free(mine);
  measure(same ? "true" : "false", agree_many);
  nodecore_key_free(other_public);
  return done();
}
