#include "bind.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_url, nodecore_url_free)
NODECORE_ADDON_HANDLE(nodecore_url_search_params, nodecore_url_search_params_free)
NODECORE_ADDON_HANDLE(nodecore_url_pattern, nodecore_url_pattern_free)
NODECORE_ADDON_STILL(nodecore_url)
NODECORE_ADDON_NUMBERED(nodecore_url)
NODECORE_ADDON_STILL(nodecore_url_search_params)
NODECORE_ADDON_NUMBERED(nodecore_url_search_params)
NODECORE_ADDON_STILL(nodecore_url_pattern)

NODECORE_ADDON_SHAPE(nodecore_url_file_options, NODECORE_URL_FILE_OPTIONS_INIT, FIELD(flavour))
NODECORE_ADDON_SHAPE(nodecore_url_format_options, NODECORE_URL_FORMAT_OPTIONS_INIT,
                     FIELD(no_auth) FIELD(no_fragment) FIELD(no_search) FIELD(unicode))
NODECORE_ADDON_SHAPE(nodecore_url_http_options, NODECORE_URL_HTTP_OPTIONS_INIT,
                     FIELD(protocol) FIELD(hostname) FIELD(hash) FIELD(search) FIELD(pathname) FIELD(path)
                     FIELD(href) FIELD(port) FIELD(auth))
NODECORE_ADDON_FREED(nodecore_url_http_options, nodecore_url_http_options_free)
NODECORE_ADDON_SHAPE(nodecore_url_legacy, NODECORE_URL_LEGACY_INIT,
                     FIELD(protocol) FIELD(slashes) FIELD(auth) FIELD(host) FIELD(port) FIELD(hostname)
                     FIELD(hash) FIELD(search) FIELD(query) FIELD(pathname) FIELD(path) FIELD(href))
NODECORE_ADDON_FREED(nodecore_url_legacy, nodecore_url_legacy_free)
NODECORE_ADDON_SHAPE(nodecore_url_pattern_options, NODECORE_URL_PATTERN_OPTIONS_INIT, FIELD(ignore_case))
NODECORE_ADDON_SHAPE(nodecore_url_pattern_init, NODECORE_URL_PATTERN_INIT_INIT,
                     FIELD(protocol) FIELD(username) FIELD(password) FIELD(hostname) FIELD(port)
                     FIELD(pathname) FIELD(search) FIELD(hash) FIELD(base_url))

// Names and values come from JavaScript by turns.
template <>
struct Param<const nodecore_url_search_params_pair *> : In {
  nodecore_url_search_params_pair *pairs;
  explicit Param(Call &call) {
    Param<const nodecore_str *> texts(call);
    const size_t count = call.length / 2;
    pairs = static_cast<nodecore_url_search_params_pair *>(call.arena.take((count + 1) * sizeof *pairs));
    for (size_t i = 0; i < count; i++) pairs[i] = {texts.data[2 * i], texts.data[2 * i + 1]};
    call.set_length(count);
  }
  const nodecore_url_search_params_pair *get() { return pairs; }
};

// A match goes to JavaScript as a whole; null, if there is none.
template <>
struct Param<nodecore_url_pattern_result **> : Out {
  nodecore_url_pattern_result *value = nullptr;
  explicit Param(Call &) {}
  nodecore_url_pattern_result **get() { return &value; }
  napi_value give(Call &call) {
    static const char *const names[] = {"protocol", "username", "password", "hostname",
                                        "port",     "pathname", "search",   "hash"};
    napi_env env = call.env;
    if (!value) return js_null(env);
    napi_value result;
    napi_create_object(env, &result);
    for (int32_t component = 0; component < 8; component++) {
      napi_value part, groups;
      napi_create_object(env, &part);
      napi_create_object(env, &groups);
      const size_t count = nodecore_url_pattern_result_group_count(value, component);
      for (size_t i = 0; i < count; i++) {
        const nodecore_str name = nodecore_url_pattern_result_group_name(value, component, i);
        const nodecore_str text = nodecore_url_pattern_result_group_value(value, component, i);
        napi_set_property(env, groups, js_of(call.own, true, name), js_of(call.own, true, text));
      }
      const nodecore_str input = nodecore_url_pattern_result_input(value, component);
      napi_set_named_property(env, part, "input", js_of(call.own, true, input));
      napi_set_named_property(env, part, "groups", groups);
      napi_set_named_property(env, result, names[component], part);
    }
    nodecore_url_pattern_result_free(value);
    return result;
  }
};

namespace {

void url_search_params_get_all(const nodecore_url_search_params *params, const char *name, size_t name_len,
                               std::vector<nodecore_str> *out) {
  out->resize(nodecore_url_search_params_get_all(params, name, name_len, nullptr, 0));
  nodecore_url_search_params_get_all(params, name, name_len, out->data(), out->size());
}

const Binding bindings[] = {
    TEXT(nodecore_url_can_parse_utf16),
    TEXT(nodecore_url_parse_utf16),
    TEXT(nodecore_url_resolve_utf16),
    TEXT(nodecore_url_copy),
    TEXT(nodecore_url_href),
    TEXT(nodecore_url_origin),
    TEXT(nodecore_url_protocol),
    TEXT(nodecore_url_username),
    TEXT(nodecore_url_password),
    TEXT(nodecore_url_host),
    TEXT(nodecore_url_hostname),
    TEXT(nodecore_url_port),
    TEXT(nodecore_url_pathname),
    TEXT(nodecore_url_search),
    TEXT(nodecore_url_hash),
    TEXT(nodecore_url_set_href),
    VALUE(nodecore_url_set_protocol),
    VALUE(nodecore_url_set_username),
    VALUE(nodecore_url_set_password),
    VALUE(nodecore_url_set_host),
    VALUE(nodecore_url_set_hostname),
    VALUE(nodecore_url_set_port),
    VALUE(nodecore_url_set_pathname),
    VALUE(nodecore_url_set_search),
    VALUE(nodecore_url_set_hash),

    LENT(nodecore_url_search_params_of),
    TEXT(nodecore_url_search_params_parse_utf16),
    TEXT(nodecore_url_search_params_from_pairs),
    TEXT(nodecore_url_search_params_copy),
    TEXT(nodecore_url_search_params_append),
    TEXT(nodecore_url_search_params_set),
    TEXT(nodecore_url_search_params_delete),
    TEXT(nodecore_url_search_params_sort),
    TEXT(nodecore_url_search_params_get),
    TEXT(url_search_params_get_all),
    TEXT(nodecore_url_search_params_has),
    TEXT(nodecore_url_search_params_size),
    TEXT(nodecore_url_search_params_at),
    TEXT(nodecore_url_search_params_to_string),

    TEXT(nodecore_url_path_to_file_url),
    TEXT(nodecore_url_file_url_to_path),
    BYTES(nodecore_url_file_url_to_path_buffer),
    TEXT(nodecore_url_domain_to_ascii),
    TEXT(nodecore_url_domain_to_unicode),
    TEXT(nodecore_url_format),
    TEXT(nodecore_url_to_http_options),

    TEXT(nodecore_url_legacy_parse),
    TEXT(nodecore_url_legacy_format),
    TEXT(nodecore_url_legacy_resolve),
    TEXT(nodecore_url_legacy_resolve_object),

    TEXT(nodecore_url_pattern_parse_utf16),
    TEXT(nodecore_url_pattern_from_init),
    TEXT(nodecore_url_pattern_protocol),
    TEXT(nodecore_url_pattern_username),
    TEXT(nodecore_url_pattern_password),
    TEXT(nodecore_url_pattern_hostname),
    TEXT(nodecore_url_pattern_port),
    TEXT(nodecore_url_pattern_pathname),
    TEXT(nodecore_url_pattern_search),
    TEXT(nodecore_url_pattern_hash),
    TEXT(nodecore_url_pattern_has_regexp_groups),
    TEXT(nodecore_url_pattern_test_utf16),
    TEXT(nodecore_url_pattern_test_init),
    TEXT(nodecore_url_pattern_exec_utf16),
    TEXT(nodecore_url_pattern_exec_init),
};

}  // namespace

extern const Table url_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
