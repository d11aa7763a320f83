/** @file string_decoder.h Strings out of bytes that arrive in pieces.
 *
 *  Node       https://nodejs.org/api/string_decoder.html */
#ifndef NODECORE_STRING_DECODER_H
#define NODECORE_STRING_DECODER_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Keeps the bytes of a character that a chunk breaks off until the rest has come.
 *  Threads    const: may be shared; non-const: one thread at a time. */
typedef struct nodecore_string_decoder nodecore_string_decoder;

/** Creates a decoder for a NODECORE_ENCODING_*; nodecore_buffer_encoding() knows them by name.
 *  Returns    NODECORE_OK; NODECORE_ERR_UNKNOWN_ENCODING.
 *  Ownership  caller frees `*out` (nodecore_string_decoder_free).
 *  Nullable   err.
 *  Node       new StringDecoder(encoding)                                Since    0.1 */
NODECORE_API nodecore_status nodecore_string_decoder_new(int32_t encoding,
                                                         nodecore_string_decoder **out,
                                                         nodecore_error **err);

/** Frees the decoder.         Nullable   decoder.                        Since    0.1 */
NODECORE_API void nodecore_string_decoder_free(nodecore_string_decoder *decoder);

/** Gives the text of a chunk and of what was kept, in UTF-8. A lone surrogate that ends it is kept as well.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (NULL).
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   data with length 0, err.
 *  Node       decoder.write(buffer)                                      Since    0.1 */
NODECORE_API nodecore_status nodecore_string_decoder_write(nodecore_string_decoder *decoder,
                                                           const void *data, size_t len,
                                                           nodecore_buf *out, nodecore_error **err);
/** As nodecore_string_decoder_write(), in UTF-16: each call gives what Node's does.
 *  Ownership  caller frees `*out` (nodecore_buf16_free).
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_string_decoder_write_utf16(nodecore_string_decoder *decoder,
                                                                 const void *data, size_t len,
                                                                 nodecore_buf16 *out,
                                                                 nodecore_error **err);

/** Gives the text of what was kept, complete or not; the decoder is as new after it.
 *  Returns, Ownership, Nullable  as nodecore_string_decoder_write().
 *  Node       decoder.end(); `end(buffer)` is a write and then this       Since    0.1 */
NODECORE_API nodecore_status nodecore_string_decoder_end(nodecore_string_decoder *decoder,
                                                         nodecore_buf *out, nodecore_error **err);
/** As nodecore_string_decoder_end(), in UTF-16.
 *  Ownership  caller frees `*out` (nodecore_buf16_free).
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_string_decoder_end_utf16(nodecore_string_decoder *decoder,
                                                               nodecore_buf16 *out,
                                                               nodecore_error **err);

/** Returns the NODECORE_ENCODING_*; NODECORE_ENCODING_UTF8 for NULL.
 *  Node       decoder.encoding                                           Since    0.1 */
NODECORE_API int32_t nodecore_string_decoder_encoding(const nodecore_string_decoder *decoder);

/** Returns the four bytes in which incomplete characters are kept: the first last_total - last_need are kept, the
 *  others left of earlier ones. Valid until the decoder is next used or freed; absent for NULL.
 *  Node       decoder.lastChar                                           Since    0.1 */
NODECORE_API nodecore_str nodecore_string_decoder_last_char(const nodecore_string_decoder *decoder);

/** Returns how many bytes complete the character that is kept; 0 for NULL.
 *  Node       decoder.lastNeed                                           Since    0.1 */
NODECORE_API size_t nodecore_string_decoder_last_need(const nodecore_string_decoder *decoder);

/** Returns how many bytes that character has in all; 0 for NULL.
 *  Node       decoder.lastTotal                                          Since    0.1 */
NODECORE_API size_t nodecore_string_decoder_last_total(const nodecore_string_decoder *decoder);

#ifdef __cplusplus
}
#endif

#endif
