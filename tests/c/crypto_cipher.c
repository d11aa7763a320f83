/* crypto_cipher.h */
#include "check.h"

static const unsigned char key[32] = {1, 2, 3};
static const unsigned char iv[16] = {9, 8, 7};
static const char gcm[] = "aes-256-gcm";
static const char unauthenticated[] = "Unsupported state or unable to authenticate data";

static nodecore_cipher *cipher_of(const char *name, size_t key_len, size_t iv_len) {
  nodecore_cipher *cipher = NULL;
  CHECK_OK(nodecore_cipher_new(name, NODECORE_AUTO_LEN, key, key_len, iv, iv_len, NULL, &cipher, NULL));
  return cipher;
}

static nodecore_cipher *decipher_of(const char *name, size_t key_len, size_t iv_len) {
  nodecore_cipher *cipher = NULL;
  CHECK_OK(nodecore_decipher_new(name, NODECORE_AUTO_LEN, key, key_len, iv, iv_len, NULL, &cipher, NULL));
  return cipher;
}

/* Seals `len` bytes with "aad"; the caller frees both. */
static void seal(const char *name, const void *data, size_t len, nodecore_buf *sealed, nodecore_buf *tag) {
  nodecore_buf rest = NODECORE_BUF_INIT;
  nodecore_cipher *cipher = cipher_of(name, 32, 12);
  CHECK_OK(nodecore_cipher_set_aad(cipher, "aad", 3, -1, NULL));
  CHECK_OK(nodecore_cipher_update(cipher, data, len, sealed, NULL));
  CHECK_STATUS(nodecore_cipher_get_auth_tag(cipher, tag, NULL), NODECORE_ERR_CRYPTO_INVALID_STATE);
  CHECK_OK(nodecore_cipher_final(cipher, &rest, NULL));
  CHECK(rest.len == 0 && sealed->len == len);
  CHECK_OK(nodecore_cipher_get_auth_tag(cipher, tag, NULL));
  CHECK(tag->len == 16);
  nodecore_buf_free(&rest);
  nodecore_cipher_free(cipher);
}

static void pieces(void) {
  nodecore_error *err = NULL;
  nodecore_buf sealed = NODECORE_BUF_INIT, tag = NODECORE_BUF_INIT, out = NODECORE_BUF_INIT;
  seal(gcm, "some text", 9, &sealed, &tag);

  nodecore_cipher *decipher = decipher_of(gcm, 32, 12);
  CHECK_OK(nodecore_cipher_set_aad(decipher, "aad", 3, -1, &err));
  CHECK_OK(nodecore_cipher_set_auth_tag(decipher, tag.data, tag.len, &err));
  CHECK_OK(nodecore_cipher_update(decipher, NULL, 0, &out, &err));
  CHECK(out.len == 0);
  nodecore_buf_free(&out);
  CHECK_OK(nodecore_cipher_update(decipher, sealed.data, sealed.len, &out, &err));
  CHECK(out.len == 9 && memcmp(out.data, "some text", 9) == 0);
  nodecore_buf_free(&out);
  CHECK_OK(nodecore_cipher_final(decipher, &out, &err));
  CHECK_STATUS(nodecore_cipher_final(decipher, &out, &err), NODECORE_ERR_CRYPTO_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_STATE", "Invalid state"));
  CHECK_STATUS(nodecore_cipher_get_auth_tag(decipher, &out, NULL), NODECORE_ERR_CRYPTO_INVALID_STATE);
  CHECK_STATUS(nodecore_cipher_set_auto_padding(decipher, true, NULL), NODECORE_ERR_CRYPTO_INVALID_STATE);
  nodecore_cipher_free(decipher);

  /* Without a tag nothing is true. */
  decipher = decipher_of(gcm, 32, 12);
  CHECK_OK(nodecore_cipher_update(decipher, sealed.data, sealed.len, &out, NULL));
  nodecore_buf_free(&out);
  CHECK(nodecore_cipher_final(decipher, &out, &err) != NODECORE_OK);
  CHECK(is(nodecore_error_message(err), unauthenticated));
  nodecore_error_free(err);
  err = NULL;
  nodecore_cipher_free(decipher);
  nodecore_buf_free(&sealed);
  nodecore_buf_free(&tag);
}

static void into_memory(void) {
  nodecore_error *err = NULL;
  unsigned char out[48];
  size_t written = 0, end = 0;
  nodecore_cipher *cipher = cipher_of("aes-256-cbc", 32, 16);
  CHECK(nodecore_cipher_room(cipher, 5) == 21 && nodecore_cipher_room(cipher, 0) == 16);
  CHECK_STATUS(nodecore_cipher_update_into(cipher, "12345", 5, out, 20, &written, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  CHECK_OK(nodecore_cipher_update_into(cipher, "1234567890123456789", 19, out, sizeof out, &written, &err));
  CHECK(written == 16);
  CHECK_STATUS(nodecore_cipher_final_into(cipher, out + 16, 15, &end, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_OK(nodecore_cipher_final_into(cipher, out + 16, 16, &end, &err));
  CHECK(end == 16);
  CHECK_STATUS(nodecore_cipher_update_into(cipher, NULL, 0, NULL, 0, &end, NULL), NODECORE_UNCODED);
  nodecore_cipher_free(cipher);

  nodecore_buf text = NODECORE_BUF_INIT, rest = NODECORE_BUF_INIT;
  cipher = decipher_of("aes-256-cbc", 32, 16);
  CHECK_OK(nodecore_cipher_update(cipher, out, 32, &text, NULL));
  CHECK_OK(nodecore_cipher_final(cipher, &rest, NULL));
  CHECK(text.len == 16 && rest.len == 3 && memcmp(rest.data, "789", 3) == 0);
  nodecore_buf_free(&text);
  nodecore_buf_free(&rest);
  nodecore_cipher_free(cipher);

  cipher = decipher_of("aes-256-cbc", 32, 16);
  CHECK_OK(nodecore_cipher_set_auto_padding(cipher, false, &err));
  CHECK_OK(nodecore_cipher_update(cipher, out, 31, &text, NULL));
  nodecore_buf_free(&text);
  CHECK_STATUS(nodecore_cipher_final(cipher, &rest, &err), NODECORE_ERR_OSSL);
  CHECK(failed_with(&err, "ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH",
                    "error:1C80006B:Provider routines::wrong final block length"));
  nodecore_cipher_free(cipher);
}

static void refusals(void) {
  nodecore_error *err = NULL;
  nodecore_cipher *cipher = NULL;
  CHECK_STATUS(nodecore_cipher_new("nope", 4, key, 32, iv, 12, NULL, &cipher, &err),
               NODECORE_ERR_CRYPTO_UNKNOWN_CIPHER);
  CHECK(failed_with(&err, "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher"));
  CHECK_STATUS(nodecore_cipher_new(gcm, NODECORE_AUTO_LEN, key, 31, iv, 12, NULL, &cipher, &err),
               NODECORE_ERR_CRYPTO_INVALID_KEYLEN);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length"));
  CHECK_STATUS(nodecore_decipher_new(gcm, NODECORE_AUTO_LEN, key, 32, NULL, 0, NULL, &cipher, &err),
               NODECORE_ERR_CRYPTO_INVALID_IV);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_IV", "Invalid initialization vector"));
  nodecore_cipher_options opts = NODECORE_CIPHER_OPTIONS_INIT;
  opts.has_auth_tag_length = true;
  CHECK_STATUS(nodecore_cipher_new(gcm, NODECORE_AUTO_LEN, key, 32, iv, 12, &opts, &cipher, NULL),
               NODECORE_ERR_CRYPTO_INVALID_AUTH_TAG);
  CHECK_STATUS(nodecore_cipher_new(NULL, 1, key, 32, iv, 12, NULL, &cipher, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_cipher_new(gcm, 11, NULL, 32, iv, 12, NULL, &cipher, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_cipher_new(gcm, 11, NULL, 0, iv, 12, NULL, &cipher, NULL),
               NODECORE_ERR_CRYPTO_INVALID_KEYLEN);
  CHECK_STATUS(nodecore_cipher_new(gcm, 11, key, 32, iv, 12, NULL, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_cipher_new("aes-128-ecb", 11, key, 16, NULL, 0, NULL, &cipher, NULL));
  CHECK_STATUS(nodecore_cipher_set_aad(cipher, "a", 1, -1, &err), NODECORE_ERR_CRYPTO_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_CRYPTO_INVALID_STATE", "Invalid state for operation setAAD"));
  CHECK_STATUS(nodecore_cipher_set_auth_tag(cipher, iv, 16, NULL), NODECORE_ERR_CRYPTO_INVALID_STATE);
  nodecore_cipher_free(cipher);

  opts.auth_tag_length = 8;
  CHECK_OK(nodecore_cipher_new("aes-256-ccm", 11, key, 32, iv, 13, &opts, &cipher, NULL));
  CHECK_STATUS(nodecore_cipher_set_aad(cipher, "a", 1, -1, NULL), NODECORE_ERR_MISSING_ARGS);
  CHECK_STATUS(nodecore_cipher_set_aad(cipher, "a", 1, 65536, NULL), NODECORE_ERR_CRYPTO_INVALID_MESSAGELEN);
  CHECK_STATUS(nodecore_cipher_set_aad(cipher, "a", 1, INT64_C(1) << 32, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_OK(nodecore_cipher_set_aad(cipher, "a", 1, 0, NULL));
  nodecore_cipher_free(cipher);

  CHECK(nodecore_cipher_room(NULL, 1) == SIZE_MAX);
  CHECK_STATUS(nodecore_cipher_update(NULL, "x", 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_cipher_free(NULL);
}

static void lists(void) {
  nodecore_error *err = NULL;
  bool found = false;
  size_t count = nodecore_cipher_count();
  CHECK(count == 165);
  for (size_t i = 0; i < count; i++) {
    nodecore_cipher_info info = NODECORE_CIPHER_INFO_INIT;
    nodecore_str name = nodecore_cipher_name(i);
    CHECK_OK(nodecore_cipher_get_info(name.data, name.len, -1, -1, &info, NULL));
    CHECK(info.key_length >= 16 && info.name.len > 0 && info.mode.len > 0);
    found = found || is(name, gcm);
  }
  CHECK(found && nodecore_cipher_name(count).data == NULL);
  nodecore_cipher_info info = NODECORE_CIPHER_INFO_INIT;
  CHECK_OK(nodecore_cipher_get_info(gcm, NODECORE_AUTO_LEN, 32, 7, &info, &err));
  CHECK(is(info.name, "id-aes256-gcm") && is(info.mode, "gcm") && info.nid == 901);
  CHECK(info.block_size == 1 && info.iv_length == 7 && info.key_length == 32);
  CHECK_STATUS(nodecore_cipher_get_info(gcm, NODECORE_AUTO_LEN, 16, -1, &info, &err),
               NODECORE_ERR_CRYPTO_UNKNOWN_CIPHER);
  CHECK(failed_with(&err, "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher"));
  CHECK_STATUS(nodecore_cipher_get_info(gcm, NODECORE_AUTO_LEN, -1, INT64_C(1) << 40, &info, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  CHECK_OK(nodecore_cipher_get_info_by_nid(427, -1, 16, &info, NULL));
  CHECK(is(info.name, "aes-256-cbc"));
  CHECK_STATUS(nodecore_cipher_get_info_by_nid(0, -1, -1, &info, NULL), NODECORE_ERR_CRYPTO_UNKNOWN_CIPHER);
}

static void in_place(void) {
  nodecore_error *err = NULL;
  nodecore_aead *aead = NULL;
  nodecore_buf sealed = NODECORE_BUF_INIT, expected = NODECORE_BUF_INIT;
  unsigned char tag[NODECORE_AEAD_TAG];
  char text[] = "some text";
  seal("chacha20-poly1305", text, 9, &sealed, &expected);
  CHECK_OK(nodecore_aead_new("chacha20-poly1305", NODECORE_AUTO_LEN, key, 32, &aead, &err));
  CHECK_OK(nodecore_aead_seal(aead, iv, "aad", 3, text, 9, tag, &err));
  CHECK(memcmp(text, sealed.data, 9) == 0 && memcmp(tag, expected.data, 16) == 0);
  CHECK_OK(nodecore_aead_open(aead, iv, "aad", 3, text, 9, tag, &err));
  CHECK(strcmp(text, "some text") == 0);
  CHECK(nodecore_aead_open(aead, iv, NULL, 0, text, 9, tag, &err) != NODECORE_OK);
  CHECK(is(nodecore_error_message(err), unauthenticated));
  nodecore_error_free(err);
  CHECK(memcmp(text, "\0\0\0\0\0\0\0\0", 9) == 0);
  CHECK_OK(nodecore_aead_seal(aead, iv, NULL, 0, NULL, 0, tag, NULL));
  CHECK_STATUS(nodecore_aead_seal(aead, NULL, NULL, 0, NULL, 0, tag, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_aead_seal(aead, iv, NULL, 0, NULL, 0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_aead_free(aead);
  nodecore_aead_free(NULL);
  CHECK_STATUS(nodecore_aead_new("aes-256-cbc", NODECORE_AUTO_LEN, key, 32, &aead, NULL),
               NODECORE_ERR_CRYPTO_UNSUPPORTED_OPERATION);
  nodecore_buf_free(&sealed);
  nodecore_buf_free(&expected);
}

/* What a stream gives, and how it ends. */
struct reader {
  char *data;
  size_t len;
  bool ended;
  bool failed;
};

static void read_chunk(nodecore_chunk *chunk, void *user) {
  struct reader *reader = user;
  memcpy(reader->data + reader->len, chunk->bytes.data, chunk->bytes.len);
  reader->len += chunk->bytes.len;
}

static void read_end(const nodecore_error *err, void *user) {
  (void)err;
  ((struct reader *)user)->ended = true;
}

static void read_error(const nodecore_error *err, void *user) {
  CHECK(is(nodecore_error_message(err), unauthenticated));
  ((struct reader *)user)->failed = true;
}

static void streams(void) {
  enum { SIZE = 400000 };
  nodecore_loop *lp = NULL;
  nodecore_stream *stream = NULL;
  nodecore_buf sealed = NODECORE_BUF_INIT, tag = NODECORE_BUF_INIT, out = NODECORE_BUF_INIT;
  char *text = malloc(SIZE);
  struct reader reader = {malloc(SIZE), 0, false, false};
  memset(text, 'a', SIZE);
  seal(gcm, text, SIZE, &sealed, &tag);
  CHECK_OK(nodecore_loop_new(&lp, NULL));

  nodecore_cipher *cipher = cipher_of(gcm, 32, 12);
  CHECK_OK(nodecore_cipher_stream(lp, cipher, &stream, NULL));
  CHECK_OK(nodecore_cipher_set_aad(cipher, "aad", 3, -1, NULL));
  CHECK_OK(nodecore_stream_on_data(stream, 0, read_chunk, &reader, NULL, NULL));
  nodecore_stream_write(stream, text, 100);
  nodecore_stream_write(stream, text, SIZE - 100);
  nodecore_stream_end(stream);
  CHECK_STATUS(nodecore_cipher_update(cipher, "x", 1, &out, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_cipher_final(cipher, &out, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_cipher_stream(lp, cipher, &stream, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK(nodecore_cipher_room(cipher, 0) == SIZE_MAX);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(reader.len == SIZE && memcmp(reader.data, sealed.data, SIZE) == 0);
  CHECK_OK(nodecore_cipher_get_auth_tag(cipher, &out, NULL));
  CHECK(memcmp(out.data, tag.data, 16) == 0);
  nodecore_buf_free(&out);
  nodecore_stream_free(stream);
  nodecore_cipher_free(cipher);

  for (int wrong = 0; wrong < 2; wrong++) {
    reader.len = 0;
    reader.ended = reader.failed = false;
    cipher = decipher_of(gcm, 32, 12);
    CHECK_OK(nodecore_cipher_stream(lp, cipher, &stream, NULL));
    CHECK_OK(nodecore_cipher_set_aad(cipher, wrong ? "add" : "aad", 3, -1, NULL));
    CHECK_OK(nodecore_cipher_set_auth_tag(cipher, tag.data, tag.len, NULL));
    CHECK_OK(nodecore_stream_on_data(stream, 0, read_chunk, &reader, NULL, NULL));
    CHECK_OK(nodecore_stream_on(stream, NODECORE_EVENT_END, 0, read_end, &reader, NULL, NULL));
    CHECK_OK(nodecore_stream_on(stream, NODECORE_EVENT_ERROR, 0, read_error, &reader, NULL, NULL));
    nodecore_stream_write(stream, sealed.data, sealed.len);
    nodecore_stream_end(stream);
    CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
    CHECK(reader.ended == !wrong && reader.failed == (wrong != 0));
    CHECK(wrong || (reader.len == SIZE && memcmp(reader.data, text, SIZE) == 0));
    nodecore_stream_free(stream);
    nodecore_cipher_free(cipher);
  }
  nodecore_buf_free(&sealed);
  nodecore_buf_free(&tag);
  free(reader.data);
  free(text);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
}

int main(void) {
  pieces();
  into_memory();
  refusals();
  lists();
  in_place();
  streams();
  return 0;
}
