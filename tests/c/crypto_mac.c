/* crypto_mac.h */
#include "check.h"

static char *seen;
static size_t seen_len;
static bool ended;
static void data(nodecore_chunk *chunk, void *user) {
  (void)user;
  seen = realloc(seen, seen_len + chunk->bytes.len);
  memcpy(seen + seen_len, chunk->bytes.data, chunk->bytes.len);
  seen_len += chunk->bytes.len;
}
static void end(const nodecore_error *err, void *user) {
  (void)user;
  CHECK(err == NULL);
  ended = true;
}

/* RFC 4231, test case 2. */
static const char jefe[] = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

static void hmacs(nodecore_loop *lp) {
  nodecore_error *err = NULL;
  nodecore_hmac *hmac = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  char *key = exact("Jefe", 4);
  CHECK_OK(nodecore_hmac_new("SHA256", NODECORE_AUTO_LEN, key, 4, &hmac, &err));
  free(key);
  CHECK_OK(nodecore_hmac_update(hmac, "what do ya want ", 16, &err));
  CHECK_OK(nodecore_hmac_update(hmac, NULL, 0, &err));
  CHECK_OK(nodecore_hmac_update(hmac, "for nothing?", 12, &err));
  CHECK_STATUS(nodecore_hmac_digest_encoded(hmac, -1, &out, NULL), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK_OK(nodecore_hmac_digest_encoded(hmac, NODECORE_ENCODING_HEX, &out, &err));
  CHECK(gave(&out, jefe));
  CHECK_OK(nodecore_hmac_digest(hmac, &out, &err));
  CHECK(out.len == 0);
  nodecore_buf_free(&out);
  CHECK_STATUS(nodecore_hmac_update(hmac, "x", 1, &err), NODECORE_ERR_CRYPTO_HASH_FINALIZED);
  CHECK(failed_with(&err, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called"));
  nodecore_hmac_free(hmac);

  CHECK_STATUS(nodecore_hmac_new("nope", NODECORE_AUTO_LEN, "k", 1, &hmac, &err), NODECORE_ERR_CRYPTO_INVALID_DIGEST);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_DIGEST", "Invalid digest: nope"));
  CHECK_STATUS(nodecore_hmac_new("sha1", NODECORE_AUTO_LEN, NULL, 1, &hmac, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_hmac_update(NULL, "x", 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_hmac_digest(NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);

  /* An empty key; dropped midway. */
  CHECK_OK(nodecore_hmac_new("sha3-512", NODECORE_AUTO_LEN, NULL, 0, &hmac, NULL));
  CHECK_OK(nodecore_hmac_update(hmac, "x", 1, NULL));
  nodecore_hmac_free(hmac);
  nodecore_hmac_free(NULL);

  nodecore_stream *stream = NULL, *again = NULL;
  CHECK_OK(nodecore_hmac_new("sha256", NODECORE_AUTO_LEN, "Jefe", 4, &hmac, NULL));
  CHECK_OK(nodecore_hmac_stream(lp, hmac, &stream, &err));
  CHECK_STATUS(nodecore_hmac_stream(lp, hmac, &again, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_hmac_update(hmac, "x", 1, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_OK(nodecore_stream_on_data(stream, 0, data, NULL, NULL, NULL));
  nodecore_stream_write(stream, "what do ya want ", 16);
  nodecore_stream_write(stream, "for nothing?", 12);
  nodecore_stream_end(stream);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(seen_len == 32 && (unsigned char)seen[0] == 0x5b && (unsigned char)seen[31] == 0x43);
  CHECK_OK(nodecore_hmac_digest(hmac, &out, NULL));
  CHECK(out.len == 0);
  nodecore_buf_free(&out);
  nodecore_stream_free(stream);
  nodecore_hmac_free(hmac);
}

static nodecore_str view(const char *text) {
  nodecore_str view = {text, strlen(text)};
  return view;
}

static void macs(nodecore_loop *lp) {
  nodecore_error *err = NULL;
  nodecore_mac *mac = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  /* RFC 4493, example 1: of nothing. */
  const unsigned char key[16] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
                                 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};
  nodecore_mac_options options = NODECORE_MAC_OPTIONS_INIT;
  options.cipher = view("aes-128-cbc");
  CHECK_OK(nodecore_mac_new("CMAC", NODECORE_AUTO_LEN, key, 16, &options, &mac, &err));
  CHECK_OK(nodecore_mac_update(mac, NULL, 0, &err));
  CHECK_STATUS(nodecore_mac_final_encoded(mac, 99, &out, NULL), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK_OK(nodecore_mac_final_encoded(mac, NODECORE_ENCODING_HEX, &out, &err));
  CHECK(gave(&out, "bb1d6929e95937287fa37d129b756746"));
  CHECK_STATUS(nodecore_mac_final(mac, &out, &err), NODECORE_ERR_CRYPTO_MAC_FINALIZED);
  CHECK(failed_with(&err, "ERR_CRYPTO_MAC_FINALIZED", "MAC already finalized"));
  CHECK_STATUS(nodecore_mac_update(mac, "x", 1, NULL), NODECORE_ERR_CRYPTO_MAC_FINALIZED);
  nodecore_mac_free(mac);

  options.iv.data = (const char *)key;
  options.iv.len = 12;
  CHECK_STATUS(nodecore_mac_new("cmac", NODECORE_AUTO_LEN, key, 16, &options, &mac, &err),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The property 'options.iv' is not supported by MAC cmac"));
  options.cipher = view("aes-128-gcm");
  CHECK_OK(nodecore_mac_new("gmac", NODECORE_AUTO_LEN, key, 16, &options, &mac, &err));
  CHECK_OK(nodecore_mac_final(mac, &out, &err));
  CHECK(out.len == 16);
  nodecore_buf_free(&out);
  nodecore_mac_free(mac);

  options = (nodecore_mac_options)NODECORE_MAC_OPTIONS_INIT;
  CHECK_STATUS(nodecore_mac_new("nope", NODECORE_AUTO_LEN, key, 16, NULL, &mac, &err), NODECORE_ERR_CRYPTO_INVALID_MAC);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_MAC", "Invalid MAC: nope"));
  CHECK_STATUS(nodecore_mac_new("poly1305", NODECORE_AUTO_LEN, key, 16, NULL, &mac, &err), NODECORE_ERR_OSSL);
  CHECK(failed_with(&err, "ERR_OSSL_INVALID_KEY_LENGTH", "error:1C800069:Provider routines::invalid key length"));
  CHECK_STATUS(nodecore_mac_new("siphash", NODECORE_AUTO_LEN, NULL, 0, NULL, &mac, NULL),
               NODECORE_ERR_CRYPTO_OPERATION_FAILED);
  options.has_output_length = true;
  CHECK_OK(nodecore_mac_new("kmac128", NODECORE_AUTO_LEN, key, 16, &options, &mac, NULL));
  CHECK_OK(nodecore_mac_final(mac, &out, NULL));
  CHECK(out.len == 0);
  nodecore_buf_free(&out);
  nodecore_mac_free(mac);
  options.has_output_length = false;
  options.output_length = 8;
  options.salt = view("salt");
  options.customization = view("custom");
  CHECK_OK(nodecore_mac_new("blake2smac", NODECORE_AUTO_LEN, key, 16, &options, &mac, NULL));
  CHECK_OK(nodecore_mac_update(mac, "abc", 3, NULL));
  CHECK_OK(nodecore_mac_final(mac, &out, NULL));
  CHECK(out.len == 8);
  nodecore_buf_free(&out);
  nodecore_mac_free(mac);
  nodecore_mac_free(NULL);

  nodecore_stream *stream = NULL;
  options = (nodecore_mac_options)NODECORE_MAC_OPTIONS_INIT;
  options.digest = view("sha256");
  CHECK_OK(nodecore_mac_new("hmac", NODECORE_AUTO_LEN, "Jefe", 4, &options, &mac, NULL));
  CHECK_OK(nodecore_mac_stream(lp, mac, &stream, &err));
  CHECK_STATUS(nodecore_mac_update(mac, "x", 1, NULL), NODECORE_ERR_INVALID_STATE);
  seen_len = 0;
  CHECK_OK(nodecore_stream_on_data(stream, 0, data, NULL, NULL, NULL));
  CHECK_OK(nodecore_stream_on(stream, NODECORE_EVENT_END, 0, end, NULL, NULL, NULL));
  nodecore_stream_write(stream, "what do ya want for nothing?", 28);
  nodecore_stream_end(stream);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(ended && seen_len == 32 && (unsigned char)seen[0] == 0x5b && (unsigned char)seen[31] == 0x43);
  CHECK_STATUS(nodecore_mac_final(mac, &out, NULL), NODECORE_ERR_CRYPTO_MAC_FINALIZED);
  nodecore_stream_free(stream);
  nodecore_mac_free(mac);

  size_t count = 0;
  while (nodecore_crypto_mac_name(count).data != NULL) count++;
  CHECK(count == 11 && is(nodecore_crypto_mac_name(0), "blake2bmac"));
}

int main(void) {
  nodecore_loop *lp = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  hmacs(lp);
  macs(lp);
  free(seen);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
