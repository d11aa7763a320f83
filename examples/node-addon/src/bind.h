// A function of the library as a function of JavaScript, made of its type alone:
// `call<nodecore_hash_update>`.
//
// Parameters are taken from JavaScript's arguments in their order, but for those that follow from others:
//
//   const char *, size_t          a string, as UTF-8, or a buffer, whose memory is lent
//   const uint16_t *, size_t      a string, as UTF-16
//   const nodecore_str *, size_t  an array of strings or buffers
//   const T *options              an object with the names of the struct's fields, or undefined
//   T *handle                     what a call has given
//   const nodecore_fs_buffer *, size_t   an array of buffers that are written to; a callback keeps them
//   T value, of a shape           an object with the names of the struct's fields
//   callback, user, release       a function
//   nodecore_loop *               the environment's own; no argument
//   nodecore_request **           not asked for; no argument
//   T *out, T **out               no argument: what the call gives (an array, if there are several)
//   std::vector<nodecore_str> *   no argument: an array of strings (of the addon's own functions)
//   const nodecore_error *        any value; undefined and null are none
//   nodecore_error **             no argument: thrown
//
// A function within options gets what its C type says; what it returns is the verdict: a `bool` that is
// returned, or a `bool *` among the parameters. One struct has one function, which its `user` is for.
#pragma once

#include <tuple>
#include <utility>

#include "value.h"

namespace addon {

// A parameter: made of the call before it, read by `get()`, and what it has received is given by `give()`.
template <class P, class = void>
struct Param;

struct In {
  static constexpr bool gives = false;
};
struct Out {
  static constexpr bool gives = true;
};

template <class T>
struct BytesParam : In {
  T *data;
  explicit BytesParam(Call &call) {
    size_t length = 0;
    data = reinterpret_cast<T *>(const_cast<char *>(bytes_of(call, call.next(), &length)));
    call.set_length(length);
  }
  T *get() { return data; }
};
template <>
struct Param<const char *> : BytesParam<const char> {
  using BytesParam::BytesParam;
};
template <>
struct Param<const uint8_t *> : BytesParam<const uint8_t> {
  using BytesParam::BytesParam;
};
template <>
struct Param<const void *> : BytesParam<const void> {
  using BytesParam::BytesParam;
};

// `user` after a callback, else memory to write to.
template <>
struct Param<void *> : In {
  void *data;
  explicit Param(Call &call) {
    if (call.callback) {
      data = call.callback;
      return;
    }
    size_t length = 0;
    data = const_cast<char *>(bytes_of(call, call.next(), &length));
    call.set_length(length);
  }
  void *get() { return data; }
};

template <>
struct Param<const uint16_t *> : In {
  const uint16_t *data;
  explicit Param(Call &call) {
    size_t length = 0;
    data = units_of(call, call.next(), &length);
    call.set_length(length);
  }
  const uint16_t *get() { return data; }
};

// A list: `read` makes one entry of a value.
template <class T, class Read>
const T *list_of(Call &call, napi_value array, Read read) {
  uint32_t count = 0;
  bool is_array = false;
  if (array) napi_is_array(call.env, array, &is_array);
  if (is_array) napi_get_array_length(call.env, array, &count);
  T *entries = static_cast<T *>(call.arena.take(sizeof(T) * (count + 1)));
  for (uint32_t i = 0; i < count; i++) {
    napi_value entry;
    napi_get_element(call.env, array, i, &entry);
    entries[i] = read(entry);
  }
  call.set_length(count);
  return is_array ? entries : nullptr;
}
template <>
struct Param<const nodecore_str *> : In {
  const nodecore_str *data;
  explicit Param(Call &call)
      : data(list_of<nodecore_str>(call, call.next(), [&](napi_value value) {
          nodecore_str entry = {nullptr, 0};
          entry.data = bytes_of(call, value, &entry.len);
          return entry;
        })) {}
  const nodecore_str *get() { return data; }
};
template <>
struct Param<const nodecore_str16 *> : In {
  const nodecore_str16 *data;
  explicit Param(Call &call)
      : data(list_of<nodecore_str16>(call, call.next(), [&](napi_value value) {
          nodecore_str16 entry = {nullptr, 0};
          entry.data = units_of(call, value, &entry.len);
          return entry;
        })) {}
  const nodecore_str16 *get() { return data; }
};

template <>
struct Param<const nodecore_fs_buffer *> : In {
  const nodecore_fs_buffer *data;
  explicit Param(Call &call)
      : data(list_of<nodecore_fs_buffer>(call, call.next(), [&](napi_value value) {
          nodecore_fs_buffer entry = {nullptr, 0};
          entry.data = const_cast<char *>(bytes_of(call, value, &entry.len));
          call.lent.push_back(value);
          return entry;
        })) {}
  const nodecore_fs_buffer *get() { return data; }
};

template <class T>
struct Param<T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>>> : In {
  T value;
  explicit Param(Call &call) {
    if (std::is_same_v<T, size_t> && call.has_length) {
      value = static_cast<T>(call.length);
      call.has_length = false;
    } else {
      value = static_cast<T>(integer_of(call.env, call.next()));
    }
  }
  T get() { return value; }
};
template <>
struct Param<bool> : In {
  bool value;
  explicit Param(Call &call) : value(truth_of(call.env, call.next())) {}
  bool get() { return value; }
};
template <>
struct Param<double> : In {
  double value;
  explicit Param(Call &call) : value(number_of(call.env, call.next())) {}
  double get() { return value; }
};

template <>
struct Param<nodecore_loop *> : In {
  nodecore_loop *loop;
  explicit Param(Call &call) : loop(call.own.loop) {}
  nodecore_loop *get() { return loop; }
};
template <>
struct Param<nodecore_request **> : In {
  explicit Param(Call &) {}
  nodecore_request **get() { return nullptr; }
};
// Whatever JavaScript throws or rejects with, as the library carries it; NULL for undefined and null.
template <>
struct Param<const nodecore_error *> : In {
  nodecore_error *error;
  explicit Param(Call &call) : error(error_of(call.own, call.next())) {}
  ~Param() { nodecore_error_free(error); }
  Param(Param &&other) : error(other.error) { other.error = nullptr; }
  const nodecore_error *get() { return error; }
};
template <>
struct Param<nodecore_error **> : In {
  Call &call;
  explicit Param(Call &call) : call(call) {}
  nodecore_error **get() { return &call.err; }
};

// A function of JavaScript behind a function pointer: the last parameter is `user`, all others become
// arguments.
template <class F>
struct Trampoline;
template <class R, class... A>
struct Trampoline<R (*)(A...)> {
  static R run(A... values) {
    auto all = std::forward_as_tuple(values...);
    auto *callback = static_cast<Callback *>(std::get<sizeof...(A) - 1>(all));
    napi_handle_scope scope;
    napi_open_handle_scope(callback->own.env, &scope);
    napi_value result = invoke(*callback, all, std::make_index_sequence<sizeof...(A) - 1>());
    [[maybe_unused]] const bool verdict = result && truth_of(callback->own.env, result);
    [[maybe_unused]] auto tell = [&](auto value) {
      if constexpr (std::is_same_v<decltype(value), bool *>) *value = verdict;
    };
    (tell(values), ...);
    napi_close_handle_scope(callback->own.env, scope);
    if constexpr (std::is_same_v<R, bool>) return verdict;
    else if constexpr (!std::is_void_v<R>) return result ? NODECORE_OK : NODECORE_ECANCELED;
  }

 private:
  template <class T>
  static void add(Callback &callback, napi_value *given, size_t &count, T value) {
    if constexpr (!std::is_same_v<T, bool *>) given[count++] = js_of<T>(callback.own, callback.text, value);
  }
  template <class All, size_t... I>
  static napi_value invoke(Callback &callback, All &all, std::index_sequence<I...>) {
    napi_value given[sizeof...(I) + 1];
    size_t count = 0;
    using Types = std::tuple<A...>;
    (add<std::decay_t<std::tuple_element_t<I, Types>>>(callback, given, count, std::get<I>(all)), ...);
    (void)all;
    return callback.invoke(count, given);
  }
};

template <class T>
struct IsFunction : std::false_type {};
template <class R, class... A>
struct IsFunction<R (*)(A...)> : std::true_type {};

template <class T, class = void>
struct HasUser : std::false_type {};
template <class T>
struct HasUser<T, std::void_t<decltype(T::user)>> : std::true_type {};

// A struct out of an object.
template <class T>
void read_field(Call &call, napi_value value, T &field);

// A function among its fields that makes text of text; what it gives that is none is a failure. The struct's
// `user` is it.
template <class F>
struct TextFunction : std::false_type {};
template <class T, class R>
struct TextFunctionOf : std::true_type {
  static nodecore_status run(T text, R *out, void *user) {
    auto &called = *static_cast<Called *>(user);
    napi_value result = called.invoke(js_of<T>(called.call.own, true, text));
    out->data = nullptr;
    if (result) read_field(called.call, result, *out);
    return out->data ? NODECORE_OK : NODECORE_UNCODED;
  }
};
template <class T>
struct TextFunction<nodecore_status (*)(T, nodecore_str *, void *)> : TextFunctionOf<T, nodecore_str> {};
template <class T>
struct TextFunction<nodecore_status (*)(T, nodecore_str16 *, void *)> : TextFunctionOf<T, nodecore_str16> {};

template <class T>
void read_object(Call &call, napi_value object, T &into) {
  Shape<T>::each([&](const char *name, auto member, auto... more) {
    napi_value value = nullptr;
    napi_get_named_property(call.env, object, name, &value);
    if (is_nothing(call.env, value)) return;
    using Field = std::decay_t<decltype(into.*member)>;
    if constexpr (std::is_same_v<Field, const void *> && sizeof...(more) > 0) {
      into.*member = bytes_of(call, value, &((into.*more), ...));
    } else {
      read_field(call, value, into.*member);
    }
    if constexpr (IsFunction<Field>::value && !TextFunction<Field>::value && HasUser<T>::value) {
      if (into.*member) into.user = call.within.back();
    }
  });
  if constexpr (HasUser<T>::value) {
    if (call.called) into.user = call.called;
    call.called = nullptr;
  }
}
template <class T>
const T *struct_of(Call &call, napi_value value) {
  if (is_nothing(call.env, value)) return nullptr;
  T *made = new (call.arena.take(sizeof(T))) T(Shape<T>::initial());
  read_object(call, value, *made);
  return made;
}
template <class T>
void read_field(Call &call, napi_value value, T &field) {
  if constexpr (std::is_same_v<T, bool>) {
    field = truth_of(call.env, value);
  } else if constexpr (std::is_floating_point_v<T>) {
    field = number_of(call.env, value);
  } else if constexpr (std::is_integral_v<T>) {
    field = static_cast<T>(integer_of(call.env, value));
  } else if constexpr (std::is_same_v<T, nodecore_str>) {
    field.data = bytes_of(call, value, &field.len);
  } else if constexpr (std::is_same_v<T, nodecore_str16>) {
    field.data = units_of(call, value, &field.len);
  } else if constexpr (std::is_same_v<T, const void *>) {
    size_t length;  // the field beside it says so too
    field = bytes_of(call, value, &length);
  } else if constexpr (TextFunction<T>::value) {
    call.called = Called::take(call, value);
    field = call.called ? TextFunction<T>::run : nullptr;
  } else if constexpr (IsFunction<T>::value) {
    if (Callback *function = Callback::take(call, value)) {
      call.within.push_back(function);
      field = Trampoline<T>::run;
    }
  } else if constexpr (std::is_same_v<T, const nodecore_str *>) {
    field = list_of<nodecore_str>(call, value, [&](napi_value piece) {
      nodecore_str entry = {nullptr, 0};
      entry.data = bytes_of(call, piece, &entry.len);
      return entry;
    });
    call.has_length = false;  // the count has a field of its own
  } else if constexpr (std::is_pointer_v<T>) {
    using S = std::remove_const_t<std::remove_pointer_t<T>>;
    if constexpr (Handle<S>::value) {
      field = handle_of<std::remove_pointer_t<T>>(call.own, value);
    } else {
      static_assert(Shape<S>::value, "a field that points to what is neither a handle nor a shape");
      field = struct_of<S>(call, value);
    }
  } else {
    static_assert(Shape<T>::value, "a field of a type that has no shape");
    read_object(call, value, field);
  }
}

// Options, or a handle that is not changed.
template <class T>
struct Param<const T *, std::enable_if_t<Shape<T>::value>> : In {
  const T *data;
  explicit Param(Call &call) : data(struct_of<T>(call, call.next())) {}
  const T *get() { return data; }
};
template <class T>
struct Param<const T *, std::enable_if_t<Handle<T>::value>> : In {
  const T *data;
  explicit Param(Call &call) {
    data = handle_of<const T>(call.own, call.next());
  }
  const T *get() { return data; }
};
template <class T>
struct Param<T *, std::enable_if_t<Handle<T>::value && !std::is_const_v<T>>> : In {
  T *data;
  explicit Param(Call &call) {
    data = handle_of<T>(call.own, call.next());
  }
  T *get() { return data; }
};

// What is given: numbers, bytes, structs, handles.
template <class T>
struct Param<T *, std::enable_if_t<std::is_arithmetic_v<T> && !std::is_const_v<T>>> : Out {
  T value{};
  explicit Param(Call &) {}
  T *get() { return &value; }
  napi_value give(Call &call) { return js_of<T>(call.own, call.text, value); }
};
template <>
struct Param<nodecore_buf *> : Out {
  nodecore_buf value = NODECORE_BUF_INIT;
  explicit Param(Call &) {}
  nodecore_buf *get() { return &value; }
  napi_value give(Call &call) { return js_of<nodecore_buf *>(call.own, call.text, &value); }
};
template <>
struct Param<nodecore_buf16 *> : Out {
  nodecore_buf16 value = NODECORE_BUF16_INIT;
  explicit Param(Call &) {}
  nodecore_buf16 *get() { return &value; }
  napi_value give(Call &call) { return js_of<nodecore_buf16 *>(call.own, call.text, &value); }
};
template <class T>
struct ViewParam : Out {
  T value{};
  explicit ViewParam(Call &) {}
  T *get() { return &value; }
  napi_value give(Call &call) { return js_of<T>(call.own, call.text, value); }
};
template <>
struct Param<nodecore_str *> : ViewParam<nodecore_str> {
  using ViewParam::ViewParam;
};
template <>
struct Param<nodecore_str16 *> : ViewParam<nodecore_str16> {
  using ViewParam::ViewParam;
};
template <class T>
struct Param<T *, std::enable_if_t<Shape<T>::value && !std::is_const_v<T>>> : Out {
  T value = Shape<T>::initial();
  explicit Param(Call &) {}
  ~Param() { Freed<T>::free(&value); }
  T *get() { return &value; }
  napi_value give(Call &call) { return js_object<T>(call.own, call.text, value); }
};
template <class T>
struct Param<T **, std::enable_if_t<Handle<T>::value>> : Out {
  T *value = nullptr;
  explicit Param(Call &) {}
  T **get() { return &value; }
  napi_value give(Call &call) { return js_of<T *>(call.own, call.text, value); }
};

template <>
struct Param<std::vector<nodecore_str> *> : Out {
  std::vector<nodecore_str> value;
  explicit Param(Call &) {}
  std::vector<nodecore_str> *get() { return &value; }
  napi_value give(Call &call) {
    napi_value array;
    napi_create_array_with_length(call.env, value.size(), &array);
    for (size_t i = 0; i < value.size(); i++)
      put(call.env, array, i, js_text(call.env, value[i].data, value[i].len));
    return array;
  }
};

// A struct by value.
template <class T>
struct Param<T, std::enable_if_t<Shape<T>::value>> : In {
  T value = Shape<T>::initial();
  explicit Param(Call &call) {
    napi_value object = call.next();
    if (!is_nothing(call.env, object)) read_object(call, object, value);
  }
  T get() { return value; }
};

// A callback, and after it what releases its `user`.
template <class R, class... A>
struct Param<R (*)(A...)> : In {
  using Function = R (*)(A...);
  Function function;

  explicit Param(Call &call) {
    if constexpr (sizeof...(A) == 1 && std::is_void_v<R>) {
      if (call.callback) {
        function = Callback::release;
        call.passed.push_back(call.callback);
        call.callback = nullptr;
        return;
      }
    }
    call.callback = Callback::take(call, call.next());
    function = call.callback ? Trampoline<Function>::run : nullptr;
  }
  Function get() { return function; }
};

// What a binding's table says of it beside the function.
enum class As {
  bytes,  // bytes that are given are buffers
  text,   // they are strings
  value,  // an int32_t that is returned is a number and no status
  lent,   // a handle that is returned belongs to one that JavaScript keeps beside it
  raw,    // a view that is returned is bytes, and given as a buffer
};

// Whether a call can give the loop something to do: it has the loop, a callback, or a handle to change.
template <class P>
constexpr bool kStirs = IsFunction<P>::value || std::is_same_v<P, nodecore_loop *>;
template <class T>
constexpr bool kStirs<T *> =
    IsFunction<T *>::value || std::is_same_v<T, nodecore_loop> || (Handle<T>::value && !kStill<T>);

template <auto F, As as, class R, class... P>
napi_value call_with(Call &call, R (*)(P...)) {
  constexpr bool stirs = (kStirs<P> || ...);
  Env &own = call.own;
  std::tuple<Param<P>...> params{Param<P>(call)...};
  bool thrown = false;
  napi_is_exception_pending(own.env, &thrown);
  napi_value results[sizeof...(P) + 1];
  size_t count = 0;
  if (thrown) {
    call.drop_callbacks();
    return nullptr;
  }
  own.inside++;
  if constexpr (std::is_void_v<R>) {
    std::apply([](auto &...param) { F(param.get()...); }, params);
    own.inside--;
  } else {
    R returned = std::apply([](auto &...param) { return F(param.get()...); }, params);
    own.inside--;
    if constexpr (std::is_same_v<R, nodecore_status> && as != As::value) {
      if (returned < 0) {
        napi_is_exception_pending(own.env, &thrown);
        if (thrown) nodecore_error_free(call.err);
        else throw_error(own, returned, call.err);
        if (stirs && own.driver) own.driver->changed();
        return nullptr;
      }
    } else if constexpr (as == As::lent) {
      results[count++] = js_handle(own, returned, [](void *) {});
    } else if constexpr (std::is_same_v<R, nodecore_str> && as == As::raw) {
      results[count++] = js_bytes(own.env, returned);
    } else {
      results[count++] = js_of<R>(own, call.text, returned);
    }
  }
  if (stirs && own.driver) own.driver->changed();
  std::apply(
      [&](auto &...param) {
        (([&] {
           if constexpr (std::decay_t<decltype(param)>::gives) results[count++] = param.give(call);
         }()),
         ...);
      },
      params);
  if (count == 0) return nullptr;
  if (count == 1) return results[0];
  napi_value array;
  napi_create_array_with_length(own.env, count, &array);
  for (size_t i = 0; i < count; i++) put(own.env, array, i, results[i]);
  return array;
}

template <auto F, As as = As::bytes>
napi_value call(napi_env env, napi_callback_info info) {
  constexpr size_t kMost = 16;
  napi_value argv[kMost];
  size_t argc = kMost;
  void *data = nullptr;
  napi_get_cb_info(env, info, &argc, argv, nullptr, &data);
  Call made{*static_cast<Env *>(data), env, argv, argc < kMost ? argc : kMost, as == As::text};
  return call_with<F, as>(made, F);
}

// A line of a table.
struct Binding {
  const char *name;
  napi_callback function;
};

#define BYTES(F) {#F, addon::call<F, addon::As::bytes>}
#define TEXT(F) {#F, addon::call<F, addon::As::text>}
#define LENT(F) {#F, addon::call<F, addon::As::lent>}
#define RAW(F) {#F, addon::call<F, addon::As::raw>}
#define VALUE(F) {#F, addon::call<F, addon::As::value>}
// Both, the one with strings by the name F_text.
#define BOTH(F) BYTES(F), {#F "_text", addon::call<F, addon::As::text>}

struct Table {
  const Binding *bindings;
  size_t count;
};

}  // namespace addon
