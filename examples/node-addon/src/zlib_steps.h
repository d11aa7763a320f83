// A codec that works while JavaScript waits, step by step: a stream with a loop of its own, which is run
// until the step is done, and no longer.
#pragma once

#include <string>

#include "bind.h"

namespace addon {

struct ZlibSteps {
  nodecore_loop *loop = nullptr;
  nodecore_stream *stream = nullptr;
  std::string output;
  nodecore_error *failed = nullptr;

  static void free(ZlibSteps *steps) {
    nodecore_stream_free(steps->stream);
    nodecore_error_free(steps->failed);
    nodecore_loop_free(steps->loop);
    delete steps;
  }
};
NODECORE_ADDON_HANDLE(ZlibSteps, ZlibSteps::free)

template <class O>
using ZlibCreate = nodecore_status (*)(nodecore_loop *, const O *, nodecore_stream **, nodecore_error **);

template <class O>
nodecore_status zlib_steps_create(ZlibCreate<O> create, const O *options, ZlibSteps **out,
                                  nodecore_error **err) {
  auto *steps = new ZlibSteps;
  nodecore_status status = nodecore_loop_new(&steps->loop, err);
  if (status == NODECORE_OK) status = create(steps->loop, options, &steps->stream, err);
  if (status == NODECORE_OK) {
    auto failed = [](const nodecore_error *error, void *user) {
      auto &steps = *static_cast<ZlibSteps *>(user);
      if (!steps.failed) steps.failed = nodecore_error_copy(error);
    };
    nodecore_stream_on(steps->stream, NODECORE_EVENT_ERROR, 0, failed, steps, nullptr, nullptr);
    auto data = [](nodecore_chunk *chunk, void *user) {
      static_cast<ZlibSteps *>(user)->output.append(chunk->bytes.data, chunk->bytes.len);
    };
    status = nodecore_stream_on_data(steps->stream, 0, data, steps, nullptr, nullptr);
  }
  if (status == NODECORE_OK) *out = steps;
  else ZlibSteps::free(steps);
  return status;
}

template <class F>
struct ZlibOptionsOf;
template <class O>
struct ZlibOptionsOf<ZlibCreate<O>> {
  using type = O;
};

template <auto create>
nodecore_status zlib_steps_new(const typename ZlibOptionsOf<decltype(create)>::type *options, ZlibSteps **out,
                               nodecore_error **err) {
  return zlib_steps_create(create, options, out, err);
}

// Writes `data`, flushes it as `kind` says (a negative one: not at all), or ends it, and gives what came out.
inline nodecore_status zlib_steps_run(ZlibSteps *steps, const void *data, size_t length, int32_t kind,
                                      bool end, nodecore_buf *out, nodecore_error **err) {
  nodecore_status status = NODECORE_OK;
  if (length > 0) nodecore_stream_write(steps->stream, data, length);
  if (end) nodecore_stream_end(steps->stream);
  else if (kind >= 0)
    status = nodecore_zlib_stream_flush(steps->stream, kind, nullptr, nullptr, nullptr, err);
  if (status == NODECORE_OK) status = nodecore_loop_run(steps->loop, NODECORE_RUN_DEFAULT, nullptr, err);
  if (status == NODECORE_OK && steps->failed) {
    status = nodecore_error_status(steps->failed);
    *err = nodecore_error_copy(steps->failed);
  }
  if (status == NODECORE_OK) *out = nodecore_buf_copy(steps->output.data(), steps->output.size());
  steps->output.clear();
  return status;
}

inline nodecore_status zlib_steps_reset(ZlibSteps *steps, nodecore_error **err) {
  return nodecore_zlib_stream_reset(steps->stream, err);
}

}  // namespace addon
