// JavaScript's values as the library keeps them: by their place in a table, because Node-API has no
// references to primitive values.
#pragma once

#include <deque>

#include "value.h"

namespace addon {

// An environment's table.
class Values {
 public:
  napi_ref slice = nullptr, join = nullptr;  // of lib/stream/host.js

  explicit Values(napi_env env) : env_(env) {}
  ~Values();

  static Values &of(Env &own);
  // The functions by which the library keeps values.
  static const nodecore_stream_value_type *type();

  // Keeps a value; the caller has the first reference.
  void *add(napi_value value);
  // As add(), for a call of JavaScript's, which ends with settle(): most values are needed no longer than
  // that.
  void *lend(napi_value value);
  // Gives back the caller's reference; what the library has kept goes into the table.
  static void settle(void *object);
  static napi_value get(void *object);
  static void retain(void *object) { static_cast<Place *>(object)->count++; }
  static void release(void *object);

  // A value that is thrown or reported, as an error that is given; NULL for undefined and null.
  nodecore_error *error(napi_value value);
  // Makes `value` what the error is in JavaScript.
  void attach(nodecore_error *error, napi_value value);
  // What an error is in JavaScript, if it came from there; else NULL.
  static napi_value of_error(const nodecore_error *error);

 private:
  struct Place {
    Values &table;
    uint32_t at;
    size_t count;
    napi_value lent;  // until the call ends
  };

  Place &take();

  napi_value array();
  // What one of the functions makes of its arguments: it returns a value and its size.
  nodecore_stream_value made(napi_ref function, size_t count, const napi_value *argv);

  napi_env env_;
  napi_ref array_ = nullptr;
  std::deque<Place> places_;
  std::vector<Place *> free_;
};

}  // namespace addon
