/** @file web_convert.h Node's own streams (stream.h) as web streams (web.h), and back.
 *
 *  Node       https://nodejs.org/api/stream.html#streamreadabletowebstreamreadable-options */
#ifndef NODECORE_WEB_CONVERT_H
#define NODECORE_WEB_CONVERT_H

#include "stream.h"
#include "web.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Gives the sides of a stream that are asked for as web streams. The readable one queues by `strategy`, or as much as
 *  the stream itself; the other as much as the stream itself. A side that has ended is closed from the start.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a side that the stream does not have; none asked for);
 *             NODECORE_ERR_INVALID_ARG_VALUE (RangeError) for a bad high-water mark.
 *  Ownership  caller frees `*readable` (nodecore_web_readable_free) and `*writable` (nodecore_web_writable_free). Freeing
 *             gives nothing up: what was written is written on. A side is freed once no handle leads to it and nothing
 *             is under way; a pipe that waits for its source keeps both its ends.
 *  Nullable   strategy, err; one of readable and writable: that side is not asked for.
 *  Node       Readable.toWeb, Writable.toWeb, Duplex.toWeb       Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_to_web(nodecore_stream *stream,
                                                    const nodecore_web_strategy *strategy,
                                                    nodecore_web_readable **readable,
                                                    nodecore_web_writable **writable,
                                                    nodecore_error **err);

/** Creates a stream over a web stream, or over two, which are locked for good: a readable, a writable or a duplex.
 *  Without object mode in `opts` an object that is read fails the stream with NODECORE_ERR_INVALID_ARG_TYPE, and one that
 *  is written is refused, as by nodecore_stream_write_chunk().
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE (TypeError) if one is locked; NODECORE_ERR_INVALID_ARG_TYPE
 *             (both NULL); what nodecore_stream_new() returns for `opts`.
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Nullable   one of readable and writable; opts, err.
 *  Node       Readable.fromWeb, Writable.fromWeb, Duplex.fromWeb Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_from_web(nodecore_web_readable *readable,
                                                      nodecore_web_writable *writable,
                                                      const nodecore_stream_options *opts,
                                                      nodecore_stream **out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
