/** @file zlib.h Compression: deflate, gzip, brotli and Zstandard; ZIP archives.
 *
 *  | for | see |
 *  |---|---|
 *  | options, CRC-32, the names of zlib's results | this header |
 *  | the numbers of options, flushes, results | zlib_constants.h |
 *  | a whole buffer in one call, blocking or on the pool | zlib_oneshot.h |
 *  | streams, their flush, params, reset, close | zlib_stream.h |
 *  | ZIP archives | zlib_zip.h |
 *  | Compression Streams | web_compression.h |
 *
 *  | algorithm, by its Node name | options | mode |
 *  |---|---|---|
 *  | deflate, inflate | nodecore_zlib_options | NODECORE_ZLIB_DEFLATE, _INFLATE |
 *  | gzip, gunzip | nodecore_zlib_options | NODECORE_ZLIB_GZIP, _GUNZIP |
 *  | deflateRaw, inflateRaw | nodecore_zlib_options | NODECORE_ZLIB_DEFLATERAW, _INFLATERAW |
 *  | unzip (gunzip or inflate, as the data says) | nodecore_zlib_options | NODECORE_ZLIB_UNZIP |
 *  | brotliCompress, brotliDecompress | nodecore_brotli_options | NODECORE_ZLIB_BROTLI_ENCODE, _DECODE |
 *  | zstdCompress, zstdDecompress | nodecore_zstd_options | NODECORE_ZLIB_ZSTD_COMPRESS, _DECOMPRESS |
 *
 *  Formats, limits, errors and their texts are Node's. So are the bytes that brotli and Zstandard give;
 *  those of the deflate family differ, at about the same size.
 *
 *  Node       https://nodejs.org/api/zlib.html */
#ifndef NODECORE_ZLIB_H
#define NODECORE_ZLIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"
#include "stream.h"
#include "zlib_constants.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Options ----------------------------------------------------------------------------------- */

/* NULL = all defaults; a zero field = that field's default. What a pointer in them points to is borrowed
 * for the call. Each value is checked also where it is of no use, such as the level when decompressing; one
 * that is out of its range fails the call with NODECORE_ERR_OUT_OF_RANGE and Node's text, which names
 * Node's option. */

/** Options of the deflate family: deflate, inflate, gzip, gunzip, deflateRaw, inflateRaw, unzip.
 *  Node       the Options of zlib */
typedef struct nodecore_zlib_options {
  size_t struct_size;            /**< set by NODECORE_ZLIB_OPTIONS_INIT */
  size_t chunk_size;             /**< bytes of an output chunk of a stream, at least 64; 0 = 16384 */
  uint64_t max_output_length;    /**< bytes a one-shot call may give, up to 2^53 - 1; 0 = that many */
  const void *dictionary;        /**< what the data may refer to; gzip has none; may be NULL with length 0 */
  size_t dictionary_len;         /**< in bytes; 0 = no dictionary */
  int32_t flush;                 /**< NODECORE_ZLIB_Z_*, what a stream does with each chunk; 0 = Z_NO_FLUSH */
  int32_t finish_flush;          /**< what is done at the end, if has_finish_flush; else Z_FINISH. With
                                      Z_SYNC_FLUSH input to decompress may stop in the middle */
  bool has_finish_flush;         /**< true: `finish_flush` counts */
  bool reject_garbage_after_end; /**< decompression: what follows the end, also a second gzip member, is
                                      NODECORE_ERR_TRAILING_JUNK_AFTER_STREAM_END */
  bool has_level;                /**< true: `level` counts */
  int32_t level;                 /**< how hard to compress, 0 (store) to 9; -1, and without has_level: 6 */
  int32_t window_bits;           /**< base two logarithm of the window, 8 to 15, of gzip 9 to 15; 0 = 15 */
  int32_t mem_level;             /**< memory of the compressor, 1 to 9; 0 = 8 */
  int32_t strategy;              /**< NODECORE_ZLIB_Z_FILTERED …; 0 = Z_DEFAULT_STRATEGY */
  uint32_t threads;              /**< gzip: threads to compress with, up to 256; 0 = 1. Not in Node */
} nodecore_zlib_options;
#define NODECORE_ZLIB_OPTIONS_INIT \
  { sizeof(nodecore_zlib_options), 0, 0, NULL, 0, 0, 0, false, false, false, 0, 0, 0, 0, 0 }

/** A parameter of a codec, { key, value }: an entry of Node's `params`. The last of several with one key
 *  counts; a `value` of -1 is as good as none. */
typedef struct nodecore_zlib_param {
  int32_t key;   /**< NODECORE_ZLIB_BROTLI_PARAM_*, _BROTLI_DECODER_PARAM_*, _ZSTD_c_*, _ZSTD_d_* */
  int64_t value; /**< a boolean is 0 or 1 */
} nodecore_zlib_param;

/** Options of brotli. The keys of `params` are NODECORE_ZLIB_BROTLI_PARAM_* of a compressor,
 *  NODECORE_ZLIB_BROTLI_DECODER_PARAM_* of a decompressor; an unknown key is
 *  NODECORE_ERR_BROTLI_INVALID_PARAM. Values that are out of range are brought into it.
 *  Node       BrotliOptions */
typedef struct nodecore_brotli_options {
  size_t struct_size;                /**< set by NODECORE_BROTLI_OPTIONS_INIT */
  size_t chunk_size;                 /**< as in nodecore_zlib_options */
  uint64_t max_output_length;        /**< as in nodecore_zlib_options */
  const void *dictionary;            /**< as in nodecore_zlib_options */
  size_t dictionary_len;             /**< in bytes; 0 = no dictionary */
  const nodecore_zlib_param *params; /**< may be NULL with count 0 */
  size_t param_count;                /**< how many parameters */
  int32_t flush;                     /**< NODECORE_ZLIB_BROTLI_OPERATION_*; 0 = _PROCESS */
  int32_t finish_flush;              /**< the same, if has_finish_flush; else _FINISH */
  bool has_finish_flush;             /**< true: `finish_flush` counts */
  bool reject_garbage_after_end;     /**< as in nodecore_zlib_options */
} nodecore_brotli_options;
#define NODECORE_BROTLI_OPTIONS_INIT \
  { sizeof(nodecore_brotli_options), 0, 0, NULL, 0, NULL, 0, 0, 0, false, false }

/** Options of Zstandard. The keys of `params` are NODECORE_ZLIB_ZSTD_c_* of a compressor,
 *  NODECORE_ZLIB_ZSTD_d_* of a decompressor; an unknown key is NODECORE_ERR_ZSTD_INVALID_PARAM, a value
 *  that it does not take NODECORE_ERR_ZLIB_INITIALIZATION_FAILED.
 *  Node       ZstdOptions */
typedef struct nodecore_zstd_options {
  size_t struct_size;                /**< set by NODECORE_ZSTD_OPTIONS_INIT */
  size_t chunk_size;                 /**< as in nodecore_zlib_options */
  uint64_t max_output_length;        /**< as in nodecore_zlib_options */
  const void *dictionary;            /**< as in nodecore_zlib_options */
  size_t dictionary_len;             /**< in bytes; 0 = no dictionary */
  const nodecore_zlib_param *params; /**< may be NULL with count 0 */
  size_t param_count;                /**< how many parameters */
  int32_t flush;                     /**< NODECORE_ZLIB_ZSTD_e_*; 0 = ZSTD_e_continue */
  int32_t finish_flush;              /**< the same, if has_finish_flush; else ZSTD_e_end */
  bool has_finish_flush;             /**< true: `finish_flush` counts */
  bool reject_garbage_after_end;     /**< as in nodecore_zlib_options */
  bool has_pledged_src_size;         /**< true: `pledged_src_size` counts */
  uint64_t pledged_src_size;         /**< bytes that will be compressed; other input is
                                          NODECORE_ZSTD_error_srcSize_wrong */
  uint32_t threads;                  /**< zstd's own threads beside the caller's, up to 256; 0 and 1 = none,
                                          or ZSTD_c_nbWorkers. Not in Node */
} nodecore_zstd_options;
#define NODECORE_ZSTD_OPTIONS_INIT \
  { sizeof(nodecore_zstd_options), 0, 0, NULL, 0, NULL, 0, 0, 0, false, false, false, 0, 0 }

/* ---- CRC-32 and the names of results ----------------------------------------------------------- */

/** Returns the CRC-32 of `len` bytes, which follow what has the checksum `value`: 0 at the start.
 *  Returns    the checksum; `value` where there is nothing to read (NULL with a length).
 *  Nullable   data with len 0.                                   Threads  any.
 *  Node       zlib.crc32(data[, value])                          Since    0.1 */
NODECORE_API uint32_t nodecore_zlib_crc32(const void *data, size_t len, uint32_t value);

/** Returns the name of one of zlib's results, such as "Z_DATA_ERROR" of -3.
 *  Returns    a static text; data NULL for another number.       Threads  any.
 *  Node       zlib.codes[number]                                 Since    0.1 */
NODECORE_API nodecore_str nodecore_zlib_code_name(int32_t number);

/** Finds the number of one of zlib's results by its name, such as -3 of "Z_DATA_ERROR".
 *  Returns    whether there is such a name; `*number` is written only if so.
 *  Nullable   name, number.                                      Threads  any.
 *  Node       zlib.codes[name]                                   Since    0.1 */
NODECORE_API bool nodecore_zlib_code_number(const char *name, size_t name_len, int32_t *number);

#ifdef __cplusplus
}
#endif

#include "zlib_oneshot.h"
#include "zlib_stream.h"
#include "zlib_zip.h"

#endif
