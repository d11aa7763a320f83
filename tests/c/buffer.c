/* buffer.h; what is expected is what Node 26 gives. */
#include "check.h"

static bool gave_bytes(nodecore_buf *buf, const void *bytes, size_t len) {
  bool same = buf->len == len && (len == 0 || memcmp(buf->data, bytes, len) == 0);
  nodecore_buf_free(buf);
  return same;
}

static bool gave16(nodecore_buf16 *buf, const uint16_t *units, size_t len) {
  bool same = buf->len == len && (len == 0 || memcmp(buf->data, units, len * sizeof *units) == 0);
  nodecore_buf16_free(buf);
  return same;
}

static uint16_t *wide(const uint16_t *units, size_t len) {
  uint16_t *copy = malloc(len * sizeof *units);
  CHECK(copy != NULL);
  memcpy(copy, units, len * sizeof *units);
  return copy;
}

/* a é € and a lead surrogate */
static const uint16_t units[] = {'a', 0xe9, 0x20ac, 0xd83d};
static const char utf8[] = "a\xc3\xa9\xe2\x82\xac\xef\xbf\xbd";

static void names(void) {
  nodecore_error *err = NULL;
  int32_t encoding = -1;
  static const struct {
    const char *name;
    int32_t encoding;
    const char *shown;
  } known[] = {
      {"UTF-8", NODECORE_ENCODING_UTF8, "utf8"},         {"ucs2", NODECORE_ENCODING_UTF16LE, "utf16le"},
      {"binary", NODECORE_ENCODING_LATIN1, "latin1"},    {"ascii", NODECORE_ENCODING_ASCII, "ascii"},
      {"base64", NODECORE_ENCODING_BASE64, "base64"},    {"Base64Url", NODECORE_ENCODING_BASE64URL, "base64url"},
      {"hex", NODECORE_ENCODING_HEX, "hex"},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    CHECK_OK(nodecore_buffer_encoding(known[i].name, NODECORE_AUTO_LEN, &encoding, &err));
    CHECK(encoding == known[i].encoding);
    CHECK(nodecore_buffer_is_encoding(known[i].name, strlen(known[i].name)));
    CHECK(is(nodecore_buffer_encoding_name(encoding), known[i].shown));
  }
  encoding = 42;
  CHECK_STATUS(nodecore_buffer_encoding("utf-7", 5, &encoding, &err), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK(failed_with(&err, "ERR_UNKNOWN_ENCODING", "Unknown encoding: utf-7"));
  CHECK_STATUS(nodecore_buffer_encoding("\xff", 1, &encoding, NULL), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK(encoding == 42);
  CHECK_STATUS(nodecore_buffer_encoding(NULL, 1, &encoding, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_buffer_encoding("hex", 3, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(!nodecore_buffer_is_encoding("", 0) && !nodecore_buffer_is_encoding(NULL, 1));
  CHECK(!nodecore_buffer_is_encoding("\xff", 1) && !nodecore_buffer_is_encoding("hex\0", 4));
  CHECK(nodecore_buffer_encoding_name(7).data == NULL && nodecore_buffer_encoding_name(-1).data == NULL);
}

static void to_bytes(void) {
  nodecore_error *err = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  size_t count = 0;
  uint16_t *text16 = wide(units, 4);
  char *text = exact(utf8, 9), *latin1 = exact("a\xe9", 2);

  CHECK_OK(nodecore_buffer_from_utf16(text16, 4, NODECORE_ENCODING_UTF8, &out, &err));
  CHECK(gave_bytes(&out, utf8, 9));
  CHECK_OK(nodecore_buffer_from_utf16(text16, 4, NODECORE_ENCODING_LATIN1, &out, &err));
  CHECK(gave_bytes(&out, "a\xe9\xac\x3d", 4));
  CHECK_OK(nodecore_buffer_from_utf16(text16, 4, NODECORE_ENCODING_UTF16LE, &out, &err));
  CHECK(gave_bytes(&out, "a\0\xe9\0\xac\x20\x3d\xd8", 8));
  CHECK_OK(nodecore_buffer_from(text, 9, NODECORE_ENCODING_UTF8, &out, &err));
  CHECK(gave_bytes(&out, utf8, 9));
  CHECK_OK(nodecore_buffer_from_latin1(latin1, 2, NODECORE_ENCODING_UTF8, &out, &err));
  CHECK(gave_bytes(&out, utf8, 3));
  CHECK_OK(nodecore_buffer_from("-_\n+/==", NODECORE_AUTO_LEN, NODECORE_ENCODING_BASE64, &out, &err));
  CHECK(gave_bytes(&out, "\xfb\xff\xbf", 3));
  CHECK_OK(nodecore_buffer_from("c0ffee?!", 8, NODECORE_ENCODING_HEX, &out, &err));
  CHECK(gave_bytes(&out, "\xc0\xff\xee", 3));
  CHECK_OK(nodecore_buffer_from(NULL, 0, NODECORE_ENCODING_HEX, &out, &err));
  CHECK(gave_bytes(&out, "", 0));

  CHECK_OK(nodecore_buffer_byte_length(text, 9, NODECORE_ENCODING_UTF16LE, &count, &err));
  CHECK(count == 8);
  CHECK_OK(nodecore_buffer_byte_length_utf16(text16, 4, NODECORE_ENCODING_UTF8, &count, &err));
  CHECK(count == 9);
  CHECK_OK(nodecore_buffer_byte_length_latin1(latin1, 2, NODECORE_ENCODING_UTF8, &count, &err));
  CHECK(count == 3);
  CHECK_OK(nodecore_buffer_byte_length("YQ==", 4, NODECORE_ENCODING_BASE64, &count, &err));
  CHECK(count == 1);

  /* What is written is whole characters, and the rest of the room stays. */
  char *room = exact("......", 6);
  CHECK_OK(nodecore_buffer_write(text, 9, NODECORE_ENCODING_UTF8, room, 5, &count, &err));
  CHECK(count == 3 && memcmp(room, "a\xc3\xa9...", 6) == 0);
  CHECK_OK(nodecore_buffer_write_utf16(text16, 4, NODECORE_ENCODING_UTF16LE, room, 5, &count, &err));
  CHECK(count == 4 && memcmp(room, "a\0\xe9\0..", 6) == 0);
  CHECK_OK(nodecore_buffer_write_latin1(latin1, 2, NODECORE_ENCODING_LATIN1, room, 6, &count, &err));
  CHECK(count == 2 && memcmp(room, "a\xe9\xe9\0..", 6) == 0);
  CHECK_OK(nodecore_buffer_write(text, 9, NODECORE_ENCODING_UTF8, NULL, 0, &count, &err));
  CHECK(count == 0);
  free(room);

  count = 42;
  CHECK_STATUS(nodecore_buffer_from("a", 1, 9, &out, &err), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK(failed_with(&err, "ERR_UNKNOWN_ENCODING", "Unknown encoding: 9"));
  CHECK_STATUS(nodecore_buffer_from("\xff", 1, 0, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_buffer_from_utf16(NULL, 1, 0, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_buffer_from_latin1("a", 1, 0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_buffer_byte_length("a", 1, -1, &count, NULL), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK_STATUS(nodecore_buffer_byte_length_utf16(text16, SIZE_MAX, 0, &count, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_buffer_byte_length_latin1(NULL, 1, 0, &count, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_buffer_write("a", 1, 0, NULL, 1, &count, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_buffer_write_utf16(text16, 1, 7, text, 9, &count, NULL), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK_STATUS(nodecore_buffer_write_latin1("a", 1, 0, text, 9, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(count == 42 && memcmp(text, utf8, 9) == 0);
  free(text);
  free(latin1);
  free(text16);
}

static void to_text(void) {
  nodecore_error *err = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_buf16 out16 = NODECORE_BUF16_INIT;
  char *bytes = exact("\xfb\xff\x61", 3), *lone = exact("\x3d\xd8\x61\0\x99", 5);
  CHECK_OK(nodecore_buffer_to_string(bytes, 3, NODECORE_ENCODING_UTF8, &out, &err));
  CHECK(gave(&out, "\xef\xbf\xbd\xef\xbf\xbd" "a"));
  CHECK_OK(nodecore_buffer_to_string(bytes, 3, NODECORE_ENCODING_LATIN1, &out, &err));
  CHECK(gave(&out, "\xc3\xbb\xc3\xbf" "a"));
  CHECK_OK(nodecore_buffer_to_string(bytes, 3, NODECORE_ENCODING_ASCII, &out, &err));
  CHECK(gave(&out, "{\x7f" "a"));
  CHECK_OK(nodecore_buffer_to_string(bytes, 3, NODECORE_ENCODING_BASE64, &out, &err));
  CHECK(gave(&out, "+/9h"));
  CHECK_OK(nodecore_buffer_to_string(bytes, 2, NODECORE_ENCODING_BASE64URL, &out, &err));
  CHECK(gave(&out, "-_8"));
  CHECK_OK(nodecore_buffer_to_string(bytes, 3, NODECORE_ENCODING_HEX, &out, &err));
  CHECK(gave(&out, "fbff61"));
  CHECK_OK(nodecore_buffer_to_string(lone, 5, NODECORE_ENCODING_UTF16LE, &out, &err));
  CHECK(gave(&out, "\xef\xbf\xbd" "a"));
  const uint16_t kept[] = {0xd83d, 'a'}, hex[] = {'f', 'b'};
  CHECK_OK(nodecore_buffer_to_string_utf16(lone, 5, NODECORE_ENCODING_UTF16LE, &out16, &err));
  CHECK(gave16(&out16, kept, 2));
  CHECK_OK(nodecore_buffer_to_string_utf16(bytes, 1, NODECORE_ENCODING_HEX, &out16, &err));
  CHECK(gave16(&out16, hex, 2));
  CHECK_OK(nodecore_buffer_to_string_utf16(NULL, 0, NODECORE_ENCODING_UTF8, &out16, &err));
  CHECK(gave16(&out16, hex, 0));
  CHECK_STATUS(nodecore_buffer_to_string(bytes, 3, 7, &out, &err), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK(failed_with(&err, "ERR_UNKNOWN_ENCODING", "Unknown encoding: 7"));
  CHECK_STATUS(nodecore_buffer_to_string(NULL, 3, 0, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_buffer_to_string(bytes, 3, 0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_buffer_to_string_utf16(bytes, SIZE_MAX, 0, &out16, NULL), NODECORE_ERR_OUT_OF_RANGE);

  CHECK(nodecore_buffer_is_ascii("abc", 3) && !nodecore_buffer_is_ascii(bytes, 3));
  CHECK(nodecore_buffer_is_utf8(utf8, 9) && !nodecore_buffer_is_utf8(bytes, 3));
  CHECK(nodecore_buffer_is_ascii(NULL, 0) && nodecore_buffer_is_utf8(NULL, 0));
  CHECK(!nodecore_buffer_is_ascii(NULL, 1) && !nodecore_buffer_is_utf8(NULL, 1));
  free(bytes);
  free(lone);
}

static void transcoding(void) {
  nodecore_error *err = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  const int32_t u8 = NODECORE_ENCODING_UTF8, u16 = NODECORE_ENCODING_UTF16LE;
  CHECK_OK(nodecore_buffer_transcode(utf8, 6, u8, NODECORE_ENCODING_LATIN1, &out, &err));
  CHECK(gave_bytes(&out, "a\xe9?", 3));
  CHECK_OK(nodecore_buffer_transcode(utf8, 3, u8, u16, &out, &err));
  CHECK(gave_bytes(&out, "a\0\xe9\0", 4));
  CHECK_OK(nodecore_buffer_transcode(NULL, 0, 77, -1, &out, &err));
  CHECK(gave_bytes(&out, "", 0));
  CHECK_STATUS(nodecore_buffer_transcode("a", 1, u8, NODECORE_ENCODING_HEX, &out, &err),
               NODECORE_U_ILLEGAL_ARGUMENT_ERROR);
  CHECK(nodecore_error_errno(err) == 1);
  CHECK(failed_with(&err, "U_ILLEGAL_ARGUMENT_ERROR", "Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]"));
  CHECK_STATUS(nodecore_buffer_transcode("a", 1, 77, u8, &out, NULL), NODECORE_U_ILLEGAL_ARGUMENT_ERROR);
  CHECK_STATUS(nodecore_buffer_transcode("\xff", 1, u8, u16, &out, &err), NODECORE_U_INVALID_CHAR_FOUND);
  CHECK(failed_with(&err, "U_INVALID_CHAR_FOUND", "Unable to transcode Buffer [U_INVALID_CHAR_FOUND]"));
  CHECK_STATUS(nodecore_buffer_transcode(NULL, 1, u8, u16, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_buffer_transcode("a", 1, u8, u16, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
}

int main(void) {
  names();
  to_bytes();
  to_text();
  transcoding();
  return 0;
}
