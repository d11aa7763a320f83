/** @file url_pattern.h Patterns of URLs.
 *
 *  Each component of a URL has a pattern of its own, in which `*` matches anything, `:name` a segment (up to the
 *  next `/` of a path, or `.` of a host), `(...)` a regular expression of JavaScript's with the flag `v`, and
 *  braces group; `?`, `+` and `*` after one of these say how often it may occur.
 *
 *  A match takes at most the pattern's length times the input's, and as a rule no more than to read the input
 *  once; but regular expressions with more than characters, classes, groups, alternatives and repeats (such
 *  as look-around, back references, named groups, Unicode properties) can take exponential time, as in
 *  JavaScript. Patterns from strangers are safe where
 *  nodecore_url_pattern_has_regexp_groups() is false.
 *
 *  Node       https://nodejs.org/api/url.html#class-urlpattern   Spec     https://urlpattern.spec.whatwg.org */
#ifndef NODECORE_URL_PATTERN_H
#define NODECORE_URL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A pattern. Made by nodecore_url_pattern_parse() or _from_init(), and never changed after.
 *  Ownership  caller frees it (nodecore_url_pattern_free), before or after its results.
 *  Threads    a const one may be shared. */
typedef struct nodecore_url_pattern nodecore_url_pattern;

/** What a URL that matched gave: its components, and what the groups in them matched.
 *  Ownership  caller frees it (nodecore_url_pattern_result_free).
 *  Threads    a const one may be shared. */
typedef struct nodecore_url_pattern_result nodecore_url_pattern_result;

/** The components of a URL, as the functions of a result name them. */
#define NODECORE_URL_PATTERN_PROTOCOL 0
#define NODECORE_URL_PATTERN_USERNAME 1
#define NODECORE_URL_PATTERN_PASSWORD 2
#define NODECORE_URL_PATTERN_HOSTNAME 3
#define NODECORE_URL_PATTERN_PORT 4
#define NODECORE_URL_PATTERN_PATHNAME 5
#define NODECORE_URL_PATTERN_SEARCH 6
#define NODECORE_URL_PATTERN_HASH 7

/** The components of a pattern, or of a URL to match, one by one, UTF-8: Node's URLPatternInit. A field whose
 *  `data` is NULL is not given: in a pattern it matches anything, in an input it is empty. With `base_url`
 *  those not given come from it, as far as they are not more specific than one that is. Set what you need after
 *  NODECORE_URL_PATTERN_INIT_INIT. */
typedef struct nodecore_url_pattern_init {
  size_t struct_size; /**< set by NODECORE_URL_PATTERN_INIT_INIT */
  nodecore_str protocol; /**< with or without its ":" */
  nodecore_str username;
  nodecore_str password;
  nodecore_str hostname; /**< without the port */
  nodecore_str port;
  nodecore_str pathname;
  nodecore_str search; /**< with or without its "?" */
  nodecore_str hash;   /**< with or without its "#" */
  nodecore_str base_url;
} nodecore_url_pattern_init;

#define NODECORE_URL_PATTERN_INIT_INIT                                                    \
  {                                                                                       \
    sizeof(nodecore_url_pattern_init), {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0},        \
        {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}                             \
  }

/** Options of a pattern. NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_url_pattern_options {
  size_t struct_size; /**< set by NODECORE_URL_PATTERN_OPTIONS_INIT */
  bool ignore_case;   /**< true: path, query and fragment match without regard to case */
} nodecore_url_pattern_options;

#define NODECORE_URL_PATTERN_OPTIONS_INIT \
  { sizeof(nodecore_url_pattern_options), false }

/** Makes a pattern of a URL with pattern syntax in it. What `pattern` does not give comes from `base`, which is
 *  a plain URL; a component that neither gives matches anything.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_URL_PATTERN for wrong syntax, a group named twice, what is no
 *             regular expression, text that cannot be in its component, a `base` that is no URL, or a relative
 *             `pattern` without `base`; NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8.
 *  Ownership  caller frees `*out` (nodecore_url_pattern_free).
 *  Nullable   base (NULL = none), options, err.                  Threads  any.
 *  Node       new URLPattern(string[, baseURL][, options])       Since    0.1 */
NODECORE_API nodecore_status nodecore_url_pattern_parse(const char *pattern, size_t pattern_len,
                                                        const char *base, size_t base_len,
                                                        const nodecore_url_pattern_options *options,
                                                        nodecore_url_pattern **out,
                                                        nodecore_error **err);

/** As nodecore_url_pattern_parse(), of UTF-16.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_url_pattern_parse_utf16(
    const uint16_t *pattern, size_t pattern_len, const char *base, size_t base_len,
    const nodecore_url_pattern_options *options, nodecore_url_pattern **out, nodecore_error **err);

/** Makes a pattern of one for each component.
 *  Returns    as nodecore_url_pattern_parse(); NODECORE_ERR_OUT_OF_RANGE for a wrong struct_size.
 *  Ownership  caller frees `*out` (nodecore_url_pattern_free).
 *  Nullable   init (NULL = nothing given), options, err.         Threads  any.
 *  Node       new URLPattern(object[, options])                  Since    0.1 */
NODECORE_API nodecore_status nodecore_url_pattern_from_init(const nodecore_url_pattern_init *init,
                                                            const nodecore_url_pattern_options *options,
                                                            nodecore_url_pattern **out,
                                                            nodecore_error **err);

/** Frees a pattern; NULL is allowed. Its results stay valid.
 *  Since      0.1 */
NODECORE_API void nodecore_url_pattern_free(nodecore_url_pattern *pattern);

/** The pattern of each component, in its normal form.
 *  Returns    a view of UTF-8, valid until the pattern is freed.
 *  Threads    any.
 *  Node       urlPattern.protocol and so on                      Since    0.1 */
NODECORE_API nodecore_str nodecore_url_pattern_protocol(const nodecore_url_pattern *pattern);
NODECORE_API nodecore_str nodecore_url_pattern_username(const nodecore_url_pattern *pattern);
NODECORE_API nodecore_str nodecore_url_pattern_password(const nodecore_url_pattern *pattern);
NODECORE_API nodecore_str nodecore_url_pattern_hostname(const nodecore_url_pattern *pattern);
NODECORE_API nodecore_str nodecore_url_pattern_port(const nodecore_url_pattern *pattern);
NODECORE_API nodecore_str nodecore_url_pattern_pathname(const nodecore_url_pattern *pattern);
NODECORE_API nodecore_str nodecore_url_pattern_search(const nodecore_url_pattern *pattern);
NODECORE_API nodecore_str nodecore_url_pattern_hash(const nodecore_url_pattern *pattern);

/** Whether there are regular expressions in the pattern.
 *  Threads    any.
 *  Node       urlPattern.hasRegExpGroups                         Since    0.1 */
NODECORE_API bool nodecore_url_pattern_has_regexp_groups(const nodecore_url_pattern *pattern);

/** Whether a URL matches. An input that with `base` is no valid URL does not.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8.
 *  Nullable   base (NULL = none), err.                           Threads  any.
 *  Node       urlPattern.test(string[, baseURL])                 Since    0.1 */
NODECORE_API nodecore_status nodecore_url_pattern_test(const nodecore_url_pattern *pattern,
                                                       const char *input, size_t input_len,
                                                       const char *base, size_t base_len, bool *out,
                                                       nodecore_error **err);

/** As nodecore_url_pattern_test(), of UTF-16.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_url_pattern_test_utf16(const nodecore_url_pattern *pattern,
                                                             const uint16_t *input, size_t input_len,
                                                             const char *base, size_t base_len,
                                                             bool *out, nodecore_error **err);

/** As nodecore_url_pattern_test(), of an input given by its components.
 *  Nullable   input (NULL = nothing given), err.                 Threads  any.
 *  Node       urlPattern.test(object)                            Since    0.1 */
NODECORE_API nodecore_status nodecore_url_pattern_test_init(const nodecore_url_pattern *pattern,
                                                            const nodecore_url_pattern_init *input,
                                                            bool *out, nodecore_error **err);

/** Matches a URL, and tells what the groups matched.
 *  Returns    NODECORE_OK, with `*out` NULL if it does not match or with `base` is no valid URL;
 *             NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8.
 *  Ownership  caller frees `*out` (nodecore_url_pattern_result_free).
 *  Nullable   base (NULL = none), err.                           Threads  any.
 *  Node       urlPattern.exec(string[, baseURL])                 Since    0.1 */
NODECORE_API nodecore_status nodecore_url_pattern_exec(const nodecore_url_pattern *pattern,
                                                       const char *input, size_t input_len,
                                                       const char *base, size_t base_len,
                                                       nodecore_url_pattern_result **out,
                                                       nodecore_error **err);

/** As nodecore_url_pattern_exec(), of UTF-16; the result is UTF-8.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_url_pattern_exec_utf16(const nodecore_url_pattern *pattern,
                                                             const uint16_t *input, size_t input_len,
                                                             const char *base, size_t base_len,
                                                             nodecore_url_pattern_result **out,
                                                             nodecore_error **err);

/** As nodecore_url_pattern_exec(), of an input given by its components.
 *  Nullable   input (NULL = nothing given), err.                 Threads  any.
 *  Node       urlPattern.exec(object)                            Since    0.1 */
NODECORE_API nodecore_status nodecore_url_pattern_exec_init(const nodecore_url_pattern *pattern,
                                                            const nodecore_url_pattern_init *input,
                                                            nodecore_url_pattern_result **out,
                                                            nodecore_error **err);

/** Frees a result; NULL is allowed.
 *  Since      0.1 */
NODECORE_API void nodecore_url_pattern_result_free(nodecore_url_pattern_result *result);

/** What was matched of a component (NODECORE_URL_PATTERN_*): the component as the URL has it.
 *  Returns    a view of UTF-8, valid until the result is freed; `data` is NULL for a NULL result or what is
 *             no component.
 *  Threads    any.
 *  Node       result.pathname.input and so on                    Since    0.1 */
NODECORE_API nodecore_str nodecore_url_pattern_result_input(const nodecore_url_pattern_result *result,
                                                            int32_t component);

/** How many groups the pattern of a component has.
 *  Threads    any.                                               Since    0.1 */
NODECORE_API size_t nodecore_url_pattern_result_group_count(const nodecore_url_pattern_result *result,
                                                            int32_t component);

/** The name of a group, by its place from 0; one without a name is named by its number, from "0".
 *  Returns    a view of UTF-8, valid until the result is freed; `data` is NULL past the last group.
 *  Threads    any.                                               Since    0.1 */
NODECORE_API nodecore_str nodecore_url_pattern_result_group_name(const nodecore_url_pattern_result *result,
                                                                 int32_t component, size_t index);

/** What a group matched, by its place from 0.
 *  Returns    a view of UTF-8, valid until the result is freed; `data` is NULL for a group that was left out
 *             (`undefined` in Node), and past the last group.
 *  Threads    any.                                               Since    0.1 */
NODECORE_API nodecore_str nodecore_url_pattern_result_group_value(const nodecore_url_pattern_result *result,
                                                                  int32_t component, size_t index);

/** What the group `name` matched.
 *  Returns    a view of UTF-8, valid until the result is freed; `data` is NULL for a group that was left out,
 *             and where there is none of that name.
 *  Threads    any.
 *  Node       result.pathname.groups[name] and so on             Since    0.1 */
NODECORE_API nodecore_str nodecore_url_pattern_result_group(const nodecore_url_pattern_result *result,
                                                            int32_t component, const char *name,
                                                            size_t name_len);

#ifdef __cplusplus
}
#endif

#endif
