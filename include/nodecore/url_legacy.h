/** @file url_legacy.h Node's older URL API: url.parse(), url.format(object), url.resolve().
 *
 *  It is older than the URL Standard and knows no normal form: what is in the text stays, and what is absent
 *  is null. Do not use it to decide whether to trust a URL; new code is better served by url.h.
 *
 *  A nodecore_url_legacy is a plain struct of views, as Node's is a plain object. Fields may be read,
 *  replaced by the caller's own texts, set to `{NULL, 0}` for null, and the whole formatted again:
 *
 *      nodecore_url_legacy url = NODECORE_URL_LEGACY_INIT;
 *      nodecore_buf text = NODECORE_BUF_INIT;
 *      if (nodecore_url_legacy_parse("http://host/p?q", NODECORE_AUTO_LEN, false, false, &url, &err) ==
 *      NODECORE_OK) {
 *        url.hash = (nodecore_str){"#top", 4};
 *        nodecore_url_legacy_format(&url, &text, &err);  (http://host/p?q#top)
 *        nodecore_url_legacy_free(&url);
 *      }
 *
 *  Node       https://nodejs.org/api/url.html#legacy-url-api */
#ifndef NODECORE_URL_LEGACY_H
#define NODECORE_URL_LEGACY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "str.h"
#include "url_search_params.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What nodecore_url_legacy.slashes may be.
 *  Since      0.1 */
enum {
  NODECORE_URL_SLASHES_NULL = 0,
  NODECORE_URL_SLASHES_TRUE = 1, /**< `//` follows the scheme */
  NODECORE_URL_SLASHES_FALSE = 2
};

/** A URL taken apart. Texts are UTF-8; one whose `data` is NULL is null.
 *  Ownership  what a function of the library filled in it also keeps alive: released by
 *             nodecore_url_legacy_free(), after which all views end. A struct that only the caller filled in
 *             needs no release.
 *  Threads    as plain data.
 *  Node       class Url        Since    0.1 */
typedef struct nodecore_url_legacy {
  size_t struct_size; /**< set by NODECORE_URL_LEGACY_INIT */
  void *owner_;       /**< private */
  nodecore_str protocol; /**< with its colon, in lower case */
  nodecore_str auth;     /**< user name and password, decoded */
  nodecore_str host;     /**< host name and port; where it is null, the two are used in formatting */
  nodecore_str port;
  nodecore_str hostname; /**< an IPv6 address without brackets */
  nodecore_str hash;     /**< with its # */
  nodecore_str search;   /**< with its ?; used in formatting before query */
  nodecore_str query;    /**< without the ? */
  nodecore_str pathname;
  nodecore_str path;     /**< pathname and search; not used in formatting */
  nodecore_str href;     /**< the whole; not used in formatting */
  const nodecore_url_search_params_pair *query_pairs; /**< Node's query as an object; formatted if query is null */
  size_t query_pairs_count;
  int32_t slashes; /**< NODECORE_URL_SLASHES_* */
} nodecore_url_legacy;

#define NODECORE_URL_LEGACY_INIT                                                                    \
  { sizeof(nodecore_url_legacy), NULL, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0},       \
    {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, NULL, 0, 0 }

/** Takes a URL apart. With `parse_query_string` its pairs are in `query_pairs` too, values of one key in a
 *  row; with `slashes_denote_host` the text `//host/path` has a host even without a scheme.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_URL for a host that is none; NODECORE_ERR_INVALID_ARG_VALUE
 *             for a colon in the host that starts no port, and for text that is not UTF-8; NODECORE_UNCODED,
 *             a URIError, for a user name or password with malformed escapes; NODECORE_ERR_INVALID_ARG_TYPE
 *             for NULL; NODECORE_ERR_OUT_OF_RANGE for an `out` without its struct_size.
 *  Ownership  caller frees `*out` (nodecore_url_legacy_free); what was in it is overwritten, not freed.
 *  Nullable   err.             Threads  any.
 *  Node       url.parse(text, parseQueryString, slashesDenoteHost)  Since    0.1 */
NODECORE_API nodecore_status nodecore_url_legacy_parse(const char *url, size_t url_len,
                                                       bool parse_query_string, bool slashes_denote_host,
                                                       nodecore_url_legacy *out, nodecore_error **err);

/** Releases what a function of the library filled in, and makes every field null; NULL and a struct that
 *  needs no release are allowed.
 *  Since      0.1 */
NODECORE_API void nodecore_url_legacy_free(nodecore_url_legacy *url);

/** Puts a URL together. Node's url.format(text) is nodecore_url_legacy_parse() and the field href.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8 and unknown `slashes`;
 *             NODECORE_ERR_INVALID_ARG_TYPE for NULL; NODECORE_ERR_OUT_OF_RANGE for a `url` without its
 *             struct_size.
 *  Ownership  caller frees `*out` (nodecore_buf_free). `url` is borrowed for the call.
 *  Nullable   err.             Threads  any.
 *  Node       url.format(object), urlObject.format()                Since    0.1 */
NODECORE_API nodecore_status nodecore_url_legacy_format(const nodecore_url_legacy *url, nodecore_buf *out,
                                                        nodecore_error **err);

/** Resolves `to` as a browser would a link on the page `from`.
 *  Returns    as nodecore_url_legacy_parse(), of either.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Threads  any.
 *  Node       url.resolve      Since    0.1 */
NODECORE_API nodecore_status nodecore_url_legacy_resolve(const char *from, size_t from_len, const char *to,
                                                         size_t to_len, nodecore_buf *out,
                                                         nodecore_error **err);

/** As nodecore_url_legacy_resolve(), of URLs taken apart, which for Node's result were parsed with
 *  `slashes_denote_host`.
 *  Returns    as nodecore_url_legacy_format().
 *  Ownership  caller frees `*out` (nodecore_url_legacy_free), which is neither `from` nor `to`; what was in
 *             it is overwritten, not freed.
 *  Nullable   err.             Threads  any.
 *  Node       url.resolveObject, urlObject.resolveObject            Since    0.1 */
NODECORE_API nodecore_status nodecore_url_legacy_resolve_object(const nodecore_url_legacy *from,
                                                                const nodecore_url_legacy *to,
                                                                nodecore_url_legacy *out,
                                                                nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
