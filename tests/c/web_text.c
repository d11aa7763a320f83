/* web_text.h: text as bytes and bytes as text. */
#include "web_check.h"

/* Both sides, locked; the stream itself is freed. */
typedef struct ends {
  nodecore_web_writer *writer;
  nodecore_web_reader *reader;
} ends;
static ends ends_of(nodecore_web_transform *t) {
  nodecore_web_readable *r = nodecore_web_transform_readable(t);
  nodecore_web_writable *w = nodecore_web_transform_writable(t);
  ends e = {NULL, NULL};
  CHECK_OK(nodecore_web_writable_get_writer(w, &e.writer, NULL));
  CHECK_OK(nodecore_web_readable_get_reader(r, &e.reader, NULL));
  nodecore_web_readable_free(r);
  nodecore_web_writable_free(w);
  nodecore_web_transform_free(t);
  return e;
}
static void free_ends(ends e) {
  nodecore_web_writer_free(e.writer);
  nodecore_web_reader_free(e.reader);
}
static void put(ends e, nodecore_chunk chunk) {
  CHECK_OK(nodecore_web_writer_write(e.writer, &chunk, note, "written", NULL));
}
#define BYTES(text) ((nodecore_chunk)NODECORE_CHUNK_BYTES(text, sizeof(text) - 1))

/* What `count` reads give after everything was written. */
static void end(ends e, int count) {
  CHECK_OK(nodecore_web_writer_close(e.writer, note, "closed", NULL));
  while (count-- > 0) CHECK_OK(nodecore_web_reader_read(e.reader, note_read, "", NULL));
  run();
  free_ends(e);
}

static nodecore_web_transform *encoder(void) {
  nodecore_web_transform *t = NULL;
  CHECK_OK(nodecore_web_text_encoder_new(lp, &t, NULL));
  return t;
}
static nodecore_web_transform *decoder(const char *label, bool fatal, bool ignore_bom) {
  nodecore_web_text_decoder_options options = NODECORE_WEB_TEXT_DECODER_OPTIONS_INIT;
  options.fatal = fatal;
  options.ignore_bom = ignore_bom;
  nodecore_web_transform *t = NULL;
  CHECK_OK(nodecore_web_text_decoder_new(lp, label, NODECORE_AUTO_LEN, &options, &t, NULL));
  CHECK(nodecore_web_text_fatal(t) == fatal && nodecore_web_text_ignore_bom(t) == ignore_bom);
  return t;
}

/* Writes an object, which errors both sides. */
static void refuse_object(nodecore_web_transform *t) {
  static const char message[] =
      ":ERR_INVALID_ARG_TYPE:TypeError:The \"input\" argument must be an instance of ArrayBuffer or "
      "ArrayBufferView. Received an instance of Object";
  char expected[2 * sizeof message + 32];
  snprintf(expected, sizeof expected, " read%s written%s", message, message);
  ends e = ends_of(t);
  thing *object = thing_new(1);
  nodecore_chunk chunk = NODECORE_CHUNK_OBJECT(object, &thing_type);
  CHECK_OK(nodecore_web_reader_read(e.reader, note_read_message, "read", NULL));
  CHECK_OK(nodecore_web_writer_write(e.writer, &chunk, note_message, "written", NULL));
  thing_release(object);
  run();
  CHECK(traced(expected));
  free_ends(e);
  CHECK(things == 0);
}

static void encodes(void) {
  nodecore_web_transform *t = encoder();
  CHECK(is(nodecore_web_text_encoding(t), "utf-8"));
  CHECK(!nodecore_web_text_fatal(t) && !nodecore_web_text_ignore_bom(t));
  ends e = ends_of(t);
  put(e, BYTES("\xef\xbb\xbf" "a\xc3"));
  put(e, BYTES("\xa9"));
  put(e, BYTES(""));
  put(e, (nodecore_chunk)NODECORE_CHUNK_TEXT("7ac3", 4, "hex"));
  put(e, BYTES("\xff" "b\xf0\x9f"));
  end(e, 6);
  CHECK(traced(" =\xef\xbb\xbf" "a written =\xc3\xa9 written written =z written"
               " =\xef\xbf\xbd\xef\xbf\xbd" "b written =\xef\xbf\xbd =end closed"));
  refuse_object(encoder());
}

static void decodes(void) {
  nodecore_web_transform *t = NULL;
  CHECK_OK(nodecore_web_text_decoder_new(lp, NULL, 0, NULL, &t, NULL));
  CHECK(is(nodecore_web_text_encoding(t), "utf-8"));
  CHECK(!nodecore_web_text_fatal(t) && !nodecore_web_text_ignore_bom(t));
  ends e = ends_of(t);
  put(e, BYTES("\xef\xbb"));
  put(e, BYTES("\xbf" "5 \xe2\x82"));
  put(e, BYTES("\xac\xff\xe2"));
  end(e, 4);
  CHECK(traced(" written =5  written =\xe2\x82\xac\xef\xbf\xbd written =\xef\xbf\xbd =end closed"));

  e = ends_of(decoder("utf8", false, true));
  put(e, BYTES("\xef\xbb\xbf" "a"));
  end(e, 2);
  CHECK(traced(" =\xef\xbb\xbf" "a written =end closed"));

  t = decoder(" Latin1 ", false, false);
  CHECK(is(nodecore_web_text_encoding(t), "windows-1252"));
  e = ends_of(t);
  put(e, BYTES("\x80\xe9"));
  end(e, 2);
  CHECK(traced(" =\xe2\x82\xac\xc3\xa9 written =end closed"));

  e = ends_of(decoder("utf-16le", false, false));
  put(e, BYTES("\x3d\xd8\x00"));
  put(e, BYTES("\xde"));
  end(e, 2);
  CHECK(traced(" written =\xf0\x9f\x98\x80 written =end closed"));
  refuse_object(decoder("utf-8", false, false));
}

static void fails(void) {
  ends e = ends_of(decoder("utf-8", true, false));
  put(e, BYTES("\xff"));
  end(e, 1);
  CHECK(traced(" :ERR_ENCODING_INVALID_ENCODED_DATA written:ERR_ENCODING_INVALID_ENCODED_DATA"
               " closed:ERR_ENCODING_INVALID_ENCODED_DATA"));
  e = ends_of(decoder("utf-8", true, false));
  put(e, BYTES("a\xe2"));
  end(e, 2);
  CHECK(traced(" =a written :ERR_ENCODING_INVALID_ENCODED_DATA closed:ERR_ENCODING_INVALID_ENCODED_DATA"));
}

/* Text there and back through a pipe; characters are cut by the sink's chunks. */
static bool next_cut(nodecore_chunk *chunk, nodecore_error **err, void *user) {
  static const char text[] = "\xf0\x9f\x98\x80!";
  size_t *at = user;
  (void)err;
  if (*at == sizeof text - 1) return false;
  *chunk = (nodecore_chunk)NODECORE_CHUNK_BYTES(text + (*at)++, 1);
  return true;
}
static void pipes(void) {
  size_t at = 0;
  nodecore_web_readable *source = NULL, *bytes = NULL, *text = NULL;
  nodecore_web_transform *there = encoder(), *back = decoder("utf-8", true, false);
  CHECK_OK(nodecore_web_readable_from(lp, next_cut, &at, NULL, &source, NULL));
  CHECK_OK(nodecore_web_readable_pipe_through(source, there, NULL, &bytes, NULL));
  CHECK_OK(nodecore_web_readable_pipe_through(bytes, back, NULL, &text, NULL));
  nodecore_web_reader *reader = NULL;
  CHECK_OK(nodecore_web_readable_get_reader(text, &reader, NULL));
  for (int i = 0; i < 3; i++) CHECK_OK(nodecore_web_reader_read(reader, note_read, "", NULL));
  run();
  CHECK(traced(" =\xf0\x9f\x98\x80 =! =end"));
  nodecore_web_reader_free(reader);
  nodecore_web_readable_free(source);
  nodecore_web_readable_free(bytes);
  nodecore_web_readable_free(text);
  nodecore_web_transform_free(there);
  nodecore_web_transform_free(back);
}

static void refuses(void) {
  nodecore_web_transform *t = NULL;
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_web_text_decoder_new(lp, "nope", 4, NULL, &t, &err), NODECORE_ERR_ENCODING_NOT_SUPPORTED);
  CHECK(is(nodecore_error_name(err), "RangeError") &&
        failed_with(&err, "ERR_ENCODING_NOT_SUPPORTED", "The \"nope\" encoding is not supported"));
  CHECK_STATUS(nodecore_web_text_decoder_new(lp, "\xff", 1, NULL, &t, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  nodecore_web_text_decoder_options options = {1, false, false};
  CHECK_STATUS(nodecore_web_text_decoder_new(lp, NULL, 0, &options, &t, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_web_text_decoder_new(NULL, NULL, 0, NULL, &t, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_text_decoder_new(lp, NULL, 0, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_text_encoder_new(NULL, &t, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_text_encoder_new(lp, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(t == NULL);
  CHECK(nodecore_web_text_encoding(NULL).data == NULL);
  CHECK(!nodecore_web_text_fatal(NULL) && !nodecore_web_text_ignore_bom(NULL));
  CHECK_OK(nodecore_web_transform_new(lp, NULL, NULL, NULL, NULL, NULL, &t, NULL));
  CHECK(nodecore_web_text_encoding(t).data == NULL);
  CHECK(!nodecore_web_text_fatal(t) && !nodecore_web_text_ignore_bom(t));
  nodecore_web_transform_free(t);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  encodes();
  decodes();
  fails();
  pipes();
  refuses();
  return finish();
}
