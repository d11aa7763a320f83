// JavaScript's values as the library keeps them: by their number in a table, because Node-API has no references to
// primitive values.
#pragma once

#include "value.h"

namespace addon {

class Values {
 public:
  napi_ref slice = nullptr, join = nullptr;  // of lib/stream/host.js

  static Values &of(Env &own);
  // The functions by which the library keeps values.
  static const nodecore_stream_value_type *type();

  // Keeps a value; the caller has the first reference.
  void *add(napi_value value);
  napi_value get(void *object);
  void retain(void *object) { counts_[index(object)]++; }
  void release(void *object);

  // A value that is thrown or reported, as an error that is given; NULL for undefined and null.
  nodecore_error *error(napi_value value);
  // Makes `value` what the error is in JavaScript.
  void attach(nodecore_error *error, napi_value value);
  // What an error is in JavaScript, if it came from there; else NULL.
  static napi_value of_error(Env &own, const nodecore_error *error);

 private:
  static size_t index(void *object) { return reinterpret_cast<uintptr_t>(object) - 1; }
  napi_value array();

  napi_env env_ = nullptr;
  napi_ref array_ = nullptr;
  std::vector<uint32_t> counts_, free_;
};

}  // namespace addon
