#include "value_table.h"

namespace addon {

namespace {

// Text that the library makes belongs to the table that was last used on its thread.
thread_local Values *current = nullptr;

bool is_named(napi_env env, napi_value object, const char *property, const char *text) {
  napi_value value;
  char name[32];
  size_t length = 0;
  if (napi_get_named_property(env, object, property, &value) != napi_ok) {
    // A getter of its own that throws has no say.
    napi_get_and_clear_last_exception(env, &value);
    return false;
  }
  const napi_status read = napi_get_value_string_utf8(env, value, name, sizeof name, &length);
  return read == napi_ok && strcmp(name, text) == 0;
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

const nodecore_object_type error_type = {Values::retain, Values::release};

}  // namespace

Values::~Values() {
  if (current == this) current = nullptr;
}

Values &Values::of(Env &own) {
  if (!own.values) own.values = std::make_shared<Values>(own.env);
  current = own.values.get();
  return *current;
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

Values::Place &Values::take() {
  if (free_.empty()) {
    const auto at = static_cast<uint32_t>(places_.size());
    free_.push_back(&places_.emplace_back(Place{*this, at, 0, nullptr}));
  }
  Place &place = *free_.back();
  free_.pop_back();
  place.count = 1;
  return place;
}

void *Values::add(napi_value value) {
  Place &place = take();
  put(env_, array(), place.at, value);
  return &place;
}

void *Values::lend(napi_value value) {
  Place &place = take();
  place.lent = value;
  return &place;
}

void Values::settle(void *object) {
  Place &place = *static_cast<Place *>(object);
  napi_value lent = place.lent;
  place.lent = nullptr;
  if (--place.count == 0) return place.table.free_.push_back(&place);
  // Nothing can be put anywhere while an exception is on its way.
  napi_env env = place.table.env_;
  napi_value exception = nullptr;
  bool thrown = false;
  napi_is_exception_pending(env, &thrown);
  if (thrown) napi_get_and_clear_last_exception(env, &exception);
  put(env, place.table.array(), place.at, lent);
  if (thrown) napi_throw(env, exception);
}

napi_value Values::get(void *object) {
  const Place &place = *static_cast<Place *>(object);
  if (place.lent) return place.lent;
  napi_value value;
  napi_get_element(place.table.env_, place.table.array(), place.at, &value);
  return value;
}

void Values::release(void *object) {
  Place &place = *static_cast<Place *>(object);
  if (--place.count > 0) return;
  Values &table = place.table;
  table.free_.push_back(&place);
  napi_handle_scope scope;
  napi_open_handle_scope(table.env_, &scope);
  put(table.env_, table.array(), place.at, js_undefined(table.env_));
  napi_close_handle_scope(table.env_, scope);
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

napi_value Values::of_error(const nodecore_error *error) {
  void *object = nodecore_error_object(error, &error_type);
  return object ? get(object) : nullptr;
}

nodecore_stream_value Values::made(napi_ref reference, size_t count, const napi_value *argv) {
  napi_value function, self, value;
  napi_get_reference_value(env_, reference, &function);
  napi_get_undefined(env_, &self);
  if (napi_call_function(env_, self, function, count, argv, &value) != napi_ok) return {nullptr, 0};
  napi_value part, size;
  napi_get_element(env_, value, 0, &part);
  napi_get_element(env_, value, 1, &size);
  return {add(part), static_cast<size_t>(integer_of(env_, size))};
}

const nodecore_stream_value_type *Values::type() {
  static const nodecore_stream_value_type functions = {
      retain,
      release,
      [](void *object, size_t start, size_t end) {
        Values &table = static_cast<Place *>(object)->table;
        const napi_value argv[] = {get(object), js_number(table.env_, static_cast<double>(start)),
                                   js_number(table.env_, static_cast<double>(end))};
        return table.made(table.slice, 3, argv);
      },
      [](void *const *objects, size_t count) {
        if (count == 0) return nodecore_stream_value{nullptr, 0};
        Values &table = static_cast<Place *>(objects[0])->table;
        napi_value list;
        napi_create_array_with_length(table.env_, count, &list);
        for (size_t i = 0; i < count; i++) put(table.env_, list, i, get(objects[i]));
        return table.made(table.join, 1, &list);
      },
      [](void *object) {
        napi_env env = static_cast<Place *>(object)->table.env_;
        napi_value value = get(object);
        bool is = false;
        void *data = nullptr;
        size_t length = 0;
        if (napi_is_typedarray(env, value, &is) == napi_ok && is)
          napi_get_typedarray_info(env, value, nullptr, &length, &data, nullptr, nullptr);
        return nodecore_str{length ? static_cast<const char *>(data) : "", length};
      },
      [](const char *data, size_t length) {
        napi_value text = current ? js_text(current->env_, data, length) : nullptr;
        if (!text) return nodecore_stream_value{nullptr, 0};
        size_t units = 0;
        napi_get_value_string_utf16(current->env_, text, nullptr, 0, &units);
        return nodecore_stream_value{current->add(text), units};
      },
  };
  return &functions;
}

}  // namespace addon
