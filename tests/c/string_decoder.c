/* string_decoder.h; what is expected is what Node 26 gives. */
#include "check.h"

static bool gave16(nodecore_buf16 *buf, const uint16_t *units, size_t len) {
  bool same = buf->len == len && (len == 0 || memcmp(buf->data, units, len * sizeof *units) == 0);
  nodecore_buf16_free(buf);
  return same;
}

static void in_utf8(void) {
  nodecore_error *err = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_string_decoder *decoder = NULL;
  int32_t encoding = -1;
  CHECK_OK(nodecore_buffer_encoding("UTF-8", NODECORE_AUTO_LEN, &encoding, &err));
  CHECK_OK(nodecore_string_decoder_new(encoding, &decoder, &err));
  CHECK(nodecore_string_decoder_encoding(decoder) == NODECORE_ENCODING_UTF8);
  char *piece = exact("cost: \xe2\x82", 8);
  CHECK_OK(nodecore_string_decoder_write(decoder, piece, 8, &out, &err));
  free(piece);
  CHECK(gave(&out, "cost: "));
  CHECK(nodecore_string_decoder_last_need(decoder) == 1 && nodecore_string_decoder_last_total(decoder) == 3);
  nodecore_str last = nodecore_string_decoder_last_char(decoder);
  CHECK(last.len == 4 && memcmp(last.data, "\xe2\x82\0\0", 4) == 0);
  CHECK_OK(nodecore_string_decoder_write(decoder, NULL, 0, &out, &err));
  CHECK(gave(&out, ""));
  CHECK_OK(nodecore_string_decoder_write(decoder, "\xac 5\xe2", 4, &out, &err));
  CHECK(gave(&out, "\xe2\x82\xac 5"));
  CHECK_OK(nodecore_string_decoder_end(decoder, &out, &err));
  CHECK(gave(&out, "\xef\xbf\xbd"));
  CHECK(nodecore_string_decoder_last_need(decoder) == 0 && nodecore_string_decoder_last_total(decoder) == 0);
  CHECK_OK(nodecore_string_decoder_end(decoder, &out, &err));
  CHECK(gave(&out, ""));
  nodecore_string_decoder_free(decoder);

  CHECK_OK(nodecore_string_decoder_new(NODECORE_ENCODING_BASE64, &decoder, &err));
  CHECK_OK(nodecore_string_decoder_write(decoder, "a", 1, &out, &err));
  CHECK(gave(&out, ""));
  CHECK_OK(nodecore_string_decoder_write(decoder, "bcd", 3, &out, &err));
  CHECK(gave(&out, "YWJj"));
  CHECK_OK(nodecore_string_decoder_end(decoder, &out, &err));
  CHECK(gave(&out, "ZA=="));
  nodecore_string_decoder_free(decoder);
}

static void in_utf16(void) {
  nodecore_error *err = NULL;
  nodecore_buf16 out = NODECORE_BUF16_INIT;
  nodecore_string_decoder *decoder = NULL;
  const uint16_t lead[] = {0xd83d}, trail[] = {0xde00}, pair[] = {0xd83d, 0xde00};
  CHECK_OK(nodecore_string_decoder_new(NODECORE_ENCODING_UTF16LE, &decoder, &err));
  CHECK_OK(nodecore_string_decoder_write_utf16(decoder, "\x3d", 1, &out, &err));
  CHECK(gave16(&out, NULL, 0));
  CHECK_OK(nodecore_string_decoder_write_utf16(decoder, "\xd8", 1, &out, &err));
  CHECK(gave16(&out, lead, 1));
  CHECK_OK(nodecore_string_decoder_write_utf16(decoder, "\0\xde", 2, &out, &err));
  CHECK(gave16(&out, trail, 1));
  CHECK_OK(nodecore_string_decoder_write_utf16(decoder, "\x3d\xd8", 2, &out, &err));
  CHECK(gave16(&out, NULL, 0));
  CHECK_OK(nodecore_string_decoder_write_utf16(decoder, "\0\xde\x3d\xd8", 4, &out, &err));
  CHECK(gave16(&out, pair, 2));
  CHECK_OK(nodecore_string_decoder_end_utf16(decoder, &out, &err));
  CHECK(gave16(&out, lead, 1));

  /* UTF-8 cannot hold half of a pair: it waits for the other. */
  nodecore_buf text = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_string_decoder_write(decoder, "\x3d", 1, &text, &err));
  CHECK(gave(&text, ""));
  CHECK_OK(nodecore_string_decoder_write(decoder, "\xd8", 1, &text, &err));
  CHECK(gave(&text, ""));
  CHECK_OK(nodecore_string_decoder_write(decoder, "\0\xde", 2, &text, &err));
  CHECK(gave(&text, "\xf0\x9f\x98\x80"));
  nodecore_string_decoder_free(decoder);
}

static void bad_arguments(void) {
  nodecore_error *err = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_buf16 out16 = NODECORE_BUF16_INIT;
  nodecore_string_decoder *decoder = NULL;
  CHECK_STATUS(nodecore_string_decoder_new(7, &decoder, &err), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK(failed_with(&err, "ERR_UNKNOWN_ENCODING", "Unknown encoding: 7"));
  CHECK_STATUS(nodecore_string_decoder_new(0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(decoder == NULL);
  CHECK_STATUS(nodecore_string_decoder_write(NULL, "a", 1, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_string_decoder_write_utf16(NULL, "a", 1, &out16, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_string_decoder_end(NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_string_decoder_end_utf16(NULL, &out16, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_string_decoder_new(NODECORE_ENCODING_HEX, &decoder, NULL));
  CHECK_STATUS(nodecore_string_decoder_write(decoder, NULL, 1, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_string_decoder_write(decoder, "a", 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_string_decoder_write_utf16(decoder, "a", SIZE_MAX, &out16, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(nodecore_string_decoder_encoding(decoder) == NODECORE_ENCODING_HEX);
  nodecore_string_decoder_free(decoder);
  nodecore_string_decoder_free(NULL);
  CHECK(nodecore_string_decoder_encoding(NULL) == NODECORE_ENCODING_UTF8);
  CHECK(nodecore_string_decoder_last_char(NULL).data == NULL);
  CHECK(nodecore_string_decoder_last_need(NULL) == 0 && nodecore_string_decoder_last_total(NULL) == 0);
}

int main(void) {
  in_utf8();
  in_utf16();
  bad_arguments();
  return 0;
}
