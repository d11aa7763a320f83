/** @file nodecore.h Node's core modules as a native library: the umbrella header and the manual.
 *
 *  Include this file, or single ones out of nodecore/. Link with `pkg-config --libs nodecore`.
 *
 *  ==== Ownership =============================================================================
 *
 *  What goes in is borrowed for the call and copied if the library keeps it. What comes out is one of:
 *
 *    nodecore_str        a borrowed view; each function says until when it is valid
 *    nodecore_buf        owned bytes: nodecore_buf_free(&buf)
 *    nodecore_foo *      an owned object, from `_new`, `_parse`, `_copy` or an out parameter: nodecore_foo_free(foo)
 *    const nodecore_foo* a borrowed object
 *    a struct it fills in  with views of texts that it owns too: nodecore_foo_free(&foo)
 *
 *  Only `_free` takes. It allows NULL, and an object may be freed inside its own callbacks. The exceptions
 *  are nodecore_done_call(), nodecore_done_push() and nodecore_done_push_chunk(), which consume their `done` in
 *  every outcome. Never call libc's free() on anything of the library's. Outputs are written only on success.
 *
 *  Handles of streams, hashes and the like count references inside: freeing the handle ends your use of
 *  the object; whatever it still has to do (a pipe that runs) keeps it alive until that is done.
 *
 *  ==== Threads ===============================================================================
 *
 *  A const pointer may be shared between threads, a non-const one is exclusive while it is used.
 *  nodecore_loop and everything that was made from one (timers, streams, requests) belong to the thread
 *  that made the loop; nodecore_loop_wake() alone may be called from any thread. A program may have many
 *  loops in many threads. `_sync` functions may be called on any thread.
 *
 *  ==== Errors ================================================================================
 *
 *  Functions that can fail return nodecore_status: NODECORE_OK or a negative number that is the same on
 *  every system (nodecore/error.h has the map). Details come through a nullable `nodecore_error **err`,
 *  always the last parameter; it is written only on failure and then freed by the caller:
 *
 *      nodecore_error *err = NULL;
 *      if (nodecore_fs_mkdir_sync(path, NODECORE_AUTO_LEN, NULL, NULL, &err) != NODECORE_OK) {
 *        nodecore_str text = nodecore_error_message(err);
 *        fprintf(stderr, "%.*s\n", (int)text.len, text.data);
 *        nodecore_error_free(err);
 *      }
 *
 *  There is no thread-local last error. The library never aborts: a bug inside it that panics comes back
 *  as NODECORE_ERR_PANIC. The caller's callbacks must not throw or longjmp through the library.
 *
 *  ==== Async =================================================================================
 *
 *  A function that takes a callback returns NODECORE_OK when the callback will run, exactly once, later,
 *  on the loop's thread, and another status when it will never run. Each callback comes with a pointer
 *  `user` and a nullable `release`, which is called with it exactly once, in every outcome, last.
 *  Where a nullable `nodecore_request **req` is offered, nodecore_request_cancel() asks for an early end;
 *  the callback still runs, with NODECORE_ECANCELED if the request was in time.
 *
 *  Order is Node's: timers, pending, idle and prepare, poll, check (immediates), close; after every
 *  callback the next-tick queue drains, then the microtasks, until both are empty.
 *
 *  ==== Options ===============================================================================
 *
 *  Structs of options start with their own size; initialise them with their _INIT macro and change what
 *  you need. NULL means all defaults, a zero field that field's default. New fields are only ever added
 *  at the end, so an old program runs with a newer library.
 *
 *  ==== Strings ===============================================================================
 *
 *  Text is a pointer and a length in bytes; NODECORE_AUTO_LEN asks for strlen(). Length 0 allows NULL.
 *  Paths are bytes in the system's own encoding; a NUL inside one is NODECORE_ERR_INVALID_ARG_VALUE.
 *
 *  ==== Versions ==============================================================================
 *
 *  nodecore/version.h. Before 1.0 each minor version has a soname of its own (libnodecore.so.0.1). */
#ifndef NODECORE_H
#define NODECORE_H

#include "nodecore/abort.h"
#include "nodecore/buffer.h"
#include "nodecore/chunk.h"
#include "nodecore/crypto.h"
#include "nodecore/crypto_agreement.h"
#include "nodecore/crypto_cipher.h"
#include "nodecore/crypto_dh.h"
#include "nodecore/crypto_ecdh.h"
#include "nodecore/crypto_encrypt.h"
#include "nodecore/crypto_hash.h"
#include "nodecore/crypto_kdf.h"
#include "nodecore/crypto_kem.h"
#include "nodecore/crypto_key.h"
#include "nodecore/crypto_mac.h"
#include "nodecore/crypto_pkcs12.h"
#include "nodecore/crypto_random.h"
#include "nodecore/crypto_sign.h"
#include "nodecore/crypto_spkac.h"
#include "nodecore/crypto_web.h"
#include "nodecore/crypto_x509.h"
#include "nodecore/error.h"
#include "nodecore/events.h"
#include "nodecore/export.h"
#include "nodecore/fs.h"
#include "nodecore/fs_blob.h"
#include "nodecore/fs_dir.h"
#include "nodecore/fs_file.h"
#include "nodecore/fs_handle.h"
#include "nodecore/fs_path.h"
#include "nodecore/fs_stream.h"
#include "nodecore/fs_tree.h"
#include "nodecore/fs_utf8_stream.h"
#include "nodecore/fs_watch.h"
#include "nodecore/loop.h"
#include "nodecore/path.h"
#include "nodecore/querystring.h"
#include "nodecore/str.h"
#include "nodecore/stream.h"
#include "nodecore/string_decoder.h"
#include "nodecore/stream_iterate.h"
#include "nodecore/stream_machine.h"
#include "nodecore/stream_peer.h"
#include "nodecore/stream_pipeline.h"
#include "nodecore/stream_readable.h"
#include "nodecore/stream_writable.h"
#include "nodecore/url.h"
#include "nodecore/url_convert.h"
#include "nodecore/url_legacy.h"
#include "nodecore/url_pattern.h"
#include "nodecore/url_search_params.h"
#include "nodecore/version.h"
#include "nodecore/web.h"
#include "nodecore/web_byob.h"
#include "nodecore/web_compression.h"
#include "nodecore/web_convert.h"
#include "nodecore/web_readable.h"
#include "nodecore/web_text.h"
#include "nodecore/web_transform.h"
#include "nodecore/web_writable.h"
#include "nodecore/zlib.h"
#include "nodecore/zlib_constants.h"
#include "nodecore/zlib_oneshot.h"
#include "nodecore/zlib_stream.h"
#include "nodecore/zlib_zip.h"
#include "nodecore/zlib_zip_buffer.h"
#include "nodecore/zlib_zip_file.h"

#endif
