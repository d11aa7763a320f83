/** @file web_text.h Web Streams: text made bytes, and bytes made text. See web.h and web_transform.h first.
 *
 *  Text is UTF-8 here, in chunks that are bytes. Both are transform streams, with all that these have: their sides are
 *  nodecore_web_transform_readable() and _writable(), nodecore_web_readable_pipe_through() pipes through them, and
 *  nodecore_web_transform_free() frees them. A chunk that is an object errors the stream with
 *  NODECORE_ERR_INVALID_ARG_TYPE.
 *
 *  Node       https://nodejs.org/api/webstreams.html#class-textencoderstream */
#ifndef NODECORE_WEB_TEXT_H
#define NODECORE_WEB_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"
#include "web.h"
#include "web_transform.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Options of nodecore_web_text_decoder_new(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_web_text_decoder_options {
  size_t struct_size; /**< set by NODECORE_WEB_TEXT_DECODER_OPTIONS_INIT */
  bool fatal;         /**< what is invalid errors the stream, instead of becoming U+FFFD */
  bool ignore_bom;    /**< a byte order mark stays, instead of being left out */
} nodecore_web_text_decoder_options;
#define NODECORE_WEB_TEXT_DECODER_OPTIONS_INIT \
  { sizeof(nodecore_web_text_decoder_options), false, false }

/** Creates a stream that gives the bytes of text. Node makes UTF-8 of strings; the text that comes here is UTF-8
 *  already, so that the bytes are the same, but for what is invalid, which becomes U+FFFD as a lone surrogate does. A
 *  character may be split over chunks. Empty chunks give nothing.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (no loop).
 *  Ownership  caller frees `*out` (nodecore_web_transform_free).
 *  Nullable   err.
 *  Node       new TextEncoderStream(); it makes a string of an object    Since    0.1 */
NODECORE_API nodecore_status nodecore_web_text_encoder_new(nodecore_loop *loop,
                                                           nodecore_web_transform **out,
                                                           nodecore_error **err);

/** Creates a stream that gives the UTF-8 of bytes in the encoding of `label`. A character may be split over chunks.
 *  Chunks that make no text give nothing.
 *  Returns    NODECORE_OK; NODECORE_ERR_ENCODING_NOT_SUPPORTED (RangeError) for a label that is unknown;
 *             NODECORE_ERR_INVALID_ARG_TYPE (no loop); NODECORE_ERR_INVALID_ARG_VALUE (a label that is not UTF-8);
 *             NODECORE_ERR_OUT_OF_RANGE (options).
 *  Errors     a fatal one errors both sides with NODECORE_ERR_ENCODING_INVALID_ENCODED_DATA (TypeError).
 *  Ownership  caller frees `*out` (nodecore_web_transform_free); `label` and `opts` are borrowed for the call.
 *  Nullable   label ("utf-8"), opts, err.
 *  Node       new TextDecoderStream(label, options); it refuses strings  Since    0.1 */
NODECORE_API nodecore_status nodecore_web_text_decoder_new(nodecore_loop *loop, const char *label,
                                                           size_t label_len,
                                                           const nodecore_web_text_decoder_options *opts,
                                                           nodecore_web_transform **out,
                                                           nodecore_error **err);

/** Returns the name of a text stream's encoding, in lower case: of an encoder "utf-8". An absent one for other streams
 *  and NULL.
 *  Ownership  borrowed; valid until `stream` is freed.
 *  Node       textEncoderStream.encoding, textDecoderStream.encoding     Since    0.1 */
NODECORE_API nodecore_str nodecore_web_text_encoding(const nodecore_web_transform *stream);

/** Return what a decoder was made with; false for other streams and NULL.
 *  Node       textDecoderStream.fatal, textDecoderStream.ignoreBOM       Since    0.1 */
NODECORE_API bool nodecore_web_text_fatal(const nodecore_web_transform *stream);
NODECORE_API bool nodecore_web_text_ignore_bom(const nodecore_web_transform *stream);

#ifdef __cplusplus
}
#endif

#endif
