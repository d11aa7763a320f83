/** @file url.h URLs.
 *
 *  Node       https://nodejs.org/api/url.html                   Spec     https://url.spec.whatwg.org */
#ifndef NODECORE_URL_H
#define NODECORE_URL_H

#include <stddef.h>

#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Writes the `file:` URL of a path, which is resolved against the current directory. Bytes that are not
 *  ASCII are percent-encoded one by one, so every path has a URL and gets back from it.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE for a NULL path;
 *             NODECORE_ERR_INVALID_ARG_VALUE for what cannot be a URL (a UNC path without a share).
 *  Ownership  caller frees `*out` (nodecore_buf_free), which holds the URL's href.
 *  Nullable   err.             Threads  any.
 *  Node       url.pathToFileURL(path).href                       Since    0.1 */
NODECORE_API nodecore_status nodecore_url_path_to_file_url(const char *path, size_t path_len,
                                                           nodecore_buf *out, nodecore_error **err);

/** Gives the path of a `file:` URL, percent-decoded to bytes.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_URL; NODECORE_ERR_INVALID_URL_SCHEME;
 *             NODECORE_ERR_INVALID_FILE_URL_HOST (posix); NODECORE_ERR_INVALID_FILE_URL_PATH (win32).
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Threads  any.
 *  Node       url.fileURLToPathBuffer                            Since    0.1 */
NODECORE_API nodecore_status nodecore_url_file_url_to_path(const char *url, size_t url_len,
                                                           nodecore_buf *out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
