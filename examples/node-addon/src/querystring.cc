#include "bind.h"

namespace addon {

NODECORE_ADDON_SHAPE(nodecore_querystring_parse_options16, NODECORE_QUERYSTRING_PARSE_OPTIONS16_INIT,
                     FIELD(sep) FIELD(eq) FIELD(has_max_keys) FIELD(max_keys) FIELD(decode))
NODECORE_ADDON_SHAPE(nodecore_querystring_stringify_options, NODECORE_QUERYSTRING_STRINGIFY_OPTIONS_INIT,
                     FIELD(sep) FIELD(eq) FIELD(encode16))

// A parsed query goes to JavaScript as a whole: keys and values by turns, a value being a string or an array.
template <>
struct Param<nodecore_querystring16 **> : Out {
  nodecore_querystring16 *value = nullptr;
  explicit Param(Call &) {}
  nodecore_querystring16 **get() { return &value; }
  napi_value give(Call &call) {
    napi_env env = call.env;
    const size_t keys = nodecore_querystring16_count(value);
    auto *flat = static_cast<napi_value *>(call.arena.take(keys * 2 * sizeof(napi_value)));
    auto text = [&](nodecore_str16 view) { return js_text16(env, view.data, view.len); };
    for (size_t i = 0; i < keys; i++) {
      flat[2 * i] = text(nodecore_querystring16_key_at(value, i));
      const size_t count = nodecore_querystring16_value_count(value, i);
      napi_value values = nullptr;
      if (count == 1) {
        values = text(nodecore_querystring16_value_at(value, i, 0));
      } else {
        napi_create_array_with_length(env, count, &values);
        for (size_t n = 0; n < count; n++)
          put(env, values, n, text(nodecore_querystring16_value_at(value, i, n)));
      }
      flat[2 * i + 1] = values;
    }
    nodecore_querystring16_free(value);
    return js_list(call.own, flat, keys * 2);
  }
};

namespace {

nodecore_querystring_value16 value_of(Call &call, napi_value value, bool in_list) {
  nodecore_querystring_value16 made = {{nullptr, 0}, NODECORE_QUERYSTRING_OTHER, false, 0, nullptr, 0};
  // Most values are text.
  made.text.data = units_of(call, value, &made.text.len);
  if (made.text.data) {
    made.kind = NODECORE_QUERYSTRING_TEXT;
    return made;
  }
  napi_valuetype kind = napi_undefined;
  napi_typeof(call.env, value, &kind);
  bool is_array = false;
  switch (kind) {
    case napi_number:
      made.kind = NODECORE_QUERYSTRING_NUMBER;
      made.number = number_of(call.env, value);
      break;
    case napi_bigint: {
      made.kind = NODECORE_QUERYSTRING_BIGINT;
      napi_value digits;
      napi_coerce_to_string(call.env, value, &digits);
      made.text.data = units_of(call, digits, &made.text.len);
      break;
    }
    case napi_boolean:
      made.kind = NODECORE_QUERYSTRING_BOOLEAN;
      made.boolean = truth_of(call.env, value);
      break;
    case napi_object:
      napi_is_array(call.env, value, &is_array);
      if (is_array && !in_list) {
        uint32_t count = 0;
        napi_get_array_length(call.env, value, &count);
        auto *list = static_cast<nodecore_querystring_value16 *>(call.arena.take((count + 1) * sizeof made));
        for (uint32_t i = 0; i < count; i++) {
          napi_value entry;
          napi_get_element(call.env, value, i, &entry);
          list[i] = value_of(call, entry, true);
        }
        made.kind = NODECORE_QUERYSTRING_LIST;
        made.list = list;
        made.count = count;
      }
      break;
    default:
      break;
  }
  return made;
}

}  // namespace

// Pairs come from JavaScript as an array of keys and values by turns.
template <>
struct Param<const nodecore_querystring_pair16 *> : In {
  nodecore_querystring_pair16 *pairs;
  explicit Param(Call &call) {
    napi_value flat = call.next();
    uint32_t length = 0;
    if (flat) napi_get_array_length(call.env, flat, &length);
    const uint32_t count = length / 2;
    pairs = static_cast<nodecore_querystring_pair16 *>(call.arena.take((count + 1) * sizeof *pairs));
    for (uint32_t i = 0; i < count; i++) {
      napi_value key, value;
      napi_get_element(call.env, flat, 2 * i, &key);
      napi_get_element(call.env, flat, 2 * i + 1, &value);
      pairs[i].key.data = units_of(call, key, &pairs[i].key.len);
      pairs[i].value = value_of(call, value, false);
    }
    call.set_length(count);
  }
  const nodecore_querystring_pair16 *get() { return pairs; }
};

namespace {

const Binding bindings[] = {
    TEXT(nodecore_querystring_escape_utf16),
    TEXT(nodecore_querystring_parse_utf16),
    TEXT(nodecore_querystring_stringify_utf16),
    BYTES(nodecore_querystring_unescape_buffer_utf16),
    TEXT(nodecore_querystring_unescape_utf16),
};

}  // namespace

extern const Table querystring_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
