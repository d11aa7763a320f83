// Streams: the library's machine, whose host is the JavaScript object. What it asks for it asks of functions
// that lib/stream/host.js gives once; what flows are JavaScript's values themselves.
#include "bind.h"
#include "value_table.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_stream_machine, nodecore_stream_machine_free)
NODECORE_ADDON_STILL(nodecore_stream_machine)
NODECORE_ADDON_SHAPE(nodecore_stream_options, NODECORE_STREAM_OPTIONS_INIT,
                     FIELD(readable_high_water_mark) FIELD(writable_high_water_mark)
                     FIELD(has_readable_high_water_mark) FIELD(has_writable_high_water_mark)
                     FIELD(readable_object_mode) FIELD(writable_object_mode) FIELD(not_readable)
                     FIELD(not_writable) FIELD(no_half_open) FIELD(no_auto_destroy) FIELD(no_emit_close))

// A value, and its size; NULL for null.
template <>
struct Param<const nodecore_stream_value *> : In {
  nodecore_stream_value value = {nullptr, 0};
  explicit Param(Call &call) {
    napi_value given = call.next(), size = call.next();
    napi_valuetype kind = napi_null;
    if (given) napi_typeof(call.env, given, &kind);
    if (kind == napi_null) return;
    value = {Values::of(call.own).lend(given), static_cast<size_t>(integer_of(call.env, size))};
  }
  ~Param() {
    if (value.object) Values::settle(value.object);
  }
  Param(Param &&other) : value(other.value) { other.value.object = nullptr; }
  const nodecore_stream_value *get() { return value.object ? &value : nullptr; }
};

// The value that is given, or null.
template <>
struct Param<nodecore_stream_value *> : Out {
  nodecore_stream_value value = {nullptr, 0};
  explicit Param(Call &) {}
  nodecore_stream_value *get() { return &value; }
  napi_value give(Call &call) {
    if (!value.object) return js_null(call.env);
    napi_value given = Values::get(value.object);
    Values::release(value.object);
    return given;
  }
};

// An error that is given.
template <>
struct Js<nodecore_error *> {
  static napi_value of(Env &own, bool, nodecore_error *value) {
    if (!value) return js_null(own.env);
    napi_value error = js_error(own, value);
    nodecore_error_free(value);
    return error;
  }
};

namespace {

// The functions of lib/stream/host.js, in this order.
enum Hook {
  kHas,
  kConstruct,
  kRead,
  kWrite,
  kWritev,
  kFinal,
  kDestroy,
  kEnd,
  kEmit,
  kData,
  kError,
  kListens,
  kTick,
  kHooks
};

// What an environment's streams share.
struct Hooks {
  napi_ref functions[kHooks] = {};
  std::vector<nodecore_stream_tick *> ticks;
  std::vector<uint32_t> free;

  static Hooks &of(Env &own) {
    if (!own.streams) own.streams = std::make_shared<Hooks>();
    return *static_cast<Hooks *>(own.streams.get());
  }
};

// A machine's `user`: the stream, which owns the machine and so is not owned.
struct Stream {
  Env &own;
  Hooks &hooks;
  napi_ref object;

  static Stream &of(void *user) { return *static_cast<Stream *>(user); }
  static void release(void *user) {
    auto *stream = static_cast<Stream *>(user);
    napi_delete_reference(stream->own.env, stream->object);
    delete stream;
  }

  // Calls one of the functions with the stream and what `values` makes; NULL if it throws.
  template <class... V>
  napi_value call(Hook hook, V... values) {
    napi_env env = own.env;
    napi_value function, result = nullptr;
    napi_value argv[] = {nullptr, values...};
    napi_get_reference_value(env, object, &argv[0]);
    if (!argv[0]) return nullptr;
    napi_get_reference_value(env, hooks.functions[hook], &function);
    constexpr size_t count = sizeof argv / sizeof *argv;
    return napi_call_function(env, argv[0], function, count, argv, &result) == napi_ok ? result : nullptr;
  }

  // What has just been thrown, if anything, as an error that is given.
  nodecore_error *thrown() {
    bool is = false;
    napi_is_exception_pending(own.env, &is);
    if (!is) return nullptr;
    napi_value exception;
    napi_get_and_clear_last_exception(own.env, &exception);
    return Values::of(own).error(exception);
  }
};

struct Scope {
  napi_env env;
  napi_handle_scope scope;
  explicit Scope(void *user) : env(Stream::of(user).own.env) { napi_open_handle_scope(env, &scope); }
  ~Scope() { napi_close_handle_scope(env, scope); }
};

nodecore_stream_host make_host() {
  nodecore_stream_host host = NODECORE_STREAM_HOST_INIT;
  host.values = Values::type();
  host.has = [](int32_t hook, void *user) {
    Scope scope(user);
    napi_value there = Stream::of(user).call(kHas, js_number(scope.env, hook));
    return there && truth_of(scope.env, there);
  };
  host.construct = [](void *user) {
    Scope scope(user);
    Stream::of(user).call(kConstruct);
    return Stream::of(user).thrown();
  };
  host.read = [](size_t size, void *user) {
    Scope scope(user);
    Stream::of(user).call(kRead, js_number(scope.env, static_cast<double>(size)));
    return Stream::of(user).thrown();
  };
  host.write = [](nodecore_stream_value value, void *user) {
    Scope scope(user);
    Stream::of(user).call(kWrite, Values::get(value.object));
  };
  host.writev = [](const nodecore_stream_value *values, size_t count, void *user) {
    Scope scope(user);
    napi_value list;
    napi_create_array_with_length(scope.env, count, &list);
    for (size_t i = 0; i < count; i++) put(scope.env, list, i, Values::get(values[i].object));
    Stream::of(user).call(kWritev, list);
  };
  host.final = [](void *user) {
    Scope scope(user);
    Stream::of(user).call(kFinal);
    return Stream::of(user).thrown();
  };
  host.destroy = [](const nodecore_error *err, void *user) {
    Scope scope(user);
    Stream &stream = Stream::of(user);
    stream.call(kDestroy, err ? js_error(stream.own, err) : js_null(scope.env));
    return stream.thrown();
  };
  host.end = [](void *user) {
    Scope scope(user);
    Stream::of(user).call(kEnd);
  };
  host.emit = [](int32_t event, void *user) {
    Scope scope(user);
    Stream::of(user).call(kEmit, js_number(scope.env, event));
  };
  host.emit_data = [](nodecore_stream_value value, void *user) {
    Scope scope(user);
    Stream::of(user).call(kData, Values::get(value.object));
  };
  host.emit_error = [](const nodecore_error *err, void *user) {
    Scope scope(user);
    Stream &stream = Stream::of(user);
    stream.call(kError, js_error(stream.own, err));
  };
  host.listens = [](int32_t event, void *user) {
    Scope scope(user);
    napi_value there = Stream::of(user).call(kListens, js_number(scope.env, event));
    return there && truth_of(scope.env, there);
  };
  host.next_tick = [](nodecore_stream_tick *tick, void *user) {
    Scope scope(user);
    Hooks &hooks = Stream::of(user).hooks;
    if (hooks.free.empty()) {
      hooks.free.push_back(static_cast<uint32_t>(hooks.ticks.size()));
      hooks.ticks.push_back(nullptr);
    }
    const uint32_t number = hooks.free.back();
    hooks.free.pop_back();
    hooks.ticks[number] = tick;
    Stream::of(user).call(kTick, js_number(scope.env, number));
  };
  host.made = [](nodecore_error *err, void *user) {
    Scope scope(user);
    Stream &stream = Stream::of(user);
    Values::of(stream.own).attach(err, js_error(stream.own, err));
  };
  return host;
}

// stream_hooks(functions): once, before any stream is made.
napi_value stream_hooks(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value list, function;
  void *data = nullptr;
  napi_get_cb_info(env, info, &argc, &list, nullptr, &data);
  Env &own = *static_cast<Env *>(data);
  for (uint32_t i = 0; i < kHooks; i++) {
    napi_get_element(env, list, i, &function);
    napi_create_reference(env, function, 1, &Hooks::of(own).functions[i]);
  }
  napi_get_element(env, list, kHooks, &function);
  napi_create_reference(env, function, 1, &Values::of(own).slice);
  napi_get_element(env, list, kHooks + 1, &function);
  napi_create_reference(env, function, 1, &Values::of(own).join);
  return nullptr;
}

// stream_machine_new(stream, kind, options)
napi_value machine_new(napi_env env, napi_callback_info info) {
  static const nodecore_stream_host host = make_host();
  size_t argc = 3;
  napi_value argv[3];
  void *data = nullptr;
  napi_get_cb_info(env, info, &argc, argv, nullptr, &data);
  Env &own = *static_cast<Env *>(data);
  Call call{own, env, argv, argc, false};
  napi_value object = call.next();
  const auto kind = static_cast<uint32_t>(integer_of(env, call.next()));
  const auto *options = struct_of<nodecore_stream_options>(call, call.next());
  napi_ref reference;
  napi_create_reference(env, object, 0, &reference);
  nodecore_stream_machine *machine = nullptr;
  nodecore_error *err = nullptr;
  auto *stream = new Stream{own, Hooks::of(own), reference};
  const nodecore_status status =
      nodecore_stream_machine_new(kind, &host, options, stream, Stream::release, &machine, &err);
  if (status != NODECORE_OK) {
    throw_error(own, status, err);
    return nullptr;
  }
  return js_of<nodecore_stream_machine *>(own, false, machine);
}

// stream_tick_run(number)
napi_value tick_run(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value value;
  void *data = nullptr;
  napi_get_cb_info(env, info, &argc, &value, nullptr, &data);
  Env &own = *static_cast<Env *>(data);
  const auto number = static_cast<size_t>(integer_of(env, value));
  Hooks &hooks = Hooks::of(own);
  if (number >= hooks.ticks.size() || !hooks.ticks[number]) return nullptr;
  nodecore_stream_tick *tick = hooks.ticks[number];
  hooks.ticks[number] = nullptr;
  hooks.free.push_back(static_cast<uint32_t>(number));
  own.inside++;
  nodecore_stream_tick_run(tick);
  own.inside--;
  return nullptr;
}

const Binding bindings[] = {
    {"stream_hooks", stream_hooks},
    {"stream_machine_new", machine_new},
    {"stream_tick_run", tick_run},
    BYTES(nodecore_stream_default_high_water_mark),
    BYTES(nodecore_stream_set_default_high_water_mark),
    BYTES(nodecore_stream_machine_complete),
    BYTES(nodecore_stream_machine_push),
    BYTES(nodecore_stream_machine_unshift),
    BYTES(nodecore_stream_machine_read),
    BYTES(nodecore_stream_machine_write),
    BYTES(nodecore_stream_machine_end),
    BYTES(nodecore_stream_machine_cork),
    BYTES(nodecore_stream_machine_uncork),
    BYTES(nodecore_stream_machine_resume),
    BYTES(nodecore_stream_machine_pause),
    BYTES(nodecore_stream_machine_piped),
    BYTES(nodecore_stream_machine_await_drain),
    BYTES(nodecore_stream_machine_drained),
    BYTES(nodecore_stream_machine_awaiting),
    BYTES(nodecore_stream_machine_listener),
    BYTES(nodecore_stream_machine_set_encoding),
    BYTES(nodecore_stream_machine_encoding),
    BYTES(nodecore_stream_machine_set_open),
    BYTES(nodecore_stream_machine_destroy),
    BYTES(nodecore_stream_machine_fail),
    BYTES(nodecore_stream_machine_transformed),
    BYTES(nodecore_stream_machine_transform_more),
    BYTES(nodecore_stream_machine_flags),
    BYTES(nodecore_stream_machine_length),
    BYTES(nodecore_stream_machine_high_water_mark),
    BYTES(nodecore_stream_machine_corked),
    BYTES(nodecore_stream_machine_pending),
    BYTES(nodecore_stream_machine_errored),
    BYTES(nodecore_stream_machine_count),
    BYTES(nodecore_stream_machine_peek),
};

}  // namespace

extern const Table stream_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
