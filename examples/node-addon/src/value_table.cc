#include "value_table.h"

namespace addon {

namespace {

thread_local Values table;

nodecore_stream_value made(napi_env env, napi_ref reference, size_t count, const napi_value *argv) {
  napi_value function, self, value;
  napi_get_reference_value(env, reference, &function);
  napi_get_undefined(env, &self);
  // The function returns a value and its size.
  if (napi_call_function(env, self, function, count, argv, &value) != napi_ok) return {nullptr, 0};
  napi_value part, size;
  napi_get_element(env, value, 0, &part);
  napi_get_element(env, value, 1, &size);
  return {table.add(part), static_cast<size_t>(integer_of(env, size))};
}

thread_local napi_env current = nullptr;

bool is_named(napi_env env, napi_value object, const char *property, const char *text) {
  napi_value value;
  char name[32];
  size_t length = 0;
  if (napi_get_named_property(env, object, property, &value) != napi_ok) {
    // A getter of its own that throws has no say.
    napi_get_and_clear_last_exception(env, &value);
    return false;
  }
  return napi_get_value_string_utf8(env, value, name, sizeof name, &length) == napi_ok && strcmp(name, text) == 0;
}

// Streams ask of few errors what they are.
nodecore_status status_of(napi_env env, napi_value value) {
  napi_valuetype kind;
  napi_typeof(env, value, &kind);
  if (kind != napi_object) return NODECORE_ERR_OPERATION_FAILED;
  if (is_named(env, value, "name", "AbortError")) return NODECORE_ABORT_ERR;
  if (is_named(env, value, "code", "ERR_STREAM_PREMATURE_CLOSE")) return NODECORE_ERR_STREAM_PREMATURE_CLOSE;
  return NODECORE_ERR_OPERATION_FAILED;
}

const nodecore_object_type error_type = {
    [](void *object) { table.retain(object); },
    [](void *object) { table.release(object); },
};

}  // namespace

Values &Values::of(Env &own) {
  current = table.env_ = own.env;
  return table;
}

napi_value Values::array() {
  napi_value list;
  if (!array_) {
    napi_create_array(env_, &list);
    napi_create_reference(env_, list, 1, &array_);
    return list;
  }
  napi_get_reference_value(env_, array_, &list);
  return list;
}

void *Values::add(napi_value value) {
  if (free_.empty()) {
    free_.push_back(static_cast<uint32_t>(counts_.size()));
    counts_.push_back(0);
  }
  const uint32_t at = free_.back();
  free_.pop_back();
  counts_[at] = 1;
  napi_set_element(env_, array(), at, value);
  return reinterpret_cast<void *>(static_cast<uintptr_t>(at) + 1);
}

napi_value Values::get(void *object) {
  napi_value value;
  napi_get_element(env_, array(), static_cast<uint32_t>(index(object)), &value);
  return value;
}

void Values::release(void *object) {
  const size_t at = index(object);
  if (--counts_[at] > 0) return;
  free_.push_back(static_cast<uint32_t>(at));
  napi_handle_scope scope;
  napi_open_handle_scope(env_, &scope);
  napi_set_element(env_, array(), static_cast<uint32_t>(at), js_undefined(env_));
  napi_close_handle_scope(env_, scope);
}

nodecore_error *Values::error(napi_value value) {
  if (is_nothing(env_, value)) return nullptr;
  nodecore_error *error = nullptr;
  nodecore_error_new(status_of(env_, value), "", 0, &error);
  attach(error, value);
  return error;
}

nodecore_error *error_of(Env &own, napi_value value) { return Values::of(own).error(value); }

void Values::attach(nodecore_error *error, napi_value value) {
  void *object = add(value);
  nodecore_error_set_object(error, object, &error_type);
  release(object);
}

napi_value Values::of_error(Env &own, const nodecore_error *error) {
  void *object = nodecore_error_object(error, &error_type);
  return object ? of(own).get(object) : nullptr;
}

const nodecore_stream_value_type *Values::type() {
  static const nodecore_stream_value_type functions = {
      [](void *object) { table.retain(object); },
      [](void *object) { table.release(object); },
      [](void *object, size_t start, size_t end) {
        const napi_value argv[] = {table.get(object), js_number(current, static_cast<double>(start)),
                                   js_number(current, static_cast<double>(end))};
        return made(current, table.slice, 3, argv);
      },
      [](void *const *objects, size_t count) {
        napi_value list;
        napi_create_array_with_length(current, count, &list);
        for (size_t i = 0; i < count; i++) napi_set_element(current, list, static_cast<uint32_t>(i), table.get(objects[i]));
        return made(current, table.join, 1, &list);
      },
      [](void *object) {
        napi_value value = table.get(object);
        bool is = false;
        void *data = nullptr;
        size_t length = 0;
        if (napi_is_typedarray(current, value, &is) == napi_ok && is)
          napi_get_typedarray_info(current, value, nullptr, &length, &data, nullptr, nullptr);
        return nodecore_str{length ? static_cast<const char *>(data) : "", length};
      },
      [](const char *data, size_t length) {
        napi_value text = js_text(current, data, length);
        if (!text) return nodecore_stream_value{nullptr, 0};
        size_t units = 0;
        napi_get_value_string_utf16(current, text, nullptr, 0, &units);
        return nodecore_stream_value{table.add(text), units};
      },
  };
  return &functions;
}

}  // namespace addon
