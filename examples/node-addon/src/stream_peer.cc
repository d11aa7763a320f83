// The end of streams, and pipelines: of any JavaScript stream object, which the library asks by functions that
// lib/stream/peer.js gives once. JavaScript owns all: what native code knows of its objects it knows weakly.
#include "fs.h"
#include "value_table.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_stream_peer, nodecore_stream_peer_free)
NODECORE_ADDON_HANDLE(nodecore_stream_call, nodecore_stream_call_free)
NODECORE_ADDON_HANDLE(nodecore_peer_pipeline, nodecore_peer_pipeline_free)
NODECORE_ADDON_HANDLE(nodecore_finished, nodecore_finished_free)
NODECORE_ADDON_SHAPE(nodecore_finished_options, NODECORE_FINISHED_OPTIONS_INIT,
                     FIELD(readable) FIELD(writable) FIELD(ignore_error) FIELD(signal))
NODECORE_ADDON_SHAPE(nodecore_pipeline_options, NODECORE_PIPELINE_OPTIONS_INIT, FIELD(keep_open) FIELD(signal))

namespace {

// The functions of lib/stream/peer.js, in this order.
enum Hook {
  kSides,
  kError,
  kListen,
  kForget,
  kDestroy,
  kEnd,
  kPipe,
  kTick,
  kMicrotask,
  kStopped,
  kDone,
  kHooks
};

// What an environment's peers share.
struct Hooks {
  napi_ref functions[kHooks] = {};

  static Hooks &of(Env &own) {
    if (!own.peers) own.peers = std::make_shared<Hooks>();
    return *static_cast<Hooks *>(own.peers.get());
  }
};

// A `user`: an object of JavaScript's.
struct Object {
  Env &own;
  napi_ref object;

  static Object *make(Env &own, napi_value value) {
    napi_ref reference;
    napi_create_reference(own.env, value, 0, &reference);
    return new Object{own, reference};
  }
  static void release(void *user) {
    auto *object = static_cast<Object *>(user);
    napi_delete_reference(object->own.env, object->object);
    delete object;
  }
};

// One call of a hook with the object and what follows.
struct Use {
  Object &object;
  Env &own;
  napi_env env;
  napi_handle_scope scope;
  explicit Use(void *user) : object(*static_cast<Object *>(user)), own(object.own), env(own.env) {
    napi_open_handle_scope(env, &scope);
  }
  ~Use() { napi_close_handle_scope(env, scope); }

  napi_value self(const Object &of) {
    napi_value value = nullptr;
    napi_get_reference_value(env, of.object, &value);
    return value;
  }
  // NULL if the object is gone, or the hook throws.
  template <class... V>
  napi_value call(Hook hook, V... values) {
    napi_value undefined, function, result = nullptr;
    napi_value argv[] = {self(object), values...};
    if (!argv[0]) return nullptr;
    napi_get_undefined(env, &undefined);
    napi_get_reference_value(env, Hooks::of(own).functions[hook], &function);
    const size_t count = sizeof argv / sizeof *argv;
    return napi_call_function(env, undefined, function, count, argv, &result) == napi_ok ? result : nullptr;
  }
  napi_value error(const nodecore_error *err) { return err ? js_error(own, err) : js_null(env); }
};

template <Hook hook>
void with_call(nodecore_stream_call *call, void *user) {
  Use use(user);
  use.call(hook, js_of<nodecore_stream_call *>(use.own, false, call));
}

template <Hook hook>
void with_error(const nodecore_error *err, void *user) {
  Use use(user);
  use.call(hook, use.error(err));
}

template <Hook hook>
void plain(void *user) {
  Use use(user);
  use.call(hook);
}

nodecore_stream_peer_host make_peer_host() {
  nodecore_stream_peer_host host = NODECORE_STREAM_PEER_HOST_INIT;
  host.sides = [](uint32_t *readable, uint32_t *writable, void *user) {
    Use use(user);
    napi_value both = use.call(kSides);
    // Those of the writable side are above those of the readable one.
    const int64_t bits = both ? integer_of(use.env, both) : 0;
    *readable = static_cast<uint32_t>(bits & 0xffff);
    *writable = static_cast<uint32_t>(bits >> 16);
  };
  host.error = [](void *user) {
    Use use(user);
    napi_value error = use.call(kError);
    return error ? error_of(use.own, error) : nullptr;
  };
  host.listen = [](int32_t event, uint64_t id, bool once, nodecore_stream_call *call, void *user) {
    Use use(user);
    napi_value number = js_number(use.env, static_cast<double>(id));
    use.call(kListen, js_number(use.env, event), number, js_bool(use.env, once),
             js_of<nodecore_stream_call *>(use.own, false, call));
  };
  host.forget = [](uint64_t id, void *user) {
    Use use(user);
    use.call(kForget, js_number(use.env, static_cast<double>(id)));
  };
  host.destroy = with_error<kDestroy>;
  host.end = plain<kEnd>;
  host.pipe = [](void *dest, void *user) {
    Use use(user);
    if (napi_value to = use.self(*static_cast<Object *>(dest))) use.call(kPipe, to);
  };
  host.next_tick = with_call<kTick>;
  return host;
}

nodecore_peer_pipeline_host make_pipeline_host() {
  nodecore_peer_pipeline_host host = NODECORE_PEER_PIPELINE_HOST_INIT;
  host.next_tick = with_call<kTick>;
  host.queue_microtask = with_call<kMicrotask>;
  host.stopped = plain<kStopped>;
  host.done = with_error<kDone>;
  host.made = [](nodecore_error *err, void *user) {
    Use use(user);
    if (!Values::of_error(err)) Values::of(use.own).attach(err, js_error(use.own, err));
  };
  return host;
}

// stream_peer_hooks(functions): once, before any other.
napi_value peer_hooks(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value list, function;
  void *data = nullptr;
  napi_get_cb_info(env, info, &argc, &list, nullptr, &data);
  Hooks &hooks = Hooks::of(*static_cast<Env *>(data));
  for (uint32_t i = 0; i < kHooks; i++) {
    napi_get_element(env, list, i, &function);
    napi_create_reference(env, function, 1, &hooks.functions[i]);
  }
  return nullptr;
}

// What a function that makes a handle for an object of JavaScript's begins and ends with.
struct Making {
  napi_value argv[3];
  size_t argc = 3;
  void *data = nullptr;
  Call call;
  explicit Making(napi_env env, napi_callback_info info) : call{begin(env, info), env, argv, argc, false} {
    call.own.inside++;
  }
  ~Making() { call.own.inside--; }

  template <class T>
  napi_value give(nodecore_status status, T *made, nodecore_error *err) {
    if (status == NODECORE_OK) return js_of<T *>(call.own, false, made);
    throw_error(call.own, status, err);
    return nullptr;
  }

 private:
  Env &begin(napi_env env, napi_callback_info info) {
    napi_get_cb_info(env, info, &argc, argv, nullptr, &data);
    return *static_cast<Env *>(data);
  }
};

// stream_peer_new(peer)
napi_value peer_new(napi_env env, napi_callback_info info) {
  static const nodecore_stream_peer_host host = make_peer_host();
  Making making(env, info);
  nodecore_stream_peer *peer = nullptr;
  nodecore_error *err = nullptr;
  Object *user = Object::make(making.call.own, making.call.next());
  const nodecore_status status = nodecore_stream_peer_new(&host, user, Object::release, &peer, &err);
  return making.give(status, peer, err);
}

// stream_peer_finished(handle, waiting, options): `done` of the hooks is called with `waiting`.
napi_value peer_finished(napi_env env, napi_callback_info info) {
  Making making(env, info);
  napi_value handle = making.call.next();
  auto *peer = handle_of<nodecore_stream_peer>(making.call.own, handle);
  Object *user = Object::make(making.call.own, making.call.next());
  const auto *options = struct_of<nodecore_finished_options>(making.call, making.call.next());
  nodecore_finished *waiting = nullptr;
  nodecore_error *err = nullptr;
  const nodecore_status status =
      nodecore_stream_peer_finished(peer, options, with_error<kDone>, user, Object::release, &waiting, &err);
  return making.give(status, waiting, err);
}

// peer_pipeline_new(line, options)
napi_value pipeline_new(napi_env env, napi_callback_info info) {
  static const nodecore_peer_pipeline_host host = make_pipeline_host();
  Making making(env, info);
  Object *user = Object::make(making.call.own, making.call.next());
  const auto *options = struct_of<nodecore_pipeline_options>(making.call, making.call.next());
  nodecore_peer_pipeline *line = nullptr;
  nodecore_error *err = nullptr;
  const nodecore_status status = nodecore_peer_pipeline_new(&host, options, user, Object::release, &line, &err);
  return making.give(status, line, err);
}

const Binding bindings[] = {
    {"stream_peer_hooks", peer_hooks},
    {"stream_peer_new", peer_new},
    {"stream_peer_finished", peer_finished},
    {"peer_pipeline_new", pipeline_new},
    BYTES(nodecore_stream_call_run),
    BYTES(nodecore_finished_cancel),
    BYTES(nodecore_peer_pipeline_add),
    BYTES(nodecore_peer_pipeline_pipe),
    BYTES(nodecore_peer_pipeline_pump),
    BYTES(nodecore_peer_pipeline_complete),
};

}  // namespace

extern const Table stream_peer_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
