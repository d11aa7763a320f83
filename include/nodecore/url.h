/** @file url.h The URL Standard's URLs: Node's class URL.
 *
 *  A nodecore_url is valid and normalised, always. It is one text, its href, and the places of the parts in
 *  it; so a getter costs nothing and gives a view, and a setter writes the text anew:
 *
 *      nodecore_url *url = NULL;
 *      nodecore_error *err = NULL;
 *      if (nodecore_url_parse("https://User@EXAMPLE.org:443/a/../b?q=1", NODECORE_AUTO_LEN, NULL, &url,
 *                             &err) != NODECORE_OK) {
 *        nodecore_str input = nodecore_error_input(err);
 *        fprintf(stderr, "not a URL: %.*s\n", (int)input.len, input.data);
 *        nodecore_error_free(err);
 *        return;
 *      }
 *      nodecore_url_set_port(url, "8080", NODECORE_AUTO_LEN);
 *      nodecore_str href = nodecore_url_href(url);  (https://User@example.org:8080/b?q=1)
 *      fwrite(href.data, 1, href.len, stdout);
 *      nodecore_url_free(url);
 *
 *  The pairs of the query are in url_search_params.h, paths, domains and text of several kinds in
 *  url_convert.h, and the older API, which keeps text as it is, in url_legacy.h.
 *
 *  ==== Text =====================================================================================
 *
 *  Text is UTF-8; what is not gives NODECORE_ERR_INVALID_ARG_VALUE. Functions that end in `_latin1` and
 *  `_utf16` take a JavaScript engine's own strings; an unpaired surrogate becomes U+FFFD, as in Node.
 *  What comes out is ASCII: hosts are in Punycode, all else is percent-encoded. Control characters, NUL
 *  among them, are treated as the URL Standard says: some are dropped, most are escaped, in a host they
 *  make the URL invalid. Inputs above 512 MiB are refused as invalid. No function takes longer than in
 *  proportion to its input.
 *
 *  ==== Views ====================================================================================
 *
 *  What a getter returns points into the URL and is valid until the next call that takes this URL without
 *  const (a setter, nodecore_url_reparse(), a change of its search params) or nodecore_url_free(). Values
 *  given to a setter may be such views: they are copied before anything changes.
 *
 *  Node       https://nodejs.org/api/url.html#class-url             Spec     https://url.spec.whatwg.org */
#ifndef NODECORE_URL_H
#define NODECORE_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A URL.
 *  Ownership  given by nodecore_url_parse(), _resolve() and _copy(); freed by nodecore_url_free().
 *  Threads    a const pointer may be shared between threads; a non-const one is exclusive while it is used.
 *             May be handed to another thread, with its search params.
 *  Node       URL              Since    0.1 */
typedef struct nodecore_url nodecore_url;

/** Parses `input`, relative to `base` if there is one.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_URL; NODECORE_ERR_INVALID_ARG_VALUE for text that is not
 *             UTF-8; NODECORE_ERR_INVALID_ARG_TYPE for a NULL `out` or `input`. `*out` is written on
 *             NODECORE_OK only.
 *  Errors     an NODECORE_ERR_INVALID_URL has nodecore_error_input(), and nodecore_error_base() if there
 *             was a base.
 *  Ownership  caller frees `*out` (nodecore_url_free). `input` and `base` are borrowed for the call.
 *  Nullable   base, err.       Threads  any.
 *  Node       new URL(input[, base]), URL.parse                     Since    0.1 */
NODECORE_API nodecore_status nodecore_url_parse(const char *input, size_t input_len,
                                                const nodecore_url *base, nodecore_url **out,
                                                nodecore_error **err);

/** As nodecore_url_parse(), of Latin-1: every byte is a character.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_url_parse_latin1(const char *input, size_t input_len,
                                                       const nodecore_url *base, nodecore_url **out,
                                                       nodecore_error **err);

/** As nodecore_url_parse(), of UTF-16; `input_len` is in units, and NODECORE_AUTO_LEN is refused.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_url_parse_utf16(const uint16_t *input, size_t input_len,
                                                      const nodecore_url *base, nodecore_url **out,
                                                      nodecore_error **err);

/** Parses `input` relative to a base that is text; for one that is used again, nodecore_url_parse() is
 *  faster.
 *  Returns    as nodecore_url_parse(); NODECORE_ERR_INVALID_URL also if the base is not valid.
 *  Errors     nodecore_error_input() and nodecore_error_base() are the texts as they were given.
 *  Ownership  caller frees `*out` (nodecore_url_free).
 *  Nullable   err.             Threads  any.
 *  Node       new URL(input, base)                                  Since    0.1 */
NODECORE_API nodecore_status nodecore_url_resolve(const char *input, size_t input_len, const char *base,
                                                  size_t base_len, nodecore_url **out,
                                                  nodecore_error **err);

/** As nodecore_url_resolve(), of Latin-1.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_url_resolve_latin1(const char *input, size_t input_len,
                                                         const char *base, size_t base_len,
                                                         nodecore_url **out, nodecore_error **err);

/** As nodecore_url_resolve(), of UTF-16; lengths are in units.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_url_resolve_utf16(const uint16_t *input, size_t input_len,
                                                        const uint16_t *base, size_t base_len,
                                                        nodecore_url **out, nodecore_error **err);

/** Returns whether nodecore_url_parse() would succeed, which is faster than asking it; false for NULL and for
 *  text that is not UTF-8.
 *  Nullable   base.            Threads  any.
 *  Node       URL.canParse     Since    0.1 */
NODECORE_API bool nodecore_url_can_parse(const char *input, size_t input_len, const nodecore_url *base);
/** As nodecore_url_can_parse(), of Latin-1.
 *  Since      0.1 */
NODECORE_API bool nodecore_url_can_parse_latin1(const char *input, size_t input_len,
                                                const nodecore_url *base);
/** As nodecore_url_can_parse(), of UTF-16; `input_len` is in units.
 *  Since      0.1 */
NODECORE_API bool nodecore_url_can_parse_utf16(const uint16_t *input, size_t input_len,
                                               const nodecore_url *base);

/** Parses again into `url`, keeping its memory: for those who parse many. After an error `url` is as it was.
 *  Returns    as nodecore_url_parse().
 *  Ownership  views of `url` end. `input` may be one; `base` may be `url` itself, as when following a link.
 *  Nullable   base, err.       Threads  exclusive.
 *  Node       url.href = input                                      Since    0.1 */
NODECORE_API nodecore_status nodecore_url_reparse(nodecore_url *url, const char *input, size_t input_len,
                                                  const nodecore_url *base, nodecore_error **err);
/** As nodecore_url_reparse(), of Latin-1.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_url_reparse_latin1(nodecore_url *url, const char *input,
                                                         size_t input_len, const nodecore_url *base,
                                                         nodecore_error **err);
/** As nodecore_url_reparse(), of UTF-16; `input_len` is in units.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_url_reparse_utf16(nodecore_url *url, const uint16_t *input,
                                                        size_t input_len, const nodecore_url *base,
                                                        nodecore_error **err);

/** Frees a URL, with its search params; NULL is allowed.
 *  Threads    exclusive.       Since    0.1 */
NODECORE_API void nodecore_url_free(nodecore_url *url);

/** Returns a copy that the caller frees, without search params until it is asked for them; NULL for NULL.
 *  Threads    any.             Since    0.1 */
NODECORE_API nodecore_url *nodecore_url_copy(const nodecore_url *url);

/** The parts of a URL.
 *  Returns    ASCII, not NUL-terminated; empty where the URL has no such part; `{NULL, 0}` for a NULL URL.
 *  Ownership  borrowed from `url`; valid until the next call that takes it without const, or its _free().
 *  Threads    any, at the same time too.
 *
 *      https://user:pass@example.org:8080/path?query#hash
 *      protocol  https:                   host      example.org:8080
 *      username  user                     hostname  example.org
 *      password  pass                     port      8080
 *      pathname  /path                    search    ?query
 *      hash      #hash                    origin    https://example.org:8080
 *
 *  `port` is empty where it is the scheme's own; the brackets of an IPv6 address are in `hostname`; `search`
 *  and `hash` are empty also for a lone `?` and `#`; `origin` is "null" for schemes that have none (`file:`
 *  and those that are not special).
 *  Node       url.href, url.origin, url.protocol, url.username, url.password, url.host, url.hostname,
 *             url.port, url.pathname, url.search, url.hash; url.toString(), url.toJSON() are the href
 *  Since      0.1 */
NODECORE_API nodecore_str nodecore_url_href(const nodecore_url *url);
NODECORE_API nodecore_str nodecore_url_origin(const nodecore_url *url);
NODECORE_API nodecore_str nodecore_url_protocol(const nodecore_url *url);
NODECORE_API nodecore_str nodecore_url_username(const nodecore_url *url);
NODECORE_API nodecore_str nodecore_url_password(const nodecore_url *url);
NODECORE_API nodecore_str nodecore_url_host(const nodecore_url *url);
NODECORE_API nodecore_str nodecore_url_hostname(const nodecore_url *url);
NODECORE_API nodecore_str nodecore_url_port(const nodecore_url *url);
NODECORE_API nodecore_str nodecore_url_pathname(const nodecore_url *url);
NODECORE_API nodecore_str nodecore_url_search(const nodecore_url *url);
NODECORE_API nodecore_str nodecore_url_hash(const nodecore_url *url);

/** Replaces the whole URL. After an error it is as it was.
 *  Returns, Errors, Ownership, Nullable, Threads  as nodecore_url_reparse() without a base.
 *  Node       url.href = value                                      Since    0.1 */
NODECORE_API nodecore_status nodecore_url_set_href(nodecore_url *url, const char *value, size_t value_len,
                                                   nodecore_error **err);

/** Replace one part, escaping what has to be.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_URL if the value was refused, which JavaScript does not tell:
 *             `url` is as it was, and the status may be ignored to have Node's behaviour;
 *             NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8; NODECORE_ERR_INVALID_ARG_TYPE for a
 *             NULL `url` or value.
 *  Ownership  `value` is borrowed for the call and may point into `url`. Views of `url` end.
 *  Threads    exclusive.
 *
 *    protocol   with or without a colon and what follows it. http, https, ws, wss, ftp and file can only
 *               become one another; others can not become one of them.
 *    username,  refused without a host, and for `file:`.
 *    password
 *    host       host name and, if given, port; a port that is none leaves the old. Empty is refused for http
 *               and its like.
 *    hostname   as host; refused with a port.
 *    port       digits up to the first other character; empty, or the scheme's own, removes it; refused above
 *               65535.
 *    pathname   refused where the path is opaque, as in `mailto:`.
 *    search,    with or without `?` or `#`; empty removes them.
 *    hash
 *
 *  Node       url.protocol = value …                                Since    0.1 */
NODECORE_API nodecore_status nodecore_url_set_protocol(nodecore_url *url, const char *value,
                                                       size_t value_len);
NODECORE_API nodecore_status nodecore_url_set_username(nodecore_url *url, const char *value,
                                                       size_t value_len);
NODECORE_API nodecore_status nodecore_url_set_password(nodecore_url *url, const char *value,
                                                       size_t value_len);
NODECORE_API nodecore_status nodecore_url_set_host(nodecore_url *url, const char *value, size_t value_len);
NODECORE_API nodecore_status nodecore_url_set_hostname(nodecore_url *url, const char *value,
                                                       size_t value_len);
NODECORE_API nodecore_status nodecore_url_set_port(nodecore_url *url, const char *value, size_t value_len);
NODECORE_API nodecore_status nodecore_url_set_pathname(nodecore_url *url, const char *value,
                                                       size_t value_len);
NODECORE_API nodecore_status nodecore_url_set_search(nodecore_url *url, const char *value, size_t value_len);
NODECORE_API nodecore_status nodecore_url_set_hash(nodecore_url *url, const char *value, size_t value_len);

#ifdef __cplusplus
}
#endif

#endif
