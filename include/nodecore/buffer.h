/** @file buffer.h Strings as bytes and bytes as strings, in the encodings of Node's Buffer.
 *
 *      nodecore_buf bytes = NODECORE_BUF_INIT, text = NODECORE_BUF_INIT;
 *      if (nodecore_buffer_from("aGVsbG8", NODECORE_AUTO_LEN, NODECORE_ENCODING_BASE64, &bytes, NULL) == NODECORE_OK &&
 *          nodecore_buffer_to_string(bytes.data, bytes.len, NODECORE_ENCODING_HEX, &text, NULL) == NODECORE_OK)
 *        printf("%.*s\n", (int)text.len, text.data);
 *      nodecore_buf_free(&text);
 *      nodecore_buf_free(&bytes);
 *
 *  Functions without an ending take and give text in UTF-8; `_utf16` ones UTF-16 and `_latin1` ones Latin-1, as
 *  JavaScript engines store their strings. The same string gives the same bytes in all three. Nothing here touches
 *  a loop.
 *
 *  Threads    any; everything here works on its arguments only.
 *  Node       https://nodejs.org/api/buffer.html#buffers-and-character-encodings */
#ifndef NODECORE_BUFFER_H
#define NODECORE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The encodings: what `encoding` is one of. Any other number is NODECORE_ERR_UNKNOWN_ENCODING. */
enum {
  NODECORE_ENCODING_UTF8 = 0,      /**< what is invalid becomes U+FFFD */
  NODECORE_ENCODING_UTF16LE = 1,   /**< UTF-16, low byte first; "ucs2" */
  NODECORE_ENCODING_LATIN1 = 2,    /**< a byte a character, U+0000 to U+00FF; "binary" */
  NODECORE_ENCODING_ASCII = 3,     /**< decodes the low seven bits; encodes as Latin-1 */
  NODECORE_ENCODING_BASE64 = 4,    /**< RFC 4648 section 4; decodes both alphabets */
  NODECORE_ENCODING_BASE64URL = 5, /**< RFC 4648 section 5, without padding; decodes both alphabets */
  NODECORE_ENCODING_HEX = 6        /**< two digits a byte, in lower case */
};

/* ---- Names ------------------------------------------------------------------------------------- */

/** Sets `*out` to the encoding of that name, in any case: "utf8", "UTF-16LE", "binary" …
 *  Returns    NODECORE_OK; NODECORE_ERR_UNKNOWN_ENCODING, a TypeError.
 *  Nullable   err.
 *  Node       what Buffer's functions do with a name                     Since    0.1 */
NODECORE_API nodecore_status nodecore_buffer_encoding(const char *name, size_t name_len, int32_t *out,
                                                      nodecore_error **err);

/** Returns whether a name is that of an encoding; false for NULL.
 *  Node       Buffer.isEncoding                                          Since    0.1 */
NODECORE_API bool nodecore_buffer_is_encoding(const char *name, size_t name_len);

/** Returns the name that Node shows, such as "utf16le", valid for ever; an absent one for another number.
 *  Since      0.1 */
NODECORE_API nodecore_str nodecore_buffer_encoding_name(int32_t encoding);

/* ---- From strings to bytes --------------------------------------------------------------------- */

/** Gives the bytes of a string. base64 and base64url read either alphabet, skip what is in neither, and end at the
 *  first `=`; hex ends at the first pair that is not two digits; latin1 and ascii keep the low byte of each unit.
 *  Returns    NODECORE_OK; NODECORE_ERR_UNKNOWN_ENCODING; NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   text with length 0, err.
 *  Node       Buffer.from(string, encoding)                              Since    0.1 */
NODECORE_API nodecore_status nodecore_buffer_from(const char *text, size_t text_len, int32_t encoding,
                                                  nodecore_buf *out, nodecore_error **err);
/** As nodecore_buffer_from(), of UTF-16; a lone surrogate is U+FFFD in utf8.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_buffer_from_utf16(const uint16_t *text, size_t text_len,
                                                        int32_t encoding, nodecore_buf *out,
                                                        nodecore_error **err);
/** As nodecore_buffer_from(), of Latin-1.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_buffer_from_latin1(const char *text, size_t text_len,
                                                         int32_t encoding, nodecore_buf *out,
                                                         nodecore_error **err);

/** Writes as many bytes of a string as there is room for, and sets `*written` to their number. A character of utf8,
 *  and a unit of utf16le, is written whole or not at all; what is left of the room stays as it is.
 *  Returns    as nodecore_buffer_from().
 *  Ownership  `room` is the caller's: `room_len` initialised bytes.
 *  Nullable   text with length 0, room with length 0, err.
 *  Node       buf.write(string, encoding); offset and length are the room   Since    0.1 */
NODECORE_API nodecore_status nodecore_buffer_write(const char *text, size_t text_len, int32_t encoding,
                                                   void *room, size_t room_len, size_t *written,
                                                   nodecore_error **err);
/** As nodecore_buffer_write(), of UTF-16.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_buffer_write_utf16(const uint16_t *text, size_t text_len,
                                                         int32_t encoding, void *room,
                                                         size_t room_len, size_t *written,
                                                         nodecore_error **err);
/** As nodecore_buffer_write(), of Latin-1.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_buffer_write_latin1(const char *text, size_t text_len,
                                                          int32_t encoding, void *room,
                                                          size_t room_len, size_t *written,
                                                          nodecore_error **err);

/** Sets `*out` to how many bytes a string takes: of base64, base64url and hex an upper bound, reckoned from the
 *  length.
 *  Returns    as nodecore_buffer_from().
 *  Nullable   text with length 0, err.
 *  Node       Buffer.byteLength, which takes an unknown encoding for utf8   Since    0.1 */
NODECORE_API nodecore_status nodecore_buffer_byte_length(const char *text, size_t text_len,
                                                         int32_t encoding, size_t *out,
                                                         nodecore_error **err);
/** As nodecore_buffer_byte_length(), of UTF-16.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_buffer_byte_length_utf16(const uint16_t *text, size_t text_len,
                                                               int32_t encoding, size_t *out,
                                                               nodecore_error **err);
/** As nodecore_buffer_byte_length(), of Latin-1.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_buffer_byte_length_latin1(const char *text, size_t text_len,
                                                                int32_t encoding, size_t *out,
                                                                nodecore_error **err);

/* ---- From bytes to strings --------------------------------------------------------------------- */

/** Gives the string that bytes stand for. Of base64, base64url, hex and ascii it is ASCII, and so Latin-1 too; the
 *  Latin-1 string of latin1 is the bytes themselves.
 *  Returns    NODECORE_OK; NODECORE_ERR_UNKNOWN_ENCODING.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   data with length 0, err.
 *  Node       buf.toString(encoding), but a lone surrogate of utf16le is U+FFFD   Since   0.1 */
NODECORE_API nodecore_status nodecore_buffer_to_string(const void *data, size_t len, int32_t encoding,
                                                       nodecore_buf *out, nodecore_error **err);
/** As nodecore_buffer_to_string(), in UTF-16; lone surrogates stay.
 *  Ownership  caller frees `*out` (nodecore_buf16_free).
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_buffer_to_string_utf16(const void *data, size_t len,
                                                             int32_t encoding, nodecore_buf16 *out,
                                                             nodecore_error **err);

/* ---- Bytes ------------------------------------------------------------------------------------- */

/** Returns whether bytes are valid UTF-8; false for NULL with a length.
 *  Nullable   data with length 0.   Node     buffer.isUtf8               Since    0.1 */
NODECORE_API bool nodecore_buffer_is_utf8(const void *data, size_t len);

/** Returns whether no byte is above 0x7F; false for NULL with a length.
 *  Nullable   data with length 0.   Node     buffer.isAscii              Since    0.1 */
NODECORE_API bool nodecore_buffer_is_ascii(const void *data, size_t len);

/** Re-encodes bytes. latin1 and ascii write `?` for a character that they cannot hold, and nothing for one that is
 *  not shown, such as U+200B.
 *  Returns    NODECORE_OK, always for no bytes; NODECORE_U_ILLEGAL_ARGUMENT_ERROR for an encoding that is not utf8,
 *             utf16le, latin1 or ascii, any other number too; NODECORE_U_INVALID_CHAR_FOUND from invalid utf8 to
 *             utf16le, and the other way for lone surrogates. The error's errno is ICU's.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   data with length 0, err.
 *  Node       buffer.transcode                                           Since    0.1 */
NODECORE_API nodecore_status nodecore_buffer_transcode(const void *data, size_t len,
                                                       int32_t from_encoding, int32_t to_encoding,
                                                       nodecore_buf *out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
