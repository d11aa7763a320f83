// streams COUNT FILE: the same program as streams.c, which explains it, in C++17.
#include <nodecore.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr std::uint64_t kMost = 1000000;

// ---- The library's handles, freed by their own functions ----

template <typename T, auto Free>
class Handle {
 public:
  Handle() = default;
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;
  ~Handle() { Free(p_); }
  T *get() const { return p_; }
  // For a C function that gives one.
  T **out() { return &p_; }

 private:
  T *p_ = nullptr;
};
void close_loop(nodecore_loop *loop) {
  nodecore_loop_close(loop, nullptr);
  nodecore_loop_free(loop);
}
using Loop = Handle<nodecore_loop, close_loop>;
using Stream = Handle<nodecore_stream, nodecore_stream_free>;
using Error = Handle<nodecore_error, nodecore_error_free>;

std::string_view view(nodecore_str s) { return {s.data, s.len}; }

// ---- The objects ----

struct Number {
  std::uint64_t value;
  unsigned refs = 1;

  static void retain(void *object) { static_cast<Number *>(object)->refs++; }
  static void release(void *object) {
    auto *number = static_cast<Number *>(object);
    if (--number->refs == 0) delete number;
  }
  static const nodecore_object_type kType;
};
const nodecore_object_type Number::kType = {retain, release};

// ---- The source ----

struct Range {
  std::uint64_t next = 1, last = 0;

  static void read(nodecore_stream *stream, std::size_t, void *user) {
    auto &range = *static_cast<Range *>(user);
    bool more = true;
    while (more && range.next <= range.last) {
      auto *number = new Number{range.next++};
      nodecore_chunk chunk = NODECORE_CHUNK_OBJECT(number, &Number::kType);
      // The stream has a reference of its own from here on.
      if (nodecore_stream_push_chunk(stream, &chunk, &more, nullptr) != NODECORE_OK) more = false;
      Number::release(number);
    }
    if (more) nodecore_stream_push_end(stream);
  }
};

// ---- The transform ----

struct Walk {
  std::uint64_t value = 0, most = 0;

  static void transform(nodecore_stream *, nodecore_chunk *chunk, nodecore_done *done, void *user) {
    auto &best = *static_cast<Walk *>(user);
    const std::uint64_t start = static_cast<const Number *>(chunk->object)->value;
    std::uint64_t steps = 0, highest = start;
    for (std::uint64_t at = start; at != 1; steps++) {
      at = at % 2 == 0 ? at / 2 : 3 * at + 1;
      if (at > highest) highest = at;
    }
    if (best.value == 0 || steps > best.most) best = {start, steps};
    const std::string line =
        std::to_string(start) + ' ' + std::to_string(steps) + ' ' + std::to_string(highest) + '\n';
    nodecore_done_push(done, line.data(), line.size());
  }
  static void flush(nodecore_stream *, nodecore_done *done, void *user) {
    const std::string line = "longest: " + std::to_string(static_cast<Walk *>(user)->value) + '\n';
    nodecore_done_push(done, line.data(), line.size());
  }
};

// ---- The program ----

int complain(const nodecore_error *err) {
  const std::string_view code = view(nodecore_error_code(err)), message = view(nodecore_error_message(err));
  std::string text = "streams: ";
  // A system's error says its code itself.
  if (message.substr(0, code.size()) != code) text.append(code).append(": ");
  text.append(message).append("\n");
  std::fputs(text.c_str(), stderr);
  return 1;
}

void on_piped(const nodecore_error *err, void *user) {
  if (err != nullptr) *static_cast<int *>(user) = complain(err);
}

bool parse(const char *text, std::uint64_t &count) {
  for (const char *at = text; *at != 0; at++) {
    if (*at < '0' || *at > '9') return false;
    count = count * 10 + static_cast<std::uint64_t>(*at - '0');
    if (count > kMost) return false;
  }
  return *text != 0;
}

}  // namespace

int main(int argc, char **argv) {
  Range numbers;
  Walk walk;
  if (argc != 3 || !parse(argv[1], numbers.last)) {
    std::fputs("usage: streams COUNT FILE\n", stderr);
    return 2;
  }
  int status = 0;
  Loop loop;
  Error err;
  nodecore_stream_hooks reading = NODECORE_STREAM_HOOKS_INIT, walking = NODECORE_STREAM_HOOKS_INIT;
  nodecore_stream_options objects_out = NODECORE_STREAM_OPTIONS_INIT, objects_in = NODECORE_STREAM_OPTIONS_INIT;
  reading.read = Range::read;
  objects_out.readable_object_mode = true;
  walking.transform = Walk::transform;
  walking.flush = Walk::flush;
  objects_in.writable_object_mode = true;

  bool good = nodecore_loop_new(loop.out(), err.out()) == NODECORE_OK;
  Stream source, lines, file;
  good = good &&
         nodecore_stream_new(loop.get(), NODECORE_STREAM_READABLE, &objects_out, &reading, &numbers, nullptr,
                             source.out(), err.out()) == NODECORE_OK &&
         nodecore_stream_new(loop.get(), NODECORE_STREAM_TRANSFORM, &objects_in, &walking, &walk, nullptr,
                             lines.out(), err.out()) == NODECORE_OK &&
         nodecore_fs_create_write_stream(loop.get(), argv[2], NODECORE_AUTO_LEN, nullptr, file.out(),
                                         err.out()) == NODECORE_OK;
  if (good) {
    nodecore_stream *const line[] = {source.get(), lines.get(), file.get()};
    good = nodecore_stream_pipeline(line, 3, nullptr, on_piped, &status, nullptr, err.out()) == NODECORE_OK &&
           nodecore_loop_run(loop.get(), NODECORE_RUN_DEFAULT, nullptr, err.out()) == NODECORE_OK;
  }
  return good ? status : complain(err.get());
}
