/** @file url_convert.h URLs and paths, domains in both their forms, URLs for people and for HTTP.
 *
 *      nodecore_buf path = NODECORE_BUF_INIT;
 *      nodecore_url_file_url_to_path("file:///tmp/a%20b", NODECORE_AUTO_LEN, NULL, &path, &err);  (/tmp/a b)
 *
 *  Node       https://nodejs.org/api/url.html */
#ifndef NODECORE_URL_CONVERT_H
#define NODECORE_URL_CONVERT_H

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

/** Whose paths are meant.
 *  Since      0.1 */
enum {
  NODECORE_URL_FLAVOUR_SYSTEM = 0, /**< as on this system */
  NODECORE_URL_FLAVOUR_POSIX = 1,  /**< Node's windows: false */
  NODECORE_URL_FLAVOUR_WIN32 = 2   /**< Node's windows: true */
};

/** Options of the three functions below. NULL = all defaults.
 *  Since      0.1 */
typedef struct nodecore_url_file_options {
  size_t struct_size; /**< set by NODECORE_URL_FILE_OPTIONS_INIT */
  int32_t flavour;    /**< NODECORE_URL_FLAVOUR_* */
} nodecore_url_file_options;

#define NODECORE_URL_FILE_OPTIONS_INIT \
  { sizeof(nodecore_url_file_options), NODECORE_URL_FLAVOUR_SYSTEM }

/** Writes the `file:` URL of a path, which is made absolute and normalised first. Bytes that are not ASCII
 *  are percent-encoded one by one, NUL and other control characters too, so every path has a URL and
 *  nodecore_url_file_url_to_path_buffer() gets back from it.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE for a NULL path; NODECORE_ERR_INVALID_ARG_VALUE for
 *             an unknown flavour and, of Windows' paths, for a UNC path without server or share;
 *             NODECORE_ERR_INVALID_URL for a server that is no host; the system's error if the current
 *             directory is asked for and gone.
 *  Ownership  caller frees `*out` (nodecore_buf_free), which holds the URL's href.
 *  Nullable   options, err.    Threads  any.
 *  Node       url.pathToFileURL(path[, options]).href               Since    0.1 */
NODECORE_API nodecore_status nodecore_url_path_to_file_url(const char *path, size_t path_len,
                                                           const nodecore_url_file_options *options,
                                                           nodecore_buf *out, nodecore_error **err);

/** Gives the path of a `file:` URL (text; of an object, its href), percent-decoded, as UTF-8.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_URL; NODECORE_ERR_INVALID_URL_SCHEME for another scheme;
 *             NODECORE_ERR_INVALID_FILE_URL_HOST for a host other than localhost (posix);
 *             NODECORE_ERR_INVALID_FILE_URL_PATH for an escaped slash, and without a drive (win32);
 *             NODECORE_UNCODED, a URIError ("URI malformed"), for escapes that are cut short or not UTF-8.
 *             `%00` is no error: the path then holds a NUL, which the functions of files refuse.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   options, err.    Threads  any.
 *  Node       url.fileURLToPath                                     Since    0.1 */
NODECORE_API nodecore_status nodecore_url_file_url_to_path(const char *url, size_t url_len,
                                                           const nodecore_url_file_options *options,
                                                           nodecore_buf *out, nodecore_error **err);

/** As nodecore_url_file_url_to_path(), in bytes: names that are not UTF-8 come back as they were. Escapes are
 *  taken as they come, that of a slash too, and a `%` that starts none stays.
 *  Returns    as nodecore_url_file_url_to_path(), without the errors of escapes.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   options, err.    Threads  any.
 *  Node       url.fileURLToPathBuffer                               Since    0.1 */
NODECORE_API nodecore_status nodecore_url_file_url_to_path_buffer(const char *url, size_t url_len,
                                                                  const nodecore_url_file_options *options,
                                                                  nodecore_buf *out, nodecore_error **err);

/** Writes the ASCII form of a domain, in Punycode where it has to be, or its Unicode form, both UTF-8. What
 *  is no domain gives an empty text, not an error.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE for text that is not UTF-8;
 *             NODECORE_ERR_INVALID_ARG_TYPE for NULL.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Threads  any.
 *  Node       url.domainToASCII, url.domainToUnicode                Since    0.1 */
NODECORE_API nodecore_status nodecore_url_domain_to_ascii(const char *domain, size_t domain_len,
                                                          nodecore_buf *out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_url_domain_to_unicode(const char *domain, size_t domain_len,
                                                            nodecore_buf *out, nodecore_error **err);

/** Options of nodecore_url_format(). NULL = all defaults: everything, in ASCII.
 *  Since      0.1 */
typedef struct nodecore_url_format_options {
  size_t struct_size; /**< set by NODECORE_URL_FORMAT_OPTIONS_INIT */
  bool no_auth;       /**< leave out user name and password; Node's auth: false */
  bool no_fragment;   /**< leave out the fragment; Node's fragment: false */
  bool no_search;     /**< leave out the query; Node's search: false */
  bool unicode;       /**< write the host in Unicode rather than Punycode */
} nodecore_url_format_options;

#define NODECORE_URL_FORMAT_OPTIONS_INIT \
  { sizeof(nodecore_url_format_options), false, false, false, false }

/** Writes a URL, of the parts asked for, as UTF-8. It is for people: with `unicode` it may not parse to the
 *  same URL.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE for a NULL URL or `out`; NODECORE_ERR_OUT_OF_RANGE
 *             and NODECORE_ERR_INVALID_ARG_VALUE for a struct of options that is none.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   options, err.    Threads  any.
 *  Node       url.format(URL[, options])                            Since    0.1 */
NODECORE_API nodecore_status nodecore_url_format(const nodecore_url *url,
                                                 const nodecore_url_format_options *options,
                                                 nodecore_buf *out, nodecore_error **err);

/** What an HTTP request wants to know of a URL; filled in by nodecore_url_to_http_options().
 *  Ownership  the strings are the struct's: released by nodecore_url_http_options_free().
 *  Threads    as plain data.
 *  Since      0.1 */
typedef struct nodecore_url_http_options {
  size_t struct_size;    /**< set by NODECORE_URL_HTTP_OPTIONS_INIT */
  void *owner_;          /**< private */
  nodecore_str protocol; /**< with its colon */
  nodecore_str hostname; /**< an IPv6 address without its brackets */
  nodecore_str hash;     /**< with its #, or empty */
  nodecore_str search;   /**< with its ?, or empty */
  nodecore_str pathname;
  nodecore_str path;     /**< pathname and search */
  nodecore_str href;
  nodecore_str auth;     /**< "user:password", decoded; data is NULL without either */
  int32_t port;          /**< -1 where it is the scheme's own */
} nodecore_url_http_options;

#define NODECORE_URL_HTTP_OPTIONS_INIT                                                          \
  { sizeof(nodecore_url_http_options), NULL, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0},        \
    {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, -1 }

/** Takes a URL apart for an HTTP request.
 *  Returns    NODECORE_OK; NODECORE_UNCODED, a URIError, if user name or password have escapes that are cut
 *             short or not UTF-8; NODECORE_ERR_INVALID_ARG_TYPE for NULL; NODECORE_ERR_OUT_OF_RANGE for an
 *             `out` without its struct_size.
 *  Ownership  caller frees `*out` (nodecore_url_http_options_free); what was in it is overwritten, not freed.
 *  Nullable   err.             Threads  any.
 *  Node       url.urlToHttpOptions                                  Since    0.1 */
NODECORE_API nodecore_status nodecore_url_to_http_options(const nodecore_url *url,
                                                          nodecore_url_http_options *out,
                                                          nodecore_error **err);

/** Releases what nodecore_url_to_http_options() filled in and empties the struct; NULL and an empty one are
 *  allowed.
 *  Since      0.1 */
NODECORE_API void nodecore_url_http_options_free(nodecore_url_http_options *options);

#ifdef __cplusplus
}
#endif

#endif
