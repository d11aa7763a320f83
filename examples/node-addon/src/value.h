// JavaScript values of C values, and C values of JavaScript's.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "env.h"

namespace addon {

// ---- Handles: an external that frees what it holds when it is collected, and knows what that is; or a
// number.

// Specialised for handles that hold much memory, so that the collector knows what it gets back: about how
// many bytes.
template <class T>
constexpr size_t kWeight = 0;

// Specialised for handles that are numbers.
template <class T>
constexpr bool kNumbered = false;

#define NODECORE_ADDON_NUMBERED(T) \
  template <>                      \
  inline constexpr bool kNumbered<T> = true;

// Specialised for handles that have nothing to do with a loop, whatever is done to them.
template <class T>
constexpr bool kStill = false;

#define NODECORE_ADDON_STILL(T) \
  template <>                   \
  inline constexpr bool kStill<T> = true;

// Specialised by NODECORE_ADDON_HANDLE for each handle of the library.
template <class T>
struct Handle : std::false_type {};

#define NODECORE_ADDON_HANDLE(T, FREE)                                    \
  template <>                                                             \
  struct Handle<T> : std::true_type {                                     \
    static void release(void *pointer) { FREE(static_cast<T *>(pointer)); } \
    static const void *type() {                                           \
      static const char tag = 0;                                          \
      return &tag;                                                        \
    }                                                                     \
  };

napi_value wrap(napi_env env, const void *type, void *pointer, void (*release)(void *), size_t weight = 0);
// Frees what a handle holds, once.
void release(napi_env env, Box *box);
// NULL if the value is no handle of that type, or was freed.
void *unwrap(napi_env env, napi_value value, const void *type);

// What a handle of JavaScript's holds; NULL if it is none of that type, or was freed.
template <class T>
T *handle_of(Env &own, napi_value value) {
  using S = std::remove_const_t<T>;
  if constexpr (kNumbered<S>) {
    napi_valuetype kind;
    uint32_t number;
    // Deno makes a number of whatever there is.
    if (!value || napi_typeof(own.env, value, &kind) != napi_ok || kind != napi_number) return nullptr;
    if (napi_get_value_uint32(own.env, value, &number) != napi_ok) return nullptr;
    return static_cast<T *>(own.numbered.get(number, Handle<S>::type()));
  } else {
    return static_cast<T *>(unwrap(own.env, value, Handle<S>::type()));
  }
}
// A handle for JavaScript.
template <class T>
napi_value js_handle(Env &own, T *held, void (*release)(void *), size_t weight = 0);

// ---- Shapes: structs that are read from objects and written to them, field by field.

// Specialised beside the tables: `initial()`, and `each(f)` that calls f("name", &T::member) for every field.
struct Raw {};
template <class T>
struct Shape : std::false_type {};

#define NODECORE_ADDON_SHAPE(T, INIT, ...)     \
  template <>                                  \
  struct Shape<T> : std::true_type {           \
    static T initial() {                       \
      T made = INIT;                           \
      return made;                             \
    }                                          \
    template <class F>                         \
    static constexpr void each(F f) {          \
      using Of = T;                            \
      __VA_ARGS__                              \
    }                                          \
  };
#define FIELD(NAME) f(#NAME, &Of::NAME);
// A `const void *` that is followed by its length.
#define BYTES_FIELD(NAME) f(#NAME, &Of::NAME, &Of::NAME##_len);
// A view that is given as a buffer, and not as text.
#define RAW_FIELD(NAME) f(#NAME, &Of::NAME, Raw());

// Specialised by NODECORE_ADDON_FREED for a struct that holds what has to be freed once JavaScript has its
// fields.
template <class T>
struct Freed {
  static void free(T *) {}
};

#define NODECORE_ADDON_FREED(T, FREE)          \
  template <>                                  \
  struct Freed<T> {                            \
    static void free(T *value) { FREE(value); } \
  };

// ---- One call from JavaScript

// Memory that lives as long as the call.
class Arena {
 public:
  Arena() {}  // leaves the memory as it is
  // What is left of the memory at hand, of which the beginning can be taken next.
  void *rest(size_t *size) {
    *size = sizeof(small_) - used_;
    return small_ + used_;
  }
  void *take(size_t size) {
    if (size <= sizeof(small_) - used_) {
      void *here = small_ + used_;
      used_ += (size + 15) & ~size_t{15};
      if (used_ > sizeof(small_)) used_ = sizeof(small_);
      return here;
    }
    large_.emplace_back(new char[size]);
    return large_.back().get();
  }

 private:
  alignas(16) char small_[2048];
  size_t used_ = 0;
  std::vector<std::unique_ptr<char[]>> large_;
};

struct Callback;

// A function among options, which the library calls while the call lasts.
struct Called;

struct Call {
  Env &own;
  napi_env env;
  const napi_value *argv;
  size_t argc;
  bool text;                     // bytes are given to JavaScript as a string
  size_t at = 0;                 // the next argument
  size_t length = 0;             // of the text, bytes or list before: what the next size_t is
  bool has_length = false;
  Callback *callback = nullptr;  // what the next `user` and `release` are for
  Called *called = nullptr;      // what the next field `user` is for
  nodecore_error *err = nullptr;
  std::vector<napi_value> lent = {};      // memory that the callback to come keeps
  std::vector<Callback *> within = {};    // functions within options; the callback to come keeps them
  std::vector<Callback *> passed = {};    // callbacks that the library is given, with what releases them
  Arena arena = Arena();

  ~Call();  // lets go of what nobody has taken
  // Lets go of the callbacks, because the library is not called.
  void drop_callbacks();
  napi_value next() { return at < argc ? argv[at++] : nullptr; }
  void set_length(size_t n) {
    length = n;
    has_length = true;
  }
};

// UTF-8 of a string, or the memory of a buffer, a view or an array buffer; NULL for undefined and null.
const char *bytes_of(Call &call, napi_value value, size_t *length);
// The units of a string; NULL for undefined and null.
const uint16_t *units_of(Call &call, napi_value value, size_t *length);
bool is_nothing(napi_env env, napi_value value);
int64_t integer_of(napi_env env, napi_value value);
double number_of(napi_env env, napi_value value);
bool truth_of(napi_env env, napi_value value);

inline void put(napi_env env, napi_value list, size_t at, napi_value value) {
  napi_set_element(env, list, static_cast<uint32_t>(at), value);
}

napi_value js_undefined(napi_env env);
napi_value js_null(napi_env env);
napi_value js_bool(napi_env env, bool value);
napi_value js_number(napi_env env, double value);
napi_value js_integer(napi_env env, int64_t value);  // a BigInt beyond 2^53
napi_value js_text(napi_env env, const char *data, size_t length);
napi_value js_text16(napi_env env, const uint16_t *data, size_t length);
// A copy of the bytes; undefined for none.
napi_value js_bytes(napi_env env, nodecore_str bytes);
// Takes the bytes.
napi_value js_buffer(napi_env env, nodecore_buf *bytes);
napi_value js_error(Env &own, const nodecore_error *err);
// A value that is thrown or reported, as an error to be given and freed; NULL for undefined and null.
nodecore_error *error_of(Env &own, napi_value value);
// Throws what `err` says, or if it is NULL what `status` says, and frees it.
void throw_error(Env &own, nodecore_status status, nodecore_error *err);
// What has been thrown where no JavaScript waits is an uncaught exception.
void report_uncaught(napi_env env);

// ---- From C to JavaScript

template <class T>
napi_value js_handle(Env &own, T *held, void (*release)(void *), size_t weight) {
  const void *type = Handle<T>::type();
  if constexpr (kNumbered<T>)
    return js_number(own.env, static_cast<double>(own.numbered.add({type, held, release, weight})));
  else return wrap(own.env, type, held, release, weight);
}

template <class T, class = void>
struct Js;

template <class T>
napi_value js_of(Env &own, bool text, T value) {
  return Js<T>::of(own, text, value);
}

template <>
struct Js<bool> {
  static napi_value of(Env &own, bool, bool value) { return js_bool(own.env, value); }
};
template <class T>
struct Js<T, std::enable_if_t<std::is_floating_point_v<T>>> {
  static napi_value of(Env &own, bool, T value) { return js_number(own.env, value); }
};
template <class T>
struct Js<T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>>> {
  static napi_value of(Env &own, bool, T value) {
    if constexpr (sizeof(T) < 8) return js_number(own.env, value);
    if constexpr (std::is_unsigned_v<T>) {
      if (value > uint64_t{INT64_MAX}) {
        napi_value big;
        napi_create_bigint_uint64(own.env, value, &big);
        return big;
      }
    }
    return js_integer(own.env, static_cast<int64_t>(value));
  }
};
template <>
struct Js<nodecore_str> {
  static napi_value of(Env &own, bool, nodecore_str value) {
    return value.data ? js_text(own.env, value.data, value.len) : js_undefined(own.env);
  }
};
template <>
struct Js<nodecore_str16> {
  static napi_value of(Env &own, bool, nodecore_str16 value) {
    return value.data ? js_text16(own.env, value.data, value.len) : js_undefined(own.env);
  }
};
template <>
struct Js<nodecore_buf *> {
  static napi_value of(Env &own, bool text, nodecore_buf *value) {
    if (!value) return js_undefined(own.env);
    if (!text) return js_buffer(own.env, value);
    napi_value string = js_text(own.env, value->data, value->len);
    nodecore_buf_free(value);
    return string;
  }
};
template <>
struct Js<nodecore_buf16 *> {
  static napi_value of(Env &own, bool, nodecore_buf16 *value) {
    napi_value string = js_text16(own.env, value->data, value->len);
    nodecore_buf16_free(value);
    return string;
  }
};
template <>
struct Js<const nodecore_error *> {
  static napi_value of(Env &own, bool, const nodecore_error *value) {
    return value ? js_error(own, value) : js_null(own.env);
  }
};
template <class T>
struct Js<T *, std::enable_if_t<Handle<T>::value>> {
  static napi_value of(Env &own, bool, T *value) {
    return value ? js_handle(own, value, Handle<T>::release, kWeight<T>) : js_null(own.env);
  }
};

// An array of values.
napi_value js_list(Env &own, const napi_value *values, size_t count);
// An object with these values by the names of a shape, which has a number of its own.
size_t new_shape();
napi_value js_shaped(Env &own, size_t shape, const char *const *names, const napi_value *values,
                     size_t count);

template <class T>
napi_value js_object(Env &own, bool text, const T &value) {
  static const size_t shape = new_shape();
  constexpr size_t kFields = [] {
    size_t fields = 0;
    Shape<T>::each([&](auto...) { fields++; });
    return fields;
  }();
  const char *names[kFields];
  napi_value values[kFields];
  size_t count = 0;
  Shape<T>::each([&](const char *name, auto member, auto... more) {
    using Field = std::decay_t<decltype(value.*member)>;
    napi_value field;
    if constexpr (sizeof...(more) > 0) {
      field = js_bytes(own.env, value.*member);
    } else if constexpr (Shape<Field>::value) {
      field = js_object<Field>(own, text, value.*member);
    } else {
      field = js_of<Field>(own, text, value.*member);
    }
    names[count] = name;
    values[count++] = field;
  });
  return js_shaped(own, shape, names, values, count);
}
template <class T>
struct Js<T, std::enable_if_t<Shape<T>::value>> {
  static napi_value of(Env &own, bool text, T value) { return js_object<T>(own, text, value); }
};
template <class T>
struct Js<const T *, std::enable_if_t<Shape<T>::value>> {
  static napi_value of(Env &own, bool text, const T *value) {
    return value ? js_object<T>(own, text, *value) : js_undefined(own.env);
  }
};

// ---- Callbacks: a JavaScript function that the library calls later, or during the call.

struct Called {
  Call &call;
  napi_value function;

  static Called *take(Call &call, napi_value value);
  // NULL if it threw, which then is pending.
  napi_value invoke(napi_value argument);
};

struct Callback {
  Env &own;
  napi_ref function;
  bool text;
  napi_async_context context;  // what AsyncLocalStorage has where the callback was given
  std::vector<napi_ref> kept = {};
  std::vector<Callback *> within = {};

  // NULL for undefined and null. It keeps what the call has lent so far.
  static Callback *take(Call &call, napi_value value);
  static void release(void *user);
  // Calls it. An exception is the caller's if JavaScript waits for the call to return, and else uncaught.
  napi_value invoke(size_t count, const napi_value *values);
};

}  // namespace addon
