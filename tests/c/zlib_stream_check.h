/* What the tests of zlib's streams share. */
#ifndef ZLIB_STREAM_CHECK_H
#define ZLIB_STREAM_CHECK_H

#include "zlib_check.h"

static char *text;
enum { LEN = 100000 };

static inline nodecore_status create_in(nodecore_loop *loop, int32_t mode, const options *o,
                                        nodecore_stream **out,
                                 nodecore_error **err) {
  const nodecore_zlib_options *z = OPTION(o, zlib);
  const nodecore_brotli_options *b = OPTION(o, brotli);
  const nodecore_zstd_options *s = OPTION(o, zstd);
  switch (mode) {
    case NODECORE_ZLIB_DEFLATE: return nodecore_zlib_create_deflate(loop, z, out, err);
    case NODECORE_ZLIB_INFLATE: return nodecore_zlib_create_inflate(loop, z, out, err);
    case NODECORE_ZLIB_GZIP: return nodecore_zlib_create_gzip(loop, z, out, err);
    case NODECORE_ZLIB_GUNZIP: return nodecore_zlib_create_gunzip(loop, z, out, err);
    case NODECORE_ZLIB_DEFLATERAW: return nodecore_zlib_create_deflate_raw(loop, z, out, err);
    case NODECORE_ZLIB_INFLATERAW: return nodecore_zlib_create_inflate_raw(loop, z, out, err);
    case NODECORE_ZLIB_UNZIP: return nodecore_zlib_create_unzip(loop, z, out, err);
    case NODECORE_ZLIB_BROTLI_DECODE: return nodecore_zlib_create_brotli_decompress(loop, b, out, err);
    case NODECORE_ZLIB_BROTLI_ENCODE: return nodecore_zlib_create_brotli_compress(loop, b, out, err);
    case NODECORE_ZLIB_ZSTD_COMPRESS: return nodecore_zlib_create_zstd_compress(loop, s, out, err);
    default: return nodecore_zlib_create_zstd_decompress(loop, s, out, err);
  }
}
static inline nodecore_stream *make(int32_t mode, const options *o) {
  nodecore_stream *stream = NULL;
  nodecore_error *err = NULL;
  CHECK_OK(create_in(lp, mode, o, &stream, &err));
  return stream;
}
static inline nodecore_stream *make_into(int32_t mode, const options *o, sink *out) {
  nodecore_stream *stream = make(mode, o);
  CHECK_OK(nodecore_stream_on_data(stream, 0, add, out, NULL, NULL));
  return stream;
}
static inline nodecore_zlib_stream_state state(const nodecore_stream *stream) {
  nodecore_zlib_stream_state s = NODECORE_ZLIB_STREAM_STATE_INIT;
  CHECK_OK(nodecore_zlib_stream_get_state(stream, &s));
  CHECK(s.struct_size == sizeof s);
  return s;
}

/* What came back: how often, and with which status the last time. */
static int called;
static nodecore_status last;
static inline void note(const nodecore_error *err, void *user) {
  (void)user;
  called++;
  last = err == NULL ? NODECORE_OK : nodecore_error_status(err);
}
static inline void restart(void) {
  called = released = 0;
  last = 1;
}

/* What `mode` makes of its input at once: the compressed text for one that decompresses it. */
static inline void once(int32_t mode, const char *data, size_t len, sink *out) {
  nodecore_stream *stream = make_into(mode, NULL, out);
  nodecore_stream_write(stream, data, len);
  nodecore_stream_end(stream);
  run();
  nodecore_stream_free(stream);
}

#endif
