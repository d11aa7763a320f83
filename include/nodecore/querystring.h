/** @file querystring.h Query strings.
 *
 *  Node       https://nodejs.org/api/querystring.html */
#ifndef NODECORE_QUERYSTRING_H
#define NODECORE_QUERYSTRING_H

#include <stddef.h>

#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A key and a value, UTF-8. A key that has several values is given several times, in a row. */
typedef struct nodecore_querystring_pair {
  nodecore_str key;
  nodecore_str value;
} nodecore_querystring_pair;

/** Writes `count` pairs as a query string, percent-encoded.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE for a NULL array;
 *             NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   sep ("&"), eq ("="), err.                          Threads  any.
 *  Node       querystring.stringify                              Since    0.1 */
NODECORE_API nodecore_status nodecore_querystring_stringify(const nodecore_querystring_pair *pairs,
                                                            size_t count, const char *sep,
                                                            size_t sep_len, const char *eq,
                                                            size_t eq_len, nodecore_buf *out,
                                                            nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
