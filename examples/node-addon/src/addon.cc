// The addon: every table's functions on one object. It links the library through its C interface alone.
#include "bind.h"

namespace addon {

#define TABLES(T)                                                                                       \
  T(path) T(querystring) T(url) T(zlib) T(zip) T(abort) T(fs) T(fs_file) T(fs_dir) T(fs_watch)          \
  T(fs_constants) T(crypto) T(crypto_cipher) T(crypto_dh) T(crypto_hash) T(crypto_kdf) T(crypto_key)    \
  T(crypto_mac) T(crypto_random) T(crypto_sign) T(crypto_web) T(crypto_x509) T(stream) T(stream_peer)
#define TABLE(NAME) extern const Table NAME##_table;
TABLES(TABLE)
#undef TABLE

namespace {

// Frees what a handle holds before it is collected.
napi_value release_handle(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value handle;
  napi_valuetype kind;
  void *data = nullptr;
  uint32_t number;
  napi_get_cb_info(env, info, &argc, &handle, nullptr, &data);
  if (argc == 0 || napi_typeof(env, handle, &kind) != napi_ok) return nullptr;
  if (kind == napi_number && napi_get_value_uint32(env, handle, &number) == napi_ok)
    static_cast<Env *>(data)->numbered.release(number);
  if (kind != napi_external) return nullptr;
  napi_get_value_external(env, handle, &data);
  release(env, static_cast<Box *>(data));
  return nullptr;
}

void close_driver(void *data, void (*then)(void *), void *then_data) {
  auto &own = *static_cast<Env *>(data);
  Driver *driver = own.driver;
  own.driver = nullptr;
  driver->close(then, then_data);
}

// start(hostHasLibuv, makeError, makeMaker, makeList): to be called once, before anything else.
napi_value start(napi_env env, napi_callback_info info) {
  size_t argc = 4;
  napi_value argv[4];
  void *data = nullptr;
  napi_get_cb_info(env, info, &argc, argv, nullptr, &data);
  auto &own = *static_cast<Env *>(data);
  napi_create_reference(env, argv[1], 1, &own.make_error);
  napi_create_reference(env, argv[2], 1, &own.make_maker);
  napi_create_reference(env, argv[3], 1, &own.make_list);
  nodecore_error *err = nullptr;
  const nodecore_status status = nodecore_loop_new(&own.loop, &err);
  if (status != NODECORE_OK) {
    throw_error(own, status, err);
    return nullptr;
  }
  own.host_has_libuv = truth_of(env, argv[0]);
  own.driver = Driver::create(own, own.host_has_libuv);
  // Handles of the host's loop take a turn of it to close; a thread is just joined.
  if (own.host_has_libuv) {
    napi_add_async_cleanup_hook(
        env,
        [](napi_async_cleanup_hook_handle handle, void *data) {
          close_driver(data, [](void *handle) {
            napi_remove_async_cleanup_hook(static_cast<napi_async_cleanup_hook_handle>(handle));
          }, handle);
        },
        &own, nullptr);
  } else {
    napi_add_env_cleanup_hook(env, [](void *data) { close_driver(data, [](void *) {}, nullptr); }, &own);
  }
  return nullptr;
}

void add(napi_env env, napi_value exports, Env *own, const char *name, napi_callback function) {
  napi_value made;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, function, own, &made);
  // JavaScript names them without the prefix that C needs.
  napi_set_named_property(env, exports, strncmp(name, "nodecore_", 9) == 0 ? name + 9 : name, made);
}

}  // namespace

}  // namespace addon

NAPI_MODULE_INIT() {
  using namespace addon;
  auto *own = new Env;
  own->env = env;
  napi_set_instance_data(env, own, [](napi_env, void *data, void *) {
    auto *own = static_cast<Env *>(data);
    own->scopeless = !own->host_has_libuv;
    nodecore_loop_free(own->loop);
    delete own;
  }, nullptr);
  add(env, exports, own, "start", start);
  add(env, exports, own, "release", release_handle);
#define TABLE(NAME) \
  for (size_t i = 0; i < NAME##_table.count; i++) \
    add(env, exports, own, NAME##_table.bindings[i].name, NAME##_table.bindings[i].function);
  TABLES(TABLE)
#undef TABLE
  return exports;
}
