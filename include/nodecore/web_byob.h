/** @file web_byob.h Web Streams: reading bytes into memory of the reader's ("bring your own buffer"). See web.h first.
 *
 *  Node       https://nodejs.org/api/webstreams.html#class-readablestreambyobreader */
#ifndef NODECORE_WEB_BYOB_H
#define NODECORE_WEB_BYOB_H

#include <stdbool.h>
#include <stddef.h>

#include "web_readable.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Reader ------------------------------------------------------------------------------------ */

/** The end of a read. `filled` bytes were written to the start of the view. `ended`: the stream has ended, or was
 *  cancelled; with fewer bytes than were asked for, if any. `err` is borrowed for the call. */
typedef void (*nodecore_web_byob_read_cb)(const nodecore_error *err, size_t filled, bool ended,
                                          void *user);

/** Releases the lock and frees the reader. Nullable  reader.   Since    0.1 */
NODECORE_API void nodecore_web_byob_reader_free(nodecore_web_byob_reader *reader);

/** Reads at least `min` and at most `len` bytes into `view`. Fewer than `min` come only at the end.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE; NODECORE_ERR_OUT_OF_RANGE for a `len` that cannot be allocated.
 *  Errors     told to `cb`: NODECORE_ERR_INVALID_STATE (TypeError) for a `len` of 0 and once released;
 *             NODECORE_ERR_INVALID_ARG_VALUE for a `min` of 0, NODECORE_ERR_OUT_OF_RANGE for one above `len`; the
 *             stream's error.
 *  Ownership  `view` stays the caller's; it is written to once, right before `cb`, and has to stay until then, or until
 *             `release(user)`. The source fills memory of the library's, so that it may go on after a cancel.
 *  Nullable   user, release; view with len 0.
 *  Node       reader.read(view[, { min }])                       Since    0.1 */
NODECORE_API nodecore_status nodecore_web_byob_reader_read(nodecore_web_byob_reader *reader, void *view,
                                                           size_t len, size_t min,
                                                           nodecore_web_byob_read_cb cb, void *user,
                                                           nodecore_release release);

/** As nodecore_web_reader_cancel(). Reads that wait end, with nothing filled.
 *  Nullable   reason, cb, user, release.
 *  Node       reader.cancel([reason])                            Since    0.1 */
NODECORE_API nodecore_status nodecore_web_byob_reader_cancel(nodecore_web_byob_reader *reader,
                                                             const nodecore_error *reason,
                                                             nodecore_done_cb cb, void *user,
                                                             nodecore_release release);

/** As nodecore_web_reader_closed().
 *  Nullable   cb, user, release.
 *  Node       reader.closed                                      Since    0.1 */
NODECORE_API nodecore_status nodecore_web_byob_reader_closed(nodecore_web_byob_reader *reader,
                                                             nodecore_done_cb cb, void *user,
                                                             nodecore_release release);

/** As nodecore_web_reader_release_lock(). What a source is filling goes to the next reader.
 *  Nullable   reader.
 *  Node       reader.releaseLock()                               Since    0.1 */
NODECORE_API void nodecore_web_byob_reader_release_lock(nodecore_web_byob_reader *reader);

/* ---- Request ----------------------------------------------------------------------------------- */

/** Frees the handle. A request that was not answered waits on: nodecore_web_readable_controller_byob_request() gives
 *  it again, with what was written to its view.
 *  Nullable   request.         Since    0.1 */
NODECORE_API void nodecore_web_byob_request_free(nodecore_web_byob_request *request);

/** Returns the memory to fill and writes its length; NULL (and 0) once answered, and while another handle of the same
 *  request has it.
 *  Ownership  borrowed until the request is answered or freed, whatever becomes of the stream in between: another
 *             thread may fill it meanwhile.
 *  Node       byobRequest.view                                   Since    0.1 */
NODECORE_API void *nodecore_web_byob_request_view(nodecore_web_byob_request *request, size_t *len);

/** Says that `count` bytes were written to the start of the view: 0 once the stream was closed, and only then.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE (TypeError) once answered, by anyone;
 *             NODECORE_ERR_INVALID_ARG_VALUE for a `count` that is larger than the view (RangeError), 0 before the end
 *             or more than 0 after it (TypeError).
 *  Nullable   err.
 *  Node       byobRequest.respond(bytesWritten)                  Since    0.1 */
NODECORE_API nodecore_status nodecore_web_byob_request_respond(nodecore_web_byob_request *request,
                                                               size_t count, nodecore_error **err);

/** Answers with a copy of `len` bytes of the caller's own.
 *  Returns    as nodecore_web_byob_request_respond(), of `len`.
 *  Nullable   data with len 0, err.
 *  Node       byobRequest.respondWithNewView(view)               Since    0.1 */
NODECORE_API nodecore_status nodecore_web_byob_request_respond_with_new_view(
    nodecore_web_byob_request *request, const void *data, size_t len, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
