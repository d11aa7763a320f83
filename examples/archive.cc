// archive [--follow] DIR OUT.tar.gz: the same program as archive.c, which explains it, in C++17.
#include <fcntl.h>
#include <nodecore.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t kBlock = 512, kRecord = 20 * kBlock, kPackBuffer = 256 * 1024;
constexpr double kTickMs = 10;

// ---- The library's handles, freed by their own functions ----

template <typename T, auto Free>
class Handle {
 public:
  Handle() = default;
  explicit Handle(T *p) : p_(p) {}
  Handle(Handle &&other) noexcept : p_(std::exchange(other.p_, nullptr)) {}
  Handle &operator=(Handle &&other) noexcept {
    std::swap(p_, other.p_);
    return *this;
  }
  ~Handle() { Free(p_); }
  T *get() const { return p_; }
  void reset() { Free(std::exchange(p_, nullptr)); }
  // For a C function that gives one.
  T **out() {
    reset();
    return &p_;
  }

 private:
  T *p_ = nullptr;
};
using Loop = Handle<nodecore_loop, nodecore_loop_free>;
using Timer = Handle<nodecore_timer, nodecore_timer_free>;
using Stream = Handle<nodecore_stream, nodecore_stream_free>;
using Hash = Handle<nodecore_hash, nodecore_hash_free>;
using Dirents = Handle<nodecore_dirents, nodecore_dirents_free>;
using Error = Handle<nodecore_error, nodecore_error_free>;

std::string_view view(nodecore_str s) { return {s.data, s.len}; }
std::string_view message(const nodecore_error *err) { return view(nodecore_error_message(err)); }

struct Buf : nodecore_buf {
  Buf() : nodecore_buf(NODECORE_BUF_INIT) {}
  ~Buf() { nodecore_buf_free(this); }
  Buf(const Buf &) = delete;
  std::string_view view() const { return {data, len}; }
};

nodecore_stats no_stats() { return NODECORE_STATS_INIT; }

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

volatile std::sig_atomic_t interrupt_flag = 0;

// ---- tar ----

struct Header {
  char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100];
  char magic[6], version[2], uname[32], gname[32], major[8], minor[8], prefix[155], fill[12];
};
static_assert(sizeof(Header) == kBlock);

template <std::size_t N>
bool octal(char (&field)[N], std::uint64_t value, std::size_t width = N) {
  if (value >> (3 * (width - 1)) != 0) {
    std::memset(field, '0', width - 1);
    return false;
  }
  for (std::size_t i = width - 1; i-- > 0; value >>= 3) field[i] = static_cast<char>('0' + (value & 7));
  return true;
}

// name, or prefix/name; false if it fits neither.
bool put_name(Header &h, std::string_view member) {
  if (member.size() <= sizeof h.name) {
    std::memcpy(h.name, member.data(), member.size());
    return true;
  }
  for (std::size_t i = member.size() - sizeof h.name - 1; i < member.size() - 1 && i <= sizeof h.prefix; i++) {
    if (member[i] == '/' && i != 0) {
      std::memcpy(h.prefix, member.data(), i);
      std::memcpy(h.name, member.data() + i + 1, member.size() - i - 1);
      return true;
    }
  }
  std::memcpy(h.name, member.data(), sizeof h.name);
  return false;
}

// "LEN key=value\n", LEN counting itself.
void pax_record(std::string &pax, std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;
  std::size_t len = rest + 1;
  while (rest + std::to_string(len).size() != len) len = rest + std::to_string(len).size();
  pax.append(std::to_string(len)).append(" ").append(key).append("=").append(value).append("\n");
}

void json_string(std::string &out, std::string_view s) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  out += '"';
  for (std::size_t i = 0; i < s.size();) {
    const unsigned char c = byte(i);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += s[i++];
    } else if (c < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", c);
      out += escape;
      i++;
    } else if (c < 0x80) {
      out += s[i++];
    } else {
      // A whole UTF-8 sequence, or U+FFFD for a byte that starts none; the URL has the exact bytes.
      const std::size_t n = c >= 0xF0 && c < 0xF5 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 0;
      bool good = n != 0 && c < 0xF5 && i + n <= s.size();
      for (std::size_t k = 1; good && k < n; k++) good = (byte(i + k) & 0xC0) == 0x80;
      if (good && n > 2) {
        const unsigned char d = byte(i + 1);
        good = !(c == 0xE0 && d < 0xA0) && !(c == 0xED && d > 0x9F) && !(c == 0xF0 && d < 0x90) &&
               !(c == 0xF4 && d > 0x8F);
      }
      out += good ? s.substr(i, n) : std::string_view("\xEF\xBF\xBD");
      i += good ? n : 1;
    }
  }
  out += '"';
}

// ---- The job ----

// A directory being walked: what is left of its sorted names.
struct Frame {
  std::string path, member;
  Dirents list;
  std::vector<std::size_t> order;
  std::size_t next;
  std::uint64_t dev, ino;
};

// An output file: written under a name of its own, renamed at the end.
struct Output {
  std::string part, final;
  Stream stream;
  std::pair<std::uint64_t, std::uint64_t> id, old_id;
  bool exists = false, had_old = false, blocked = false, finished = false;

  ~Output() {
    if (exists) nodecore_fs_unlink_sync(part.data(), part.size(), nullptr);
  }
  bool is(const nodecore_stats &s) const {
    const std::pair its(s.dev, s.ino);
    return (exists && its == id) || (had_old && its == old_id);
  }
  void write(std::string_view line) {
    if (!nodecore_stream_write(stream.get(), line.data(), line.size())) blocked = true;
  }
};

class Job {
 public:
  explicit Job(bool follow) : follow_(follow), terminal_(isatty(STDERR_FILENO) != 0) {
    began_ = last_tick_ = seconds();
    block_.reserve(kPackBuffer);
  }
  Job(const Job &) = delete;

  int run(const std::string &dir, const std::string &out) {
    if (!begin(dir, out)) return status_;
    // The first entry is DIR itself; the archive's first wish for data starts the walk.
    on_stats(nullptr, nodecore_stats(stats_));
    nodecore_loop_run(loop_.get(), NODECORE_RUN_DEFAULT, nullptr, nullptr);
    clear_line();
    if (interrupted_) {
      std::fprintf(stderr, "archive: %s: interrupted; nothing was written\n", archive_.final.c_str());
      return 130;
    }
    if (!failed_ && keep(sums_) && keep(index_) && keep(archive_)) summary();
    return status_;
  }

 private:
  // The archive's C callbacks get the job as their `user`.
  template <auto Method, typename... Args>
  static void call(Args... args, void *user) {
    (static_cast<Job *>(user)->*Method)(args...);
  }

  void clear_line() {
    if (drawn_) std::fputs("\r\033[K", stderr);
    drawn_ = false;
  }
  void say(const std::string &path, std::string_view what) {
    clear_line();
    std::fprintf(stderr, "archive: %s: %.*s\n", path.c_str(), static_cast<int>(what.size()), what.data());
  }
  // Something is not in the archive, or not whole.
  void missing(std::string_view what) {
    say(path_, what);
    status_ = 1;
  }
  // Nothing can come of it.
  bool fail(const std::string &path, const nodecore_error *err) {
    if (failed_) return false;
    failed_ = true;
    say(path, message(err));
    status_ = 2;
    return false;
  }

  // ---- Writing tar ----

  // Adds to the archive; true if it wants more.
  bool pack(std::string_view data) {
    while (!data.empty()) {
      const std::size_t n = std::min(kPackBuffer - block_.size(), data.size());
      block_.append(data.substr(0, n));
      packed_ += n;
      data.remove_prefix(n);
      if (block_.size() == kPackBuffer) {
        wanted_ = nodecore_stream_push(pack_.get(), block_.data(), block_.size());
        block_.clear();
      }
    }
    return wanted_;
  }
  void pad(std::uint64_t len) {
    static const std::array<char, kRecord> zeroes{};
    for (; len != 0;) {
      const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(len, zeroes.size()));
      pack({zeroes.data(), n});
      len -= n;
    }
  }
  void round() { pad((kBlock - packed_ % kBlock) % kBlock); }

  void pack_header(Header &h) {
    std::memcpy(h.magic, "ustar", 6);
    std::memcpy(h.version, "00", 2);
    std::memset(h.checksum, ' ', sizeof h.checksum);
    const auto *bytes = reinterpret_cast<const unsigned char *>(&h);
    unsigned sum = 0;
    for (std::size_t i = 0; i < sizeof h; i++) sum += bytes[i];
    octal(h.checksum, sum, 7);
    h.checksum[6] = 0;
    pack({reinterpret_cast<const char *>(&h), sizeof h});
  }

  void pack_entry(char type, std::uint64_t size, std::string_view link = {}) {
    const nodecore_stats &s = stats_;
    Header h{};
    std::string pax;
    if (!put_name(h, member_)) pax_record(pax, "path", member_);
    std::memcpy(h.link, link.data(), std::min(link.size(), sizeof h.link));
    if (link.size() > sizeof h.link) pax_record(pax, "linkpath", link);
    octal(h.mode, s.mode & 07777);
    if (!octal(h.uid, s.uid)) pax_record(pax, "uid", std::to_string(s.uid));
    if (!octal(h.gid, s.gid)) pax_record(pax, "gid", std::to_string(s.gid));
    if (!octal(h.size, size)) pax_record(pax, "size", std::to_string(size));
    const bool time_fits = s.mtime.sec >= 0 && octal(h.mtime, static_cast<std::uint64_t>(s.mtime.sec));
    if (!time_fits) octal(h.mtime, 0);
    if (!time_fits || !pax.empty()) {
      // A pax entry's time counts with its fraction, so that is told too.
      std::int64_t sec = s.mtime.sec;
      std::int32_t nsec = s.mtime.nsec;
      const bool before = sec < 0;
      if (before) {
        sec = -sec - (nsec != 0);
        nsec = nsec != 0 ? 1000000000 - nsec : 0;
      }
      char when[48];
      std::snprintf(when, sizeof when, "%s%" PRId64 ".%09" PRId32, before ? "-" : "", sec, nsec);
      pax_record(pax, "mtime", when);
    }
    const bool device = type == '3' || type == '4';
    octal(h.major, device ? major(s.rdev) : 0);
    octal(h.minor, device ? minor(s.rdev) : 0);
    h.type = type;
    if (!pax.empty()) {
      Header x{};
      std::memcpy(x.name, "PaxHeaders/entry", 16);
      octal(x.mode, 0644);
      octal(x.uid, 0);
      octal(x.gid, 0);
      octal(x.size, pax.size());
      octal(x.mtime, 0);
      octal(x.major, 0);
      octal(x.minor, 0);
      x.type = 'x';
      pack_header(x);
      pack(pax);
      round();
    }
    pack_header(h);
    entries_++;
  }

  // ---- Side files ----

  void write_index(std::string_view type, std::string_view digest_hex = {}) {
    const std::string size = std::to_string(stats_.type == NODECORE_FS_FILE ? stats_.size : 0);
    const std::string mtime = std::to_string(stats_.mtime.sec);
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(stats_.mode & 07777));
    const auto pair = [](std::string_view key, std::string_view value) {
      return nodecore_querystring_pair{{key.data(), key.size()},
                                       NODECORE_QUERYSTRING_TEXT_INIT(value.data(), value.size())};
    };
    const nodecore_querystring_pair facts[] = {pair("type", type), pair("size", size),
                                               pair("mode", mode), pair("mtime", mtime),
                                               pair("sha256", digest_hex)};
    Buf url, query;
    Error err;
    if (nodecore_url_path_to_file_url(path_.data(), path_.size(), nullptr, &url, err.out()) != NODECORE_OK ||
        nodecore_querystring_stringify(facts, digest_hex.empty() ? 4 : 5, nullptr, &query,
                                       err.out()) != NODECORE_OK)
      return missing(message(err.get()));
    std::string line = "{\"path\":";
    json_string(line, member_);
    line += ",\"url\":";
    json_string(line, url.view());
    line += ",\"query\":";
    json_string(line, query.view());
    line += "}\n";
    index_.write(line);
  }

  // A name with a backslash or a line end is escaped, and the line says so.
  void write_sum(std::string_view digest_hex) {
    std::string name;
    for (const char c : member_) {
      if (c == '\\') name += "\\\\";
      else if (c == '\n') name += "\\n";
      else if (c == '\r') name += "\\r";
      else name += c;
    }
    std::string line = name.size() != member_.size() ? "\\" : "";
    line.append(digest_hex).append("  ").append(name).append("\n");
    sums_.write(line);
  }

  // ---- A file's content ----

  void drop_file() {
    file_.reset();
    sink_.reset();
    hash_stream_.reset();
    hash_.reset();
  }
  void start_file() {
    if (!started_) pack_entry('0', stats_.size);
    started_ = true;
  }

  // The file is through, whole or not: what the header promised is filled up.
  void finish_file() {
    if (!broken_ || started_) {
      start_file();
      if (received_ < stats_.size) {
        const std::uint64_t lost = stats_.size - received_;
        if (!broken_)
          missing("shrank by " + std::to_string(lost) + " bytes while it was read; filled with zeroes");
        pad(lost);
      }
      round();
      bytes_in_ += received_;
      files_++;
    }
    if (!broken_) {
      Buf digest;
      Error err;
      if (nodecore_hash_digest(hash_.get(), &digest, err.out()) != NODECORE_OK) missing(message(err.get()));
      std::string hex;
      for (const char c : digest.view()) {
        hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
        hex += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
      }
      write_sum(hex);
      write_index("file", hex);
    }
    drop_file();
    stepping_ = false;
    step();
  }

  void on_hashed(const nodecore_error *) {
    hashed_ = true;
    if (sunk_ && !broken_) finish_file();
  }
  void on_sunk(const nodecore_error *) {
    sunk_ = true;
    if (hashed_ && !broken_) finish_file();
  }
  void on_file_error(const nodecore_error *err) {
    if (broken_ || failed_) return;
    missing(message(err));
    broken_ = true;
    nodecore_stream_destroy(sink_.get(), nullptr);
    nodecore_stream_destroy(hash_stream_.get(), nullptr);
  }
  // A file that failed is finished once its descriptor is closed.
  void on_file_close(const nodecore_error *) {
    if (broken_ && !failed_) finish_file();
  }
  void sink_write(nodecore_stream *, nodecore_chunk *chunk, nodecore_done *done) {
    start_file();
    received_ += chunk->bytes.len;
    if (pack({chunk->bytes.data, chunk->bytes.len}))
      nodecore_done_call(done, nullptr);
    else
      held_ = done;
  }

  void read_file() {
    Error err;
    nodecore_fs_stream_options options = NODECORE_FS_STREAM_OPTIONS_INIT;
    options.has_end = true;
    options.end = stats_.size - 1;
    options.high_water_mark = kPackBuffer;
    nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
    hooks.write = call<&Job::sink_write, nodecore_stream *, nodecore_chunk *, nodecore_done *>;
    if (nodecore_hash_new("sha256", NODECORE_AUTO_LEN, nullptr, hash_.out(), err.out()) != NODECORE_OK ||
        nodecore_hash_stream(loop_.get(), hash_.get(), hash_stream_.out(), err.out()) != NODECORE_OK ||
        nodecore_stream_new(loop_.get(), NODECORE_STREAM_WRITABLE, nullptr, &hooks, this, nullptr,
                            sink_.out(), err.out()) != NODECORE_OK ||
        nodecore_fs_create_read_stream(loop_.get(), path_.data(), path_.size(), &options, file_.out(),
                                       err.out()) != NODECORE_OK) {
      missing(message(err.get()));
      drop_file();
      stepping_ = false;
      return;
    }
    nodecore_stream_on(file_.get(), NODECORE_EVENT_ERROR, 0, event<&Job::on_file_error>, this, nullptr, nullptr);
    nodecore_stream_on(file_.get(), NODECORE_EVENT_CLOSE, 0, event<&Job::on_file_close>, this, nullptr, nullptr);
    nodecore_stream_on(hash_stream_.get(), NODECORE_EVENT_FINISH, 0, event<&Job::on_hashed>, this, nullptr, nullptr);
    nodecore_stream_on(hash_stream_.get(), NODECORE_EVENT_ERROR, 0, event<&Job::on_file_error>, this, nullptr, nullptr);
    nodecore_stream_on(sink_.get(), NODECORE_EVENT_FINISH, 0, event<&Job::on_sunk>, this, nullptr, nullptr);
    nodecore_stream_pipe(file_.get(), hash_stream_.get(), false);
    nodecore_stream_pipe(file_.get(), sink_.get(), false);
  }

  template <auto Method>
  static void event(const nodecore_error *err, void *user) {
    (static_cast<Job *>(user)->*Method)(err);
  }

  // ---- The walk ----

  void on_names(const nodecore_error *err, nodecore_dirents *list) {
    stepping_ = false;
    if (err != nullptr) {
      missing(message(err));
    } else {
      Frame f{path_, member_, Dirents(list), {}, 0, stats_.dev, stats_.ino};
      f.order.resize(nodecore_dirents_count(list));
      for (std::size_t i = 0; i < f.order.size(); i++) f.order[i] = i;
      std::sort(f.order.begin(), f.order.end(), [list](std::size_t a, std::size_t b) {
        return view(nodecore_dirents_get(list, a).name) < view(nodecore_dirents_get(list, b).name);
      });
      frames_.push_back(std::move(f));
    }
    step();
  }

  void on_link(const nodecore_error *err, nodecore_buf *target) {
    stepping_ = false;
    if (err != nullptr) {
      missing(message(err));
    } else {
      pack_entry('2', 0, {target->data, target->len});
      write_index("symlink");
    }
    step();
  }

  void on_stats_borrowed(const nodecore_error *err, const nodecore_stats *stats) {
    on_stats(err, stats == nullptr ? no_stats() : *stats);
  }

  void on_stats(const nodecore_error *err, nodecore_stats stats) {
    stepping_ = false;
    if (failed_) return;
    if (err != nullptr) {
      missing(message(err));
      return step();
    }
    stats_ = stats;
    nodecore_status status = NODECORE_OK;
    Error failure;
    switch (stats.type) {
      case NODECORE_FS_DIRECTORY:
        if (follow_ && std::any_of(frames_.begin(), frames_.end(), [&](const Frame &f) {
              return f.dev == stats.dev && f.ino == stats.ino;
            })) {
          missing("leads back into itself; left out");
          return step();
        }
        member_ += '/';
        pack_entry('5', 0);
        write_index("directory");
        status = nodecore_fs_readdir(loop_.get(), path_.data(), path_.size(), nullptr,
                                     call<&Job::on_names, const nodecore_error *, nodecore_dirents *>, this,
                                     nullptr, nullptr, failure.out());
        stepping_ = status == NODECORE_OK;
        break;
      case NODECORE_FS_FILE:
        if (archive_.is(stats) || index_.is(stats) || sums_.is(stats)) {
          say(path_, "is written by this very program; left out");
          break;
        }
        received_ = 0;
        started_ = hashed_ = sunk_ = broken_ = false;
        stepping_ = true;
        if (stats.size != 0) {
          read_file();
        } else {
          status = nodecore_hash_new("sha256", NODECORE_AUTO_LEN, nullptr, hash_.out(), failure.out());
          if (status == NODECORE_OK) return finish_file();
          stepping_ = false;
        }
        break;
      case NODECORE_FS_SYMLINK:
        status = nodecore_fs_readlink(loop_.get(), path_.data(), path_.size(),
                                      call<&Job::on_link, const nodecore_error *, nodecore_buf *>, this,
                                      nullptr, nullptr, failure.out());
        stepping_ = status == NODECORE_OK;
        break;
      case NODECORE_FS_FIFO:
        pack_entry('6', 0);
        write_index("fifo");
        break;
      case NODECORE_FS_CHARACTER_DEVICE:
      case NODECORE_FS_BLOCK_DEVICE:
        pack_entry(stats.type == NODECORE_FS_BLOCK_DEVICE ? '4' : '3', 0);
        write_index("device");
        break;
      default:
        say(path_, "is a socket, which a tar cannot hold; left out");
        break;
    }
    if (status != NODECORE_OK) missing(message(failure.get()));
    step();
  }

  // Goes on as far as possible: one entry at a time, as long as the archive and the side files want more.
  void step() {
    if (failed_ || ended_) return;
    if (held_ != nullptr && wanted_) nodecore_done_call(std::exchange(held_, nullptr), nullptr);
    while (!stepping_ && wanted_ && !index_.blocked && !sums_.blocked && !ended_) {
      while (!frames_.empty() && frames_.back().next == frames_.back().order.size()) frames_.pop_back();
      if (frames_.empty()) {
        pad(2 * kBlock);
        pad((kRecord - packed_ % kRecord) % kRecord);
        if (!block_.empty()) nodecore_stream_push(pack_.get(), block_.data(), block_.size());
        nodecore_stream_push_end(pack_.get());
        nodecore_stream_end(index_.stream.get());
        nodecore_stream_end(sums_.stream.get());
        ended_ = true;
        return;
      }
      Frame &f = frames_.back();
      const std::string_view name = view(nodecore_dirents_get(f.list.get(), f.order[f.next++]).name);
      path_.assign(f.path);
      if (path_.back() != '/') path_ += '/';
      path_.append(name);
      member_.assign(f.member).append(name);
      Error err;
      const auto look = follow_ ? nodecore_fs_stat : nodecore_fs_lstat;
      stepping_ = look(loop_.get(), path_.data(), path_.size(),
                       call<&Job::on_stats_borrowed, const nodecore_error *, const nodecore_stats *>, this,
                       nullptr, nullptr, err.out()) == NODECORE_OK;
      if (!stepping_) missing(message(err.get()));
    }
  }

  void pack_read(nodecore_stream *, std::size_t) {
    wanted_ = true;
    step();
  }

  // ---- The end ----

  void stop() {
    nodecore_timer_clear(timer_.get());
    nodecore_stream_destroy(file_.get(), nullptr);
    if (held_ != nullptr) nodecore_done_call(std::exchange(held_, nullptr), nullptr);
    nodecore_stream_destroy(pack_.get(), nullptr);
    nodecore_stream_destroy(index_.stream.get(), nullptr);
    nodecore_stream_destroy(sums_.stream.get(), nullptr);
  }

  template <Output Job::*Which>
  void on_end(const nodecore_error *err) {
    Output &o = this->*Which;
    if (err == nullptr) {
      o.finished = true;
      if (archive_.finished && index_.finished && sums_.finished) nodecore_timer_clear(timer_.get());
    } else if (!failed_) {
      fail(o.final, err);
      stop();
    }
  }
  void on_drain(const nodecore_error *) {
    index_.blocked = sums_.blocked = false;
    step();
  }

  // How much of the tree is walked, each directory weighing as much as its siblings.
  double walked() const {
    double done = 0;
    for (auto f = frames_.rbegin(); f != frames_.rend(); ++f) {
      const double before = f->next == 0 ? 0 : static_cast<double>(f->next - 1);
      done = f->order.empty() ? 1 : (before + done) / static_cast<double>(f->order.size());
    }
    return done;
  }

  void on_tick() {
    const double now = seconds();
    worst_wait_ = std::max(worst_wait_, (now - last_tick_) * 1e3 - kTickMs);
    last_tick_ = now;
    if (interrupt_flag && !failed_) {
      failed_ = interrupted_ = true;
      return stop();
    }
    if (terminal_ && now - last_draw_ >= 0.1) {
      const double done = ended_ ? 1 : walked();
      std::string bar(30, '.');
      std::fill_n(bar.begin(), static_cast<std::size_t>(done * 30), '#');
      std::fprintf(stderr, "\r[%s] %3d%%  %" PRIu64 " files  %.1f MB  %.1f MB/s\033[K", bar.c_str(),
                   static_cast<int>(done * 100), files_, static_cast<double>(bytes_in_) / 1e6,
                   static_cast<double>(bytes_in_) / 1e6 / (now - began_));
      drawn_ = true;
      last_draw_ = now;
    }
  }

  // Creates the file under its passing name.
  bool open(Output &o, std::string name) {
    o.final = std::move(name);
    o.part = o.final + "." + std::to_string(getpid()) + ".part";
    Error err;
    nodecore_fd fd = -1;
    nodecore_stats stats = NODECORE_STATS_INIT;
    if (nodecore_fs_lstat_sync(o.final.data(), o.final.size(), &stats, nullptr) == NODECORE_OK) {
      o.had_old = true;
      o.old_id = {stats.dev, stats.ino};
    }
    if (nodecore_fs_open_sync(o.part.data(), o.part.size(), O_WRONLY | O_CREAT | O_EXCL, 0, &fd, err.out()) !=
        NODECORE_OK)
      return fail(o.final, err.get());
    o.exists = true;
    const bool good = nodecore_fs_fstat_sync(fd, &stats, err.out()) == NODECORE_OK;
    nodecore_fs_close_sync(fd, nullptr);
    o.id = {stats.dev, stats.ino};
    if (!good || nodecore_fs_create_write_stream(loop_.get(), o.part.data(), o.part.size(), nullptr,
                                                 o.stream.out(), err.out()) != NODECORE_OK)
      return fail(o.final, err.get());
    return true;
  }

  bool keep(Output &o) {
    Error err;
    if (nodecore_fs_rename_sync(o.part.data(), o.part.size(), o.final.data(), o.final.size(), err.out()) !=
        NODECORE_OK)
      return fail(o.final, err.get());
    o.exists = false;
    return true;
  }

  void summary() const {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    nodecore_stats stats = NODECORE_STATS_INIT;
    nodecore_fs_stat_sync(archive_.final.data(), archive_.final.size(), &stats, nullptr);
    const double took = seconds() - began_;
    std::printf("%" PRIu64 " files in %" PRIu64 " entries, %" PRIu64 " bytes in, %" PRIu64
                " bytes out, %.2f s, %.1f MB/s, peak memory %.1f MB, longest wait of a timer %.1f ms\n",
                files_, entries_, bytes_in_, stats.size, took, static_cast<double>(bytes_in_) / 1e6 / took,
                static_cast<double>(usage.ru_maxrss) / 1024, worst_wait_);
  }

  bool begin(const std::string &dir, const std::string &out) {
    Error err;
    Buf full;
    const nodecore_str part{dir.data(), dir.size()};
    bool good = nodecore_path_resolve(&part, 1, NULL, 0, &full, err.out()) == NODECORE_OK &&
                nodecore_fs_stat_sync(full.data, full.len, &stats_, err.out()) == NODECORE_OK &&
                nodecore_loop_new(loop_.out(), err.out()) == NODECORE_OK;
    if (good && stats_.type != NODECORE_FS_DIRECTORY)
      good = nodecore_error_new(NODECORE_ENOTDIR, nullptr, 0, err.out()) != NODECORE_OK;
    if (!good) return fail(dir, err.get());
    path_ = full.view();
    const std::string_view base = view(nodecore_path_basename(full.data, full.len, nullptr, 0));
    member_ = base.empty() ? "." : base;

    if (!open(archive_, out) || !open(index_, out + ".index.jsonl") || !open(sums_, out + ".sha256"))
      return false;
    const auto watch = [this](Output &o, nodecore_event_cb end) {
      nodecore_stream_on(o.stream.get(), NODECORE_EVENT_FINISH, 0, end, this, nullptr, nullptr);
      nodecore_stream_on(o.stream.get(), NODECORE_EVENT_ERROR, 0, end, this, nullptr, nullptr);
      nodecore_stream_on(o.stream.get(), NODECORE_EVENT_DRAIN, 0, event<&Job::on_drain>, this, nullptr, nullptr);
    };
    watch(index_, event<&Job::on_end<&Job::index_>>);
    watch(sums_, event<&Job::on_end<&Job::sums_>>);

    nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
    hooks.read = call<&Job::pack_read, nodecore_stream *, std::size_t>;
    nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
    options.has_readable_high_water_mark = true;
    options.readable_high_water_mark = 4 * kPackBuffer;
    nodecore_zlib_options zlib = NODECORE_ZLIB_OPTIONS_INIT;
    zlib.chunk_size = 65536;
    zlib.threads = 2;
    Stream gzip;
    good = nodecore_zlib_create_gzip(loop_.get(), &zlib, gzip.out(), err.out()) == NODECORE_OK &&
           nodecore_stream_new(loop_.get(), NODECORE_STREAM_READABLE, &options, &hooks, this, nullptr,
                               pack_.out(), err.out()) == NODECORE_OK &&
           nodecore_loop_set_interval(loop_.get(), kTickMs, call<&Job::on_tick>, this, nullptr, timer_.out()) ==
               NODECORE_OK;
    if (good) {
      nodecore_stream *const line[] = {pack_.get(), gzip.get(), archive_.stream.get()};
      good = nodecore_stream_pipeline(line, 3, nullptr, event<&Job::on_end<&Job::archive_>>, this, nullptr,
                                      err.out()) == NODECORE_OK;
    }
    return good || fail(archive_.final, err.get());
  }

  Loop loop_;
  Timer timer_;
  Stream pack_;
  Output archive_, index_, sums_;
  std::vector<Frame> frames_;
  const bool follow_, terminal_;
  bool wanted_ = false, stepping_ = false, ended_ = false, failed_ = false, interrupted_ = false;
  bool drawn_ = false;
  int status_ = 0;

  // The entry at hand, and its content if it is a file.
  std::string path_, member_;
  nodecore_stats stats_ = no_stats();
  Stream file_;
  Stream sink_, hash_stream_;
  Hash hash_;
  nodecore_done *held_ = nullptr;  // the sink's, kept while the archive wants no more
  std::uint64_t received_ = 0;
  bool started_ = false, hashed_ = false, sunk_ = false, broken_ = false;

  // What becomes the archive: blocks are gathered into large chunks.
  std::string block_;
  std::uint64_t files_ = 0, entries_ = 0, bytes_in_ = 0, packed_ = 0;
  double began_, last_tick_, worst_wait_ = 0, last_draw_ = 0;
};

}  // namespace

int main(int argc, char **argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  const bool follow = !args.empty() && args.front() == "--follow";
  if (follow) args.erase(args.begin());
  if (args.size() != 2) {
    std::fputs("usage: archive [--follow] DIR OUT.tar.gz\n", stderr);
    return 2;
  }
  std::signal(SIGINT, [](int) { interrupt_flag = 1; });
  std::signal(SIGTERM, [](int) { interrupt_flag = 1; });
  return Job(follow).run(args[0], args[1]);
}
