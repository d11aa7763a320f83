/** @file fs_stream.h Streams over files. Included by fs.h, whose head
 *  names the errors and what may be NULL.
 *
 *  Node       https://nodejs.org/api/fs.html#fscreatereadstreampath-options */
#ifndef NODECORE_FS_STREAM_H
#define NODECORE_FS_STREAM_H

#include "fs.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Options of nodecore_fs_create_*_stream(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_stream_options {
  size_t struct_size;     /**< set by NODECORE_FS_STREAM_OPTIONS_INIT */
  size_t high_water_mark; /**< bytes; 0 = 65536 */
  int32_t flags;          /**< 0 = O_RDONLY, or O_WRONLY | O_CREAT | O_TRUNC for writing */
  int32_t mode;           /**< 0 = 0666, less the umask */
  uint64_t start;         /**< the first byte; 0: see has_start */
  bool has_end;           /**< true: `end` counts; reading only */
  uint64_t end;           /**< the last byte, inclusive */
  bool has_start;         /**< true: a `start` of 0 counts; else it is where the file stands */
  bool has_fd;            /**< true: the file at `fd`, which is open; the path is ignored */
  int32_t fd;             /**< a descriptor; closed with the stream unless no_auto_close */
  bool no_auto_close;     /**< Node's autoClose: false */
  bool no_emit_close;     /**< Node's emitClose: false */
  bool flush;             /**< writing only: wait until everything is on the device before closing */
  nodecore_str encoding;  /**< of the text that is read, or written without one; data NULL: bytes, UTF-8 */
  const nodecore_abort_signal *signal; /**< destroys the stream; kept; may be NULL */
} nodecore_fs_stream_options;
#define NODECORE_FS_STREAM_OPTIONS_INIT                                                           \
  { sizeof(nodecore_fs_stream_options), 0, 0, 0, 0, false, 0, false, false, 0, false, false,      \
    false, { NULL, 0 }, NULL }

/** Creates a stream over a file, which is opened at once, on the pool; what goes wrong there comes as
 *  NODECORE_EVENT_ERROR.
 *  Returns    also NODECORE_ERR_OUT_OF_RANGE (`end` before `start`), NODECORE_ERR_UNKNOWN_ENCODING.
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Threads    the loop's.
 *  Node       fs.createReadStream, fs.createWriteStream          Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_create_read_stream(nodecore_loop *loop, const char *path,
                                                            size_t path_len,
                                                            const nodecore_fs_stream_options *opts,
                                                            nodecore_stream **out,
                                                            nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_create_write_stream(nodecore_loop *loop, const char *path,
                                                             size_t path_len,
                                                             const nodecore_fs_stream_options *opts,
                                                             nodecore_stream **out,
                                                             nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
