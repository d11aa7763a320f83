#include <dlfcn.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "value.h"

namespace addon {

void Driver::turn(Env &own) {
  napi_handle_scope scope;
  napi_open_handle_scope(own.env, &scope);
  nodecore_error *err = nullptr;
  const nodecore_status status = nodecore_loop_run(own.loop, NODECORE_RUN_NOWAIT, nullptr, &err);
  if (status != NODECORE_OK) throw_error(own, status, err);
  report_uncaught(own.env);
  napi_close_handle_scope(own.env, scope);
}

namespace {

// The few functions of libuv that are asked for. They are the host's, found by name, because the library
// brings a libuv of its own, of another version perhaps; handles are as large as the host's say they are.
struct Uv {
  size_t (*handle_size)(int type);
  int (*poll_init)(void *loop, void *handle, int fd);
  int (*poll_start)(void *handle, int events, void (*cb)(void *handle, int status, int events));
  int (*timer_init)(void *loop, void *handle);
  int (*timer_start)(void *handle, void (*cb)(void *handle), uint64_t timeout, uint64_t repeat);
  int (*timer_stop)(void *handle);
  int (*prepare_init)(void *loop, void *handle);
  int (*prepare_start)(void *handle, void (*cb)(void *handle));
  void (*ref)(void *handle);
  void (*unref)(void *handle);
  void (*close)(void *handle, void (*cb)(void *handle));
  void (*set_data)(void *handle, void *data);

  bool find() {
    return look(handle_size, "uv_handle_size") && look(poll_init, "uv_poll_init") &&
           look(poll_start, "uv_poll_start") && look(timer_init, "uv_timer_init") &&
           look(timer_start, "uv_timer_start") && look(timer_stop, "uv_timer_stop") &&
           look(prepare_init, "uv_prepare_init") && look(prepare_start, "uv_prepare_start") &&
           look(ref, "uv_ref") && look(unref, "uv_unref") && look(close, "uv_close") &&
           look(set_data, "uv_handle_set_data");
  }

 private:
  template <class F>
  static bool look(F &function, const char *name) {
    function = reinterpret_cast<F>(dlsym(RTLD_DEFAULT, name));
    return function != nullptr;
  }
};

// Numbers of libuv's interface that are the same in every version 1.
constexpr int kUvPoll = 8, kUvPrepare = 9, kUvTimer = 13, kUvReadable = 1;

class UvDriver final : public Driver {
 public:
  UvDriver(Env &own, const Uv &uv, void *loop) : own_(own), uv_(uv) {
    poll_ = make(kUvPoll);
    timer_ = make(kUvTimer);
    prepare_ = make(kUvPrepare);
    uv_.poll_init(loop, poll_, nodecore_loop_backend_fd(own.loop));
    uv_.timer_init(loop, timer_);
    uv_.prepare_init(loop, prepare_);
    for (void *handle : {poll_, timer_, prepare_}) {
      uv_.set_data(handle, this);
      uv_.unref(handle);
    }
    uv_.poll_start(poll_, kUvReadable, [](void *handle, int, int) { of(handle).run(); });
    // What was begun since the last turn is told to the system before the host waits.
    uv_.prepare_start(prepare_, [](void *handle) {
      UvDriver &self = of(handle);
      if (self.changed_) self.run();
    });
  }

  void changed() override {
    changed_ = true;
    keep_alive();
  }

  void close(void (*then)(void *), void *data) override {
    then_ = then;
    then_data_ = data;
    open_ = 3;
    for (void *handle : {poll_, timer_, prepare_})
      uv_.close(handle, [](void *closed) {
        UvDriver &self = of(closed);
        ::operator delete(closed);
        if (--self.open_ == 0) {
          auto then = self.then_;
          void *data = self.then_data_;
          delete &self;
          then(data);
        }
      });
  }

 private:
  void *make(int type) { return ::operator new(uv_.handle_size(type)); }
  // A handle begins with its `data`.
  static UvDriver &of(void *handle) { return *static_cast<UvDriver *>(*static_cast<void **>(handle)); }

  void run() {
    changed_ = false;
    turn(own_);
    keep_alive();
    const int wait = alive_ ? nodecore_loop_backend_timeout(own_.loop) : -1;
    if (wait < 0) uv_.timer_stop(timer_);
    else uv_.timer_start(timer_, [](void *handle) { of(handle).run(); }, static_cast<uint64_t>(wait), 0);
  }

  void keep_alive() {
    const bool alive = nodecore_loop_alive(own_.loop);
    if (alive == alive_) return;
    alive_ = alive;
    (alive ? uv_.ref : uv_.unref)(poll_);
  }

  Env &own_;
  Uv uv_;
  void *poll_, *timer_, *prepare_;
  bool changed_ = false, alive_ = false;
  int open_ = 0;
  void (*then_)(void *) = nullptr;
  void *then_data_ = nullptr;
};

// A thread that waits for the library's loop and asks the host to run it.
class ThreadDriver final : public Driver {
 public:
  explicit ThreadDriver(Env &own)
      : own_(own), fd_(nodecore_loop_backend_fd(own.loop)), wake_(eventfd(0, EFD_CLOEXEC)) {
    napi_value name;
    napi_create_string_utf8(own.env, "nodecore", NAPI_AUTO_LENGTH, &name);
    napi_create_threadsafe_function(own.env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, this, on_host,
                                    &function_);
    napi_unref_threadsafe_function(own.env, function_);
    thread_ = std::thread([this] { wait(); });
  }

  void changed() override {
    keep_alive();
    if (!asked_.exchange(true)) napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
  }

  void close(void (*then)(void *), void *data) override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ended_ = true;
      ran_ = true;
    }
    condition_.notify_one();
    wake();
    thread_.join();
    napi_release_threadsafe_function(function_, napi_tsfn_abort);
    ::close(wake_);
    delete this;
    then(data);
  }

 private:
  static void on_host(napi_env env, napi_value, void *context, void *) {
    if (!env) return;
    auto &self = *static_cast<ThreadDriver *>(context);
    self.asked_ = false;
    turn(self.own_);
    self.keep_alive();
    {
      std::lock_guard<std::mutex> lock(self.mutex_);
      self.timeout_ = self.alive_ ? nodecore_loop_backend_timeout(self.own_.loop) : -1;
      self.ran_ = true;
    }
    self.condition_.notify_one();
    self.wake();
  }

  void wake() {
    const uint64_t one = 1;
    ssize_t written = write(wake_, &one, sizeof one);
    (void)written;
  }

  void wait() {
    for (;;) {
      int timeout;
      {
        std::lock_guard<std::mutex> lock(mutex_);
        if (ended_) return;
        timeout = timeout_;
        ran_ = false;
      }
      pollfd fds[2] = {{fd_, POLLIN, 0}, {wake_, POLLIN, 0}};
      const int ready = poll(fds, 2, timeout);
      if (fds[1].revents) {
        uint64_t many;
        ssize_t taken = read(wake_, &many, sizeof many);
        (void)taken;
      }
      if (ready > 0 && !fds[0].revents) continue;
      std::unique_lock<std::mutex> lock(mutex_);
      if (ended_) return;
      ran_ = false;
      if (!asked_.exchange(true)) napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
      condition_.wait(lock, [this] { return ran_; });
    }
  }

  void keep_alive() {
    const bool alive = nodecore_loop_alive(own_.loop);
    if (alive == alive_) return;
    alive_ = alive;
    (alive ? napi_ref_threadsafe_function : napi_unref_threadsafe_function)(own_.env, function_);
  }

  Env &own_;
  const int fd_, wake_;
  napi_threadsafe_function function_ = nullptr;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable condition_;
  std::atomic<bool> asked_{false};
  bool ran_ = false, ended_ = false, alive_ = false;
  int timeout_ = -1;
};

}  // namespace

Driver *Driver::create(Env &own, bool host_has_libuv) {
  Uv uv;
  struct uv_loop_s *loop = nullptr;
  if (host_has_libuv && uv.find() && napi_get_uv_event_loop(own.env, &loop) == napi_ok)
    return new UvDriver(own, uv, loop);
  return new ThreadDriver(own);
}

}  // namespace addon
