/** @file querystring.h Query strings.
 *
 *      nodecore_querystring *query = NULL;
 *      if (nodecore_querystring_parse("a=1&b=x+y&a=2", NODECORE_AUTO_LEN, NULL, &query, NULL) == NODECORE_OK) {
 *        size_t a = nodecore_querystring_find(query, "a", 1);
 *        for (size_t i = 0; i < nodecore_querystring_value_count(query, a); i++) {
 *          nodecore_str value = nodecore_querystring_value_at(query, a, i);
 *          printf("%.*s\n", (int)value.len, value.data);
 *        }
 *        nodecore_querystring_free(query);
 *      }
 *
 *  Functions without an ending take UTF-8; `_utf16` ones take UTF-16 and `_latin1` ones Latin-1, as JavaScript
 *  engines store their strings. What is percent-encoded is ASCII and so is the same in all three: it always
 *  comes in a nodecore_buf.
 *
 *  Node       https://nodejs.org/api/querystring.html */
#ifndef NODECORE_QUERYSTRING_H
#define NODECORE_QUERYSTRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Parsing ----------------------------------------------------------------------------------- */

/** A parsed query: keys in the order they first came, each with its values in the order they came. A key
 *  that Node would give a string has one value, one that it would give an array has more. JavaScript objects
 *  put keys that look like integers first; this does not.
 *  Threads    never changes, so that any number of threads may read it. */
typedef struct nodecore_querystring nodecore_querystring;
/** The same, of UTF-16. */
typedef struct nodecore_querystring16 nodecore_querystring16;

/** In place of `decodeURIComponent`: sets `*out` to what `text` stands for, a view that must stay as it is
 *  until the next call or the end of the parse; it is copied. `text` is lent for the call; pluses are `%20`
 *  in it.
 *  Returns    NODECORE_OK; anything else where a JavaScript function would throw: then the text is decoded
 *             as nodecore_querystring_unescape() does. What is not UTF-8 in the result becomes U+FFFD. */
typedef nodecore_status (*nodecore_querystring_decode)(nodecore_str text, nodecore_str *out,
                                                       void *user);
/** The same, of UTF-16. */
typedef nodecore_status (*nodecore_querystring_decode16)(nodecore_str16 text, nodecore_str16 *out,
                                                         void *user);

/** How a query is parsed. NULL = all defaults; a zero field = that field's default. Borrowed for the call. */
typedef struct nodecore_querystring_parse_options {
  size_t struct_size; /**< set by NODECORE_QUERYSTRING_PARSE_OPTIONS_INIT */
  nodecore_str sep;   /**< between pairs; empty = "&" */
  nodecore_str eq;    /**< between key and value; empty = "=" */
  bool has_max_keys;  /**< true: `max_keys` counts; false: 1000 */
  size_t max_keys;    /**< how many pairs are read at most; 0 = all */
  nodecore_querystring_decode decode; /**< NULL = decodeURIComponent */
  void *user;                         /**< passed to `decode` */
} nodecore_querystring_parse_options;
#define NODECORE_QUERYSTRING_PARSE_OPTIONS_INIT \
  { sizeof(nodecore_querystring_parse_options), {NULL, 0}, {NULL, 0}, false, 0, NULL, NULL }

/** The same, of UTF-16. */
typedef struct nodecore_querystring_parse_options16 {
  size_t struct_size; /**< set by NODECORE_QUERYSTRING_PARSE_OPTIONS16_INIT */
  nodecore_str16 sep; /**< between pairs; empty = "&" */
  nodecore_str16 eq;  /**< between key and value; empty = "=" */
  bool has_max_keys;  /**< true: `max_keys` counts; false: 1000 */
  size_t max_keys;    /**< how many pairs are read at most; 0 = all */
  nodecore_querystring_decode16 decode; /**< NULL = decodeURIComponent */
  void *user;                           /**< passed to `decode` */
} nodecore_querystring_parse_options16;
#define NODECORE_QUERYSTRING_PARSE_OPTIONS16_INIT \
  { sizeof(nodecore_querystring_parse_options16), {NULL, 0}, {NULL, 0}, false, 0, NULL, NULL }

/** Parses a query, without its `?`. Never fails for what is in it: what is malformed stays, as in Node.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8.
 *  Ownership  caller frees `*out` (nodecore_querystring_free); `query` is copied.
 *  Nullable   query with length 0, opts, err.                    Threads  any.
 *  Node       querystring.parse, querystring.decode              Since    0.1 */
NODECORE_API nodecore_status nodecore_querystring_parse(const char *query, size_t query_len,
                                                        const nodecore_querystring_parse_options *opts,
                                                        nodecore_querystring **out,
                                                        nodecore_error **err);
/** As nodecore_querystring_parse(), of UTF-16; lone surrogates stay.
 *  Ownership  caller frees `*out` (nodecore_querystring16_free).
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_querystring_parse_utf16(
    const uint16_t *query, size_t query_len, const nodecore_querystring_parse_options16 *opts,
    nodecore_querystring16 **out, nodecore_error **err);
/** As nodecore_querystring_parse_utf16(), of Latin-1. The result is UTF-16, because what is percent-encoded
 *  need not be Latin-1.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_querystring_parse_latin1(
    const char *query, size_t query_len, const nodecore_querystring_parse_options16 *opts,
    nodecore_querystring16 **out, nodecore_error **err);

/** Frees a query; NULL is allowed.
 *  Since      0.1 */
NODECORE_API void nodecore_querystring_free(nodecore_querystring *query);
NODECORE_API void nodecore_querystring16_free(nodecore_querystring16 *query);

/** Returns how many different keys there are.
 *  Nullable   query (0).                                         Threads  any.
 *  Since      0.1 */
NODECORE_API size_t nodecore_querystring_count(const nodecore_querystring *query);
NODECORE_API size_t nodecore_querystring16_count(const nodecore_querystring16 *query);

/** Returns the key at `index`, which counts from 0; a NULL view behind the last. Valid until the query is
 *  freed.
 *  Nullable   query (a NULL view).                               Threads  any.
 *  Since      0.1 */
NODECORE_API nodecore_str nodecore_querystring_key_at(const nodecore_querystring *query, size_t index);
NODECORE_API nodecore_str16 nodecore_querystring16_key_at(const nodecore_querystring16 *query,
                                                       size_t index);

/** Returns how many values the key at `index` has, at least 1; 0 behind the last key.
 *  Nullable   query (0).                                         Threads  any.
 *  Since      0.1 */
NODECORE_API size_t nodecore_querystring_value_count(const nodecore_querystring *query, size_t index);
NODECORE_API size_t nodecore_querystring16_value_count(const nodecore_querystring16 *query,
                                                       size_t index);

/** Returns value `nth`, counted from 0, of the key at `index`; a NULL view if there is none. Valid until the
 *  query is freed.
 *  Nullable   query (a NULL view).                               Threads  any.
 *  Since      0.1 */
NODECORE_API nodecore_str nodecore_querystring_value_at(const nodecore_querystring *query, size_t index,
                                                     size_t nth);
NODECORE_API nodecore_str16 nodecore_querystring16_value_at(const nodecore_querystring16 *query,
                                                         size_t index, size_t nth);

/** Returned by nodecore_querystring_find() for a key that is not there. As an index it is behind the last. */
#define NODECORE_QUERYSTRING_NONE ((size_t)-1)

/** Returns the index of `key`, or NODECORE_QUERYSTRING_NONE. Takes time in proportion to the number of keys.
 *  Nullable   query (none), key with length 0.                   Threads  any.
 *  Since      0.1 */
NODECORE_API size_t nodecore_querystring_find(const nodecore_querystring *query, const char *key,
                                              size_t key_len);
NODECORE_API size_t nodecore_querystring16_find(const nodecore_querystring16 *query,
                                                const uint16_t *key, size_t key_len);

/* ---- Writing ----------------------------------------------------------------------------------- */

/** What a value is. */
enum {
  NODECORE_QUERYSTRING_TEXT = 0,    /**< a string: `text` */
  NODECORE_QUERYSTRING_NUMBER = 1,  /**< a number: `number`; NaN and the infinities are written as nothing */
  NODECORE_QUERYSTRING_BIGINT = 2,  /**< a bigint: its decimal digits in `text` */
  NODECORE_QUERYSTRING_BOOLEAN = 3, /**< a boolean: `boolean` */
  NODECORE_QUERYSTRING_LIST = 4,    /**< an array: `list`; the key is repeated, or left out if it is empty */
  NODECORE_QUERYSTRING_OTHER = 5    /**< null, an object, a list in a list: written as nothing */
};

/** A value. Zero but for `text`, it is a string. */
typedef struct nodecore_querystring_value {
  nodecore_str text;
  int32_t kind; /**< NODECORE_QUERYSTRING_TEXT … _OTHER */
  bool boolean;
  double number;
  const struct nodecore_querystring_value *list;
  size_t count; /**< how many are in `list` */
} nodecore_querystring_value;

/** A string as a value, of either width: `{{key, key_len}, NODECORE_QUERYSTRING_TEXT_INIT(text, len)}`. */
#define NODECORE_QUERYSTRING_TEXT_INIT(data, len) \
  { {data, len}, NODECORE_QUERYSTRING_TEXT, false, 0, NULL, 0 }

/** A key and its value. */
typedef struct nodecore_querystring_pair {
  nodecore_str key;
  nodecore_querystring_value value;
} nodecore_querystring_pair;

/** The same, of UTF-16. */
typedef struct nodecore_querystring_value16 {
  nodecore_str16 text;
  int32_t kind; /**< NODECORE_QUERYSTRING_TEXT … _OTHER */
  bool boolean;
  double number;
  const struct nodecore_querystring_value16 *list;
  size_t count; /**< how many are in `list` */
} nodecore_querystring_value16;

/** The same, of UTF-16. */
typedef struct nodecore_querystring_pair16 {
  nodecore_str16 key;
  nodecore_querystring_value16 value;
} nodecore_querystring_pair16;

/** In place of nodecore_querystring_escape(): sets `*out` to UTF-8, a view that must stay as it is until the
 *  next call or the end; it is copied. `text` is lent for the call: a key, a string, or the text of a number,
 *  bigint or boolean; nothing for any other value.
 *  Returns    NODECORE_OK; anything else ends the whole call with this status. */
typedef nodecore_status (*nodecore_querystring_encode)(nodecore_str text, nodecore_str *out,
                                                       void *user);
/** The same, of UTF-16; the result is UTF-8 here too. */
typedef nodecore_status (*nodecore_querystring_encode16)(nodecore_str16 text, nodecore_str *out,
                                                         void *user);

/** How a query is written, in all forms. NULL = all defaults; a zero field = that field's default. Borrowed
 *  for the call. */
typedef struct nodecore_querystring_stringify_options {
  size_t struct_size; /**< set by NODECORE_QUERYSTRING_STRINGIFY_OPTIONS_INIT */
  nodecore_str sep;   /**< between pairs, UTF-8; empty = "&" */
  nodecore_str eq;    /**< between key and value, UTF-8; empty = "=" */
  nodecore_querystring_encode encode; /**< for UTF-8 and Latin-1, of which it gets what the caller has */
  nodecore_querystring_encode16 encode16; /**< for UTF-16 */
  void *user;                             /**< passed to either */
} nodecore_querystring_stringify_options;
#define NODECORE_QUERYSTRING_STRINGIFY_OPTIONS_INIT \
  { sizeof(nodecore_querystring_stringify_options), {NULL, 0}, {NULL, 0}, NULL, NULL, NULL }

/** Writes `count` pairs as a query, in their order. The result is ASCII, unless the options bring anything
 *  else.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE for a NULL array; NODECORE_ERR_INVALID_ARG_VALUE for
 *             text that is not UTF-8, a bigint that is not digits, or an unknown kind; what `encode` returns.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   pairs with count 0, opts, err.                     Threads  any.
 *  Node       querystring.stringify, querystring.encode          Since    0.1 */
NODECORE_API nodecore_status nodecore_querystring_stringify(
    const nodecore_querystring_pair *pairs, size_t count,
    const nodecore_querystring_stringify_options *opts, nodecore_buf *out, nodecore_error **err);
/** As nodecore_querystring_stringify(), with keys and strings in Latin-1.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_querystring_stringify_latin1(
    const nodecore_querystring_pair *pairs, size_t count,
    const nodecore_querystring_stringify_options *opts, nodecore_buf *out, nodecore_error **err);
/** As nodecore_querystring_stringify(), with keys and strings in UTF-16.
 *  Errors     NODECORE_ERR_INVALID_URI as nodecore_querystring_escape_utf16().
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_querystring_stringify_utf16(
    const nodecore_querystring_pair16 *pairs, size_t count,
    const nodecore_querystring_stringify_options *opts, nodecore_buf *out, nodecore_error **err);

/* ---- Percent-encoding -------------------------------------------------------------------------- */

/** Percent-encodes all but letters, digits and `-_.!~*'()`.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   text with length 0, err.                           Threads  any.
 *  Node       querystring.escape                                 Since    0.1 */
NODECORE_API nodecore_status nodecore_querystring_escape(const char *text, size_t text_len,
                                                         nodecore_buf *out, nodecore_error **err);
/** As nodecore_querystring_escape(), of UTF-16.
 *  Errors     NODECORE_ERR_INVALID_URI, a URIError, if the text ends with a surrogate. Elsewhere a surrogate
 *             and whatever follows are taken for a pair, as Node does.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_querystring_escape_utf16(const uint16_t *text, size_t text_len,
                                                               nodecore_buf *out,
                                                               nodecore_error **err);
/** As nodecore_querystring_escape(), of Latin-1.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_querystring_escape_latin1(const char *text, size_t text_len,
                                                                nodecore_buf *out,
                                                                nodecore_error **err);

/** Undoes nodecore_querystring_escape(), as `decodeURIComponent` does; where that would throw, as
 *  nodecore_querystring_unescape_buffer() does, with U+FFFD for what is not UTF-8 then.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   text with length 0, err.                           Threads  any.
 *  Node       querystring.unescape                               Since    0.1 */
NODECORE_API nodecore_status nodecore_querystring_unescape(const char *text, size_t text_len,
                                                           nodecore_buf *out, nodecore_error **err);
/** As nodecore_querystring_unescape(), of UTF-16; lone surrogates stay.
 *  Ownership  caller frees `*out` (nodecore_buf16_free).
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_querystring_unescape_utf16(const uint16_t *text,
                                                                 size_t text_len,
                                                                 nodecore_buf16 *out,
                                                                 nodecore_error **err);
/** As nodecore_querystring_unescape_utf16(), of Latin-1. The result is UTF-16, because what is
 *  percent-encoded need not be Latin-1.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_querystring_unescape_latin1(const char *text, size_t text_len,
                                                                  nodecore_buf16 *out,
                                                                  nodecore_error **err);

/** Gives the bytes that `text` stands for: `%` and two hexadecimal digits are a byte, malformed sequences
 *  stay, and of all other characters only the low byte of each UTF-16 unit counts. With `decode_spaces` a
 *  plus is a space.
 *  Returns, Ownership, Nullable, Threads  as nodecore_querystring_unescape().
 *  Node       querystring.unescapeBuffer                         Since    0.1 */
NODECORE_API nodecore_status nodecore_querystring_unescape_buffer(const char *text, size_t text_len,
                                                                  bool decode_spaces,
                                                                  nodecore_buf *out,
                                                                  nodecore_error **err);
/** As nodecore_querystring_unescape_buffer(), of UTF-16 and of Latin-1.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_querystring_unescape_buffer_utf16(const uint16_t *text,
                                                                        size_t text_len,
                                                                        bool decode_spaces,
                                                                        nodecore_buf *out,
                                                                        nodecore_error **err);
NODECORE_API nodecore_status nodecore_querystring_unescape_buffer_latin1(const char *text,
                                                                         size_t text_len,
                                                                         bool decode_spaces,
                                                                         nodecore_buf *out,
                                                                         nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
