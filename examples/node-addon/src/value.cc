#include "value.h"

#include <atomic>
#include <cmath>

#include "value_table.h"

namespace addon {

namespace {

// Below this a copy is cheaper than memory that the collector has to give back.
constexpr size_t kCopied = 2048;
// With less room a string is asked for its length first.
constexpr size_t kRoom = 64;

void finalize_box(napi_env env, void *data, void *) {
  auto *box = static_cast<Box *>(data);
  release(env, box);
  delete box;
}

void finalize_bytes(napi_env, void *, void *hint) {
  auto *bytes = static_cast<nodecore_buf *>(hint);
  nodecore_buf_free(bytes);
  delete bytes;
}

void set(napi_env env, napi_value object, const char *name, nodecore_str text) {
  if (text.data) napi_set_named_property(env, object, name, js_text(env, text.data, text.len));
}

napi_value describe(Env &own, const nodecore_error *err) {
  napi_env env = own.env;
  napi_value info;
  napi_create_object(env, &info);
  set(env, info, "name", nodecore_error_name(err));
  set(env, info, "code", nodecore_error_code(err));
  set(env, info, "message", nodecore_error_message(err));
  set(env, info, "syscall", nodecore_error_syscall(err));
  set(env, info, "path", nodecore_error_path(err));
  set(env, info, "dest", nodecore_error_dest(err));
  set(env, info, "input", nodecore_error_input(err));
  set(env, info, "base", nodecore_error_base(err));
  set(env, info, "library", nodecore_error_library(err));
  set(env, info, "reason", nodecore_error_reason(err));
  if (int32_t number = nodecore_error_errno(err))
    napi_set_named_property(env, info, "errno", js_number(env, number));
  nodecore_str entry = nodecore_error_openssl_stack(err, 0);
  if (entry.data) {
    napi_value stack;
    napi_create_array(env, &stack);
    for (uint32_t i = 0; entry.data; entry = nodecore_error_openssl_stack(err, ++i))
      napi_set_element(env, stack, i, js_text(env, entry.data, entry.len));
    napi_set_named_property(env, info, "opensslErrorStack", stack);
  }
  if (const nodecore_error *cause = nodecore_error_cause(err))
    napi_set_named_property(env, info, "cause", js_error(own, cause));
  return info;
}

}  // namespace

napi_value wrap(napi_env env, const void *type, void *pointer, void (*release)(void *), size_t weight) {
  auto *box = new Box{type, pointer, release, weight};
  napi_value external;
  if (napi_create_external(env, box, finalize_box, nullptr, &external) != napi_ok) {
    finalize_box(env, box, nullptr);
    return nullptr;
  }
  int64_t total;
  if (weight > 0) napi_adjust_external_memory(env, static_cast<int64_t>(weight), &total);
  return external;
}

void release(napi_env env, Box *box) {
  void *pointer = box->pointer;
  if (!pointer) return;
  box->pointer = nullptr;
  box->release(pointer);
  int64_t total;
  if (box->weight > 0) napi_adjust_external_memory(env, -static_cast<int64_t>(box->weight), &total);
}

void *unwrap(napi_env env, napi_value value, const void *type) {
  napi_valuetype kind;
  if (!value || napi_typeof(env, value, &kind) != napi_ok || kind != napi_external) return nullptr;
  void *data = nullptr;
  napi_get_value_external(env, value, &data);
  auto *box = static_cast<Box *>(data);
  return box && box->type == type ? box->pointer : nullptr;
}

bool is_nothing(napi_env env, napi_value value) {
  napi_valuetype kind;
  return !value || napi_typeof(env, value, &kind) != napi_ok || kind == napi_undefined || kind == napi_null;
}

const char *bytes_of(Call &call, napi_value value, size_t *length) {
  napi_env env = call.env;
  *length = 0;
  napi_valuetype kind;
  if (!value || napi_typeof(env, value, &kind) != napi_ok) return nullptr;
  if (kind == napi_string) {
    size_t n = 0, room;
    auto *data = static_cast<char *>(call.arena.rest(&room));
    // A string that may have been cut is asked for its length.
    if (room > kRoom && napi_get_value_string_utf8(env, value, data, room, &n) == napi_ok && n + 4 < room) {
      call.arena.take(n + 1);
      *length = n;
      return data;
    }
    napi_get_value_string_utf8(env, value, nullptr, 0, &n);
    data = static_cast<char *>(call.arena.take(n + 1));
    napi_get_value_string_utf8(env, value, data, n + 1, length);
    return data;
  }
  if (kind != napi_object) return nullptr;
  void *data = nullptr;
  bool is = false;
  // Memory of no bytes may have no address, and is no NULL.
  static const char empty[1] = {0};
  auto there = [&] { return data ? static_cast<const char *>(data) : empty; };
  if (napi_is_typedarray(env, value, &is) == napi_ok && is) {
    napi_typedarray_type type;
    napi_get_typedarray_info(env, value, &type, length, &data, nullptr, nullptr);
    static const uint8_t sizes[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
    *length *= type < sizeof sizes ? sizes[type] : 2;
    return there();
  }
  if (napi_is_dataview(env, value, &is) == napi_ok && is) {
    napi_get_dataview_info(env, value, length, &data, nullptr, nullptr);
    return there();
  }
  if (napi_is_arraybuffer(env, value, &is) == napi_ok && is) {
    napi_get_arraybuffer_info(env, value, &data, length);
    return there();
  }
  return nullptr;
}

const uint16_t *units_of(Call &call, napi_value value, size_t *length) {
  napi_env env = call.env;
  *length = 0;
  size_t n = 0, room;
  auto *data = static_cast<char16_t *>(call.arena.rest(&room));
  room /= sizeof *data;
  if (!value) return nullptr;
  if (room > kRoom) {
    if (napi_get_value_string_utf16(env, value, data, room, &n) != napi_ok) return nullptr;
    if (n + 1 < room) {
      call.arena.take((n + 1) * sizeof *data);
      *length = n;
      return reinterpret_cast<const uint16_t *>(data);
    }
  }
  if (napi_get_value_string_utf16(env, value, nullptr, 0, &n) != napi_ok) return nullptr;
  data = static_cast<char16_t *>(call.arena.take((n + 1) * sizeof *data));
  napi_get_value_string_utf16(env, value, data, n + 1, length);
  return reinterpret_cast<const uint16_t *>(data);
}

int64_t integer_of(napi_env env, napi_value value) {
  napi_valuetype kind;
  if (!value || napi_typeof(env, value, &kind) != napi_ok) return 0;
  int64_t number = 0;
  if (kind == napi_bigint) {
    bool exact;
    napi_get_value_bigint_int64(env, value, &number, &exact);
  } else if (kind == napi_number) {
    napi_get_value_int64(env, value, &number);
  }
  return number;
}

double number_of(napi_env env, napi_value value) {
  double number = std::nan("");
  if (value) napi_get_value_double(env, value, &number);
  return number;
}

bool truth_of(napi_env env, napi_value value) {
  bool truth = false;
  if (value) napi_get_value_bool(env, value, &truth);
  return truth;
}

napi_value js_undefined(napi_env env) {
  napi_value value;
  napi_get_undefined(env, &value);
  return value;
}

napi_value js_null(napi_env env) {
  napi_value value;
  napi_get_null(env, &value);
  return value;
}

napi_value js_bool(napi_env env, bool truth) {
  napi_value value;
  napi_get_boolean(env, truth, &value);
  return value;
}

napi_value js_number(napi_env env, double number) {
  napi_value value;
  napi_create_double(env, number, &value);
  return value;
}

napi_value js_integer(napi_env env, int64_t number) {
  constexpr int64_t kSafe = int64_t{1} << 53;
  napi_value value;
  if (number >= -kSafe && number <= kSafe) napi_create_int64(env, number, &value);
  else napi_create_bigint_int64(env, number, &value);
  return value;
}

napi_value js_text(napi_env env, const char *data, size_t length) {
  napi_value value = nullptr;
  if (napi_create_string_utf8(env, data ? data : "", length, &value) != napi_ok)
    napi_throw_error(env, "ERR_STRING_TOO_LONG", "Cannot create a string longer than 0x1fffffe8 characters");
  return value;
}

napi_value js_text16(napi_env env, const uint16_t *data, size_t length) {
  static const char16_t none[1] = {0};
  const auto *units = data ? reinterpret_cast<const char16_t *>(data) : none;
  napi_value value = nullptr;
  if (napi_create_string_utf16(env, units, length, &value) != napi_ok)
    napi_throw_error(env, "ERR_STRING_TOO_LONG", "Cannot create a string longer than 0x1fffffe8 characters");
  return value;
}

napi_value js_buffer(napi_env env, nodecore_buf *bytes) {
  napi_value buffer = nullptr;
  if (bytes->len >= kCopied) {
    auto *kept = new nodecore_buf(nodecore_buf_take(bytes));
    char *memory = const_cast<char *>(kept->data);
    if (napi_create_external_buffer(env, kept->len, memory, finalize_bytes, kept, &buffer) == napi_ok)
      return buffer;
    // A host that has no memory but its own: the bytes are copied.
    *bytes = *kept;
    delete kept;
  }
  napi_create_buffer_copy(env, bytes->len, bytes->data ? bytes->data : "", nullptr, &buffer);
  nodecore_buf_free(bytes);
  return buffer;
}

napi_value js_bytes(napi_env env, nodecore_str bytes) {
  if (!bytes.data) return js_undefined(env);
  napi_value buffer = nullptr;
  napi_create_buffer_copy(env, bytes.len, bytes.data, nullptr, &buffer);
  return buffer;
}

napi_value js_list(Env &own, const napi_value *values, size_t count) {
  // With few of them, and with very many, an array is filled.
  constexpr size_t kFew = 4, kMany = 256;
  napi_value list = nullptr;
  if (count > kFew && count <= kMany) {
    napi_value make;
    napi_get_reference_value(own.env, own.make_list, &make);
    if (napi_call_function(own.env, make, make, count, values, &list) == napi_ok) return list;
  }
  napi_create_array_with_length(own.env, count, &list);
  for (size_t i = 0; i < count; i++) put(own.env, list, i, values[i]);
  return list;
}

size_t new_shape() {
  static std::atomic<size_t> shapes{0};
  return shapes++;
}

napi_value js_shaped(Env &own, size_t shape, const char *const *names, const napi_value *values,
                     size_t count) {
  napi_env env = own.env;
  napi_value make, list, object = nullptr;
  if (shape >= own.makers.size()) own.makers.resize(shape + 1);
  if (!own.makers[shape]) {
    napi_create_array_with_length(env, count, &list);
    for (size_t i = 0; i < count; i++) put(env, list, i, js_text(env, names[i], NAPI_AUTO_LENGTH));
    napi_get_reference_value(env, own.make_maker, &make);
    if (napi_call_function(env, make, make, 1, &list, &make) != napi_ok) return js_undefined(env);
    napi_create_reference(env, make, 1, &own.makers[shape]);
  } else {
    napi_get_reference_value(env, own.makers[shape], &make);
  }
  return napi_call_function(env, make, make, count, values, &object) == napi_ok ? object : js_undefined(env);
}

napi_value js_error(Env &own, const nodecore_error *err) {
  if (napi_value its = Values::of_error(err)) return its;
  napi_value make, info = describe(own, err), made = nullptr;
  napi_get_reference_value(own.env, own.make_error, &make);
  if (napi_call_function(own.env, info, make, 1, &info, &made) != napi_ok) return js_undefined(own.env);
  return made;
}

void throw_error(Env &own, nodecore_status status, nodecore_error *err) {
  if (!err) nodecore_error_new(status, nullptr, 0, &err);
  napi_value made = js_error(own, err);
  nodecore_error_free(err);
  bool thrown = false;
  napi_is_exception_pending(own.env, &thrown);
  if (!thrown) napi_throw(own.env, made);
}

void report_uncaught(napi_env env) {
  bool thrown = false;
  napi_value exception;
  if (napi_is_exception_pending(env, &thrown) != napi_ok || !thrown) return;
  napi_get_and_clear_last_exception(env, &exception);
  napi_fatal_exception(env, exception);
}

Called *Called::take(Call &call, napi_value value) {
  napi_valuetype kind;
  if (napi_typeof(call.env, value, &kind) != napi_ok || kind != napi_function) return nullptr;
  return new (call.arena.take(sizeof(Called))) Called{call, value};
}

napi_value Called::invoke(napi_value argument) {
  napi_value self, result = nullptr;
  napi_get_undefined(call.env, &self);
  return napi_call_function(call.env, self, function, 1, &argument, &result) == napi_ok ? result : nullptr;
}

Callback *Callback::take(Call &call, napi_value value) {
  napi_valuetype kind;
  if (!value || napi_typeof(call.env, value, &kind) != napi_ok || kind != napi_function) return nullptr;
  napi_ref function;
  napi_create_reference(call.env, value, 1, &function);
  napi_value name;
  napi_create_string_latin1(call.env, "nodecore", NAPI_AUTO_LENGTH, &name);
  napi_async_context context = nullptr;
  napi_async_init(call.env, nullptr, name, &context);
  auto *callback = new Callback{call.own, function, call.text, context};
  for (napi_value lent : call.lent) {
    napi_ref kept;
    if (napi_create_reference(call.env, lent, 1, &kept) == napi_ok) callback->kept.push_back(kept);
  }
  call.lent.clear();
  callback->within.swap(call.within);
  return callback;
}

Call::~Call() {
  for (Callback *function : within) Callback::release(function);
  Callback::release(callback);
}

void Call::drop_callbacks() {
  for (Callback *function : passed) Callback::release(function);
  passed.clear();
}

void Callback::release(void *user) {
  auto *callback = static_cast<Callback *>(user);
  if (!callback) return;
  napi_env env = callback->own.env;
  napi_delete_reference(env, callback->function);
  if (callback->context && !callback->own.scopeless) napi_async_destroy(env, callback->context);
  for (napi_ref kept : callback->kept) napi_delete_reference(env, kept);
  for (Callback *function : callback->within) release(function);
  delete callback;
}

napi_value Callback::invoke(size_t count, const napi_value *values) {
  napi_env env = own.env;
  napi_value called, self, result = nullptr;
  napi_get_reference_value(env, function, &called);
  napi_get_undefined(env, &self);
  if (own.inside > 0) {
    bool thrown = false;
    napi_is_exception_pending(env, &thrown);
    if (!thrown) napi_call_function(env, self, called, count, values, &result);
    return result;
  }
  napi_value global;
  napi_get_global(env, &global);
  if (napi_make_callback(env, context, global, called, count, values, &result) == napi_ok) return result;
  report_uncaught(env);
  return nullptr;
}

}  // namespace addon
