/** @file url_search_params.h The pairs of a query: Node's class URLSearchParams.
 *
 *  A list of names and values, in order, decoded. It is a URL's own, and then changes of the one are seen in
 *  the other at once, or it stands alone:
 *
 *      nodecore_url_search_params *params = nodecore_url_search_params_of(url);
 *      nodecore_url_search_params_set(params, "page", NODECORE_AUTO_LEN, "2", NODECORE_AUTO_LEN);
 *      nodecore_url_search_params_sort(params);
 *      nodecore_str name, value;
 *      for (size_t i = 0; nodecore_url_search_params_at(params, i, &name, &value); i++)
 *        printf("%.*s = %.*s\n", (int)name.len, name.data, (int)value.len, value.data);
 *
 *  Each change of a URL's list writes its query anew. For many, change a copy and give it to
 *  nodecore_url_set_search_params().
 *
 *  Names and values are UTF-8. What functions return as nodecore_str points into the list and is valid until
 *  the list changes or is freed; a URL's list also changes with its URL, and is freed with it. Names and
 *  values given to a function may be such views.
 *
 *  Node       https://nodejs.org/api/url.html#class-urlsearchparams */
#ifndef NODECORE_URL_SEARCH_PARAMS_H
#define NODECORE_URL_SEARCH_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "str.h"
#include "url.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A list of names and values.
 *  Ownership  given by _parse(), _from_pairs() and _copy(); freed by _free(). What
 *             nodecore_url_search_params_of() gives belongs to the URL.
 *  Threads    a const pointer may be shared between threads; a non-const one is exclusive while it is used. A
 *             URL's list and the URL count as one object.
 *  Node       URLSearchParams  Since    0.1 */
typedef struct nodecore_url_search_params nodecore_url_search_params;

/** A name and a value, UTF-8.
 *  Since      0.1 */
typedef struct nodecore_url_search_params_pair {
  nodecore_str name;
  nodecore_str value;
} nodecore_url_search_params_pair;

/** Returns the URL's own list, the same each time; NULL for NULL.
 *  Ownership  borrowed: it lives as long as `url`, and _free() leaves it alone.
 *  Threads    exclusive.
 *  Node       url.searchParams Since    0.1 */
NODECORE_API nodecore_url_search_params *nodecore_url_search_params_of(nodecore_url *url);

/** Replaces a URL's query by the pairs of a list, which stays the caller's; an empty one removes the query.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_URL if the URL would be longer than 4 GiB;
 *             NODECORE_ERR_INVALID_ARG_TYPE for a NULL argument.
 *  Ownership  views of `url` and of its list end.
 *  Threads    exclusive for `url`.
 *  Node       url.search = params.toString()                        Since    0.1 */
NODECORE_API nodecore_status nodecore_url_set_search_params(nodecore_url *url,
                                                            const nodecore_url_search_params *params);

/** Parses a query, with or without its `?`. Escapes that are cut short stay as they are, and what they make
 *  that is not UTF-8 becomes U+FFFD.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8;
 *             NODECORE_ERR_INVALID_ARG_TYPE for a NULL `out` or `input`.
 *  Ownership  caller frees `*out` (nodecore_url_search_params_free).
 *  Nullable   err.             Threads  any.
 *  Node       new URLSearchParams(string)                           Since    0.1 */
NODECORE_API nodecore_status nodecore_url_search_params_parse(const char *input, size_t input_len,
                                                              nodecore_url_search_params **out,
                                                              nodecore_error **err);
/** As nodecore_url_search_params_parse(), of Latin-1.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_url_search_params_parse_latin1(const char *input, size_t input_len,
                                                                     nodecore_url_search_params **out,
                                                                     nodecore_error **err);
/** As nodecore_url_search_params_parse(), of UTF-16; `input_len` is in units.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_url_search_params_parse_utf16(const uint16_t *input, size_t input_len,
                                                                    nodecore_url_search_params **out,
                                                                    nodecore_error **err);

/** Makes a list of `count` pairs; of none, an empty one.
 *  Returns, Ownership, Nullable, Threads  as nodecore_url_search_params_parse().
 *  Node       new URLSearchParams(iterable)                         Since    0.1 */
NODECORE_API nodecore_status nodecore_url_search_params_from_pairs(
    const nodecore_url_search_params_pair *pairs, size_t count, nodecore_url_search_params **out,
    nodecore_error **err);

/** Returns a copy that stands alone and that the caller frees; NULL for NULL.
 *  Threads    any.             Since    0.1 */
NODECORE_API nodecore_url_search_params *nodecore_url_search_params_copy(
    const nodecore_url_search_params *params);

/** Frees a list that stands alone; NULL and a URL's own are allowed and left alone.
 *  Threads    exclusive.       Since    0.1 */
NODECORE_API void nodecore_url_search_params_free(nodecore_url_search_params *params);

/** Changes of a list, and of the URL that it belongs to.
 *
 *    append     adds a pair at the end.
 *    set        gives the first pair of that name the value and removes the others, or adds one at the end.
 *    delete     removes the pairs of that name, or with a value (not NULL) those of that name and value.
 *    sort       sorts by name, in the order of UTF-16 units; pairs of one name keep their order.
 *
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8;
 *             NODECORE_ERR_INVALID_ARG_TYPE for a NULL list or name; NODECORE_ERR_INVALID_URL if the URL
 *             would be longer than 4 GiB. After an error all is as it was.
 *  Ownership  texts are copied. Views of the list and its URL end.
 *  Nullable   value of delete: then any.                            Threads  exclusive.
 *  Node       params.append, params.set, params.delete, params.sort Since    0.1 */
NODECORE_API nodecore_status nodecore_url_search_params_append(nodecore_url_search_params *params,
                                                               const char *name, size_t name_len,
                                                               const char *value, size_t value_len);
NODECORE_API nodecore_status nodecore_url_search_params_set(nodecore_url_search_params *params,
                                                            const char *name, size_t name_len,
                                                            const char *value, size_t value_len);
NODECORE_API nodecore_status nodecore_url_search_params_delete(nodecore_url_search_params *params,
                                                               const char *name, size_t name_len,
                                                               const char *value, size_t value_len);
NODECORE_API nodecore_status nodecore_url_search_params_sort(nodecore_url_search_params *params);

/** Returns the value of the first pair of that name; `{NULL, 0}` without one.
 *  Ownership  borrowed from `params`.
 *  Threads    any.
 *  Node       params.get       Since    0.1 */
NODECORE_API nodecore_str nodecore_url_search_params_get(const nodecore_url_search_params *params,
                                                         const char *name, size_t name_len);

/** Writes the values of the pairs of that name, in order, to `values`, of which there are `capacity`.
 *  Returns    how many there are, which may be more than were written.
 *  Ownership  each is borrowed from `params`.
 *  Nullable   values.          Threads  any.
 *  Node       params.getAll    Since    0.1 */
NODECORE_API size_t nodecore_url_search_params_get_all(const nodecore_url_search_params *params,
                                                       const char *name, size_t name_len,
                                                       nodecore_str *values, size_t capacity);

/** Returns whether there is a pair of that name and, unless it is NULL, that value.
 *  Nullable   value.           Threads  any.
 *  Node       params.has       Since    0.1 */
NODECORE_API bool nodecore_url_search_params_has(const nodecore_url_search_params *params, const char *name,
                                                 size_t name_len, const char *value, size_t value_len);

/** Returns the number of pairs; 0 for NULL.
 *  Threads    any.             Node     params.size              Since    0.1 */
NODECORE_API size_t nodecore_url_search_params_size(const nodecore_url_search_params *params);

/** Gives the pair at `index`, for a loop over all. The first call after a change takes time in proportion to
 *  the number of pairs, others none.
 *  Returns    whether there is one; if not, nothing is written.
 *  Ownership  borrowed from `params`.
 *  Nullable   name, value.     Threads  any.
 *  Node       params.entries(), params.keys(), params.values(), params.forEach, for … of
 *  Since      0.1 */
NODECORE_API bool nodecore_url_search_params_at(const nodecore_url_search_params *params, size_t index,
                                                nodecore_str *name, nodecore_str *value);

/** Writes the pairs as a query, without `?`.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE for a NULL list or `out`.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Threads  any.
 *  Node       params.toString()                                     Since    0.1 */
NODECORE_API nodecore_status nodecore_url_search_params_to_string(const nodecore_url_search_params *params,
                                                                  nodecore_buf *out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
