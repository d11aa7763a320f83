// What the addon keeps for one JavaScript environment: the main thread's, or a worker's.
#pragma once

#include <nodecore.h>
#include <node_api.h>

#include <memory>
#include <vector>

namespace addon {

class Driver;
class Values;

// What a handle holds, and what that is.
struct Box {
  const void *type;
  void *pointer;
  void (*release)(void *);
  size_t weight;
};

// Handles that are numbers, for what is made often: a collector's finalizer for each costs more than all else
// of such a call. JavaScript lets go of them; see lib/handles.js.
class Numbered {
 public:
  Numbered() = default;
  Numbered(const Numbered &) = delete;
  ~Numbered() {
    for (size_t i = 0; i < boxes_.size(); i++) release(i);
  }

  size_t add(const Box &box) {
    if (free_.empty()) {
      free_.push_back(boxes_.size());
      boxes_.push_back(box);
    }
    const size_t number = free_.back();
    free_.pop_back();
    boxes_[number] = box;
    return number;
  }
  // NULL if the number is no handle of that type.
  void *get(size_t number, const void *type) const {
    return number < boxes_.size() && boxes_[number].type == type ? boxes_[number].pointer : nullptr;
  }
  void release(size_t number) {
    if (number >= boxes_.size() || !boxes_[number].pointer) return;
    const Box box = boxes_[number];
    boxes_[number] = {nullptr, nullptr, nullptr, 0};
    free_.push_back(number);
    box.release(box.pointer);
  }

 private:
  std::vector<Box> boxes_;
  std::vector<size_t> free_;
};

// An environment has one loop of the library's, which is run from the host's.
struct Env {
  napi_env env = nullptr;
  nodecore_loop *loop = nullptr;
  Driver *driver = nullptr;
  napi_ref make_error = nullptr;  // makes an Error of what a nodecore_error says; see lib/native.js
  napi_ref make_maker = nullptr;  // makes a function that makes objects; see js_object()
  napi_ref make_list = nullptr;   // makes an array of its arguments
  int inside = 0;                 // how many calls from JavaScript are under way
  bool host_has_libuv = false;
  bool scopeless = false;         // it ends, and the host has no scope for handles any more: Deno
  std::vector<napi_ref> makers;   // of each shape, once it was needed
  Numbered numbered;
  std::shared_ptr<Values> values;  // see value_table.h
  std::shared_ptr<void> streams;   // see stream.cc
  std::shared_ptr<void> peers;     // see stream_peer.cc

  static Env &of(napi_env env);
};

// Runs the library's loop whenever it has something to do, and keeps the host's alive while it is.
class Driver {
 public:
  virtual ~Driver() = default;
  // The library was called: there may be something new to wait for.
  virtual void changed() = 0;
  // Ends it; `then(data)` runs when the host's loop has let it go.
  virtual void close(void (*then)(void *data), void *data) = 0;

  // On the host's own libuv if it has one (Node), else on a thread that waits (Bun, Deno).
  static Driver *create(Env &env, bool host_has_libuv);

 protected:
  // One turn of the library's loop, without waiting.
  static void turn(Env &env);
};

}  // namespace addon
