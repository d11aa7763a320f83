// encrypt seal IN OUT [CIPHER] | encrypt open IN OUT: the same program as encrypt.c, which explains it, in C++17.
#include <fcntl.h>
#include <nodecore.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace {

constexpr char kCost = 15, kMost = 20;
constexpr std::size_t kSalt = 16, kNonce = 12, kKey = 32, kTag = NODECORE_AEAD_TAG, kLine = 1023;
constexpr std::size_t kAtCipher = 4, kAtCost = 5, kAtSalt = 6, kAtNonce = kAtSalt + kSalt, kHead = kAtNonce + kNonce,
                      kText = kHead + kTag;
constexpr std::string_view kMagic = "NCE1";
constexpr std::array<std::string_view, 2> kCiphers = {"aes-256-gcm", "chacha20-poly1305"};

// An error of the library's, and what a function that fails is told where to put it.
class Error {
 public:
  Error() = default;
  Error(const Error &) = delete;
  Error &operator=(const Error &) = delete;
  ~Error() { nodecore_error_free(err_); }
  nodecore_error **out() { return &err_; }
  std::string_view message() const {
    nodecore_str message = nodecore_error_message(err_);
    return {message.data, message.len};
  }

 private:
  nodecore_error *err_ = nullptr;
};

// A handle of the library's, freed by its own function.
template <typename T, void (*Free)(T *)>
class Handle {
 public:
  Handle() = default;
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;
  ~Handle() { Free(handle_); }
  T *get() const { return handle_; }
  T **out() { return &handle_; }

 private:
  T *handle_ = nullptr;
};
void end_loop(nodecore_loop *loop) {
  nodecore_loop_close(loop, nullptr);
  nodecore_loop_free(loop);
}
using Loop = Handle<nodecore_loop, end_loop>;
using Stream = Handle<nodecore_stream, nodecore_stream_free>;
using Cipher = Handle<nodecore_cipher, nodecore_cipher_free>;

// Bytes of the library's, cleared and freed.
class Secret {
 public:
  Secret() = default;
  Secret(const Secret &) = delete;
  Secret &operator=(const Secret &) = delete;
  ~Secret() {
    nodecore_crypto_cleanse(const_cast<char *>(buf_.data), buf_.len);
    nodecore_buf_free(&buf_);
  }
  nodecore_buf *out() { return &buf_; }
  std::string_view view() const { return {buf_.data, buf_.len}; }

 private:
  nodecore_buf buf_ = NODECORE_BUF_INIT;
};

// An open file; -1: none.
class File {
 public:
  File() = default;
  File(const File &) = delete;
  File &operator=(const File &) = delete;
  ~File() {
    if (fd_ >= 0) nodecore_fs_close_sync(fd_, nullptr);
  }
  nodecore_status open(const std::string &path, int flags, int mode, Error &err) {
    return nodecore_fs_open_sync(path.data(), path.size(), flags, mode, &fd_, err.out());
  }
  nodecore_fd get() const { return fd_; }

 private:
  nodecore_fd fd_ = -1;
};

struct Job {
  bool seals = false;
  std::string in, out, part, password;
  std::size_t cipher = 0;
  File from, to;
  std::string head = std::string(kText, '\0');  // with the tag
};

int complain(std::string_view what) {
  std::cerr << "encrypt: " << what << '\n';
  return 2;
}

// ---- The head ----

nodecore_status make_head(Job &job, Error &err) {
  job.head.replace(0, kMagic.size(), kMagic);
  job.head[kAtCipher] = static_cast<char>(job.cipher);
  job.head[kAtCost] = kCost;
  return nodecore_crypto_random_fill_sync(&job.head[kAtSalt], kSalt + kNonce, err.out());
}

// Whether it is a head of ours.
bool good_head(Job &job, std::size_t size) {
  job.cipher = static_cast<unsigned char>(job.head[kAtCipher]);
  return size == kText && job.head.compare(0, kMagic.size(), kMagic) == 0 && job.cipher < kCiphers.size() &&
         job.head[kAtCost] > 0 && job.head[kAtCost] <= kMost;
}

// The cipher that the head and the password make.
nodecore_status make_cipher(const Job &job, Cipher &cipher, Error &err) {
  nodecore_crypto_scrypt_options costs = NODECORE_CRYPTO_SCRYPT_OPTIONS_INIT;
  costs.cost = std::uint32_t{1} << job.head[kAtCost];
  costs.maxmem = std::uint64_t{2} * 128 * 8 * costs.cost;
  Secret key;
  if (auto status = nodecore_crypto_scrypt_sync(job.password.data(), job.password.size(), &job.head[kAtSalt], kSalt, kKey,
                                                &costs, key.out(), err.out());
      status != NODECORE_OK)
    return status;
  auto make = job.seals ? nodecore_cipher_new : nodecore_decipher_new;
  std::string_view name = kCiphers[job.cipher];
  auto status = make(name.data(), name.size(), key.view().data(), key.view().size(), &job.head[kAtNonce], kNonce, nullptr,
                     cipher.out(), err.out());
  if (status == NODECORE_OK) status = nodecore_cipher_set_aad(cipher.get(), job.head.data(), kHead, -1, err.out());
  if (status == NODECORE_OK && !job.seals)
    status = nodecore_cipher_set_auth_tag(cipher.get(), &job.head[kHead], kTag, err.out());
  return status;
}

// ---- The text ----

void on_piped(const nodecore_error *err, void *user) {
  if (err != nullptr) *static_cast<Error *>(user)->out() = nodecore_error_copy(err);
}

nodecore_fs_stream_options at(const File &file, std::size_t start) {
  nodecore_fs_stream_options options = NODECORE_FS_STREAM_OPTIONS_INIT;
  options.has_fd = options.has_start = options.no_auto_close = true;
  options.fd = file.get();
  options.start = start;
  return options;
}

// Pipes the text from file to file.
nodecore_status pipe_text(const Job &job, const Cipher &cipher, Error &err) {
  auto reading = at(job.from, job.seals ? 0 : kText), writing = at(job.to, job.seals ? kText : 0);
  Loop loop;
  if (auto status = nodecore_loop_new(loop.out(), err.out()); status != NODECORE_OK) return status;
  Stream in, middle, out;
  Error piped;
  auto status = nodecore_fs_create_read_stream(loop.get(), nullptr, 0, &reading, in.out(), err.out());
  if (status == NODECORE_OK) status = nodecore_cipher_stream(loop.get(), cipher.get(), middle.out(), err.out());
  if (status == NODECORE_OK)
    status = nodecore_fs_create_write_stream(loop.get(), nullptr, 0, &writing, out.out(), err.out());
  if (status == NODECORE_OK) {
    nodecore_stream *const line[] = {in.get(), middle.get(), out.get()};
    status = nodecore_stream_pipeline(line, std::size(line), nullptr, on_piped, &piped, nullptr, err.out());
  }
  if (status == NODECORE_OK) status = nodecore_loop_run(loop.get(), NODECORE_RUN_DEFAULT, nullptr, err.out());
  if (*piped.out() != nullptr) {
    status = nodecore_error_status(*piped.out());
    std::swap(*err.out(), *piped.out());
  }
  return status;
}

// ---- The program ----

// Completes the head by the tag, and writes it.
nodecore_status write_head(Job &job, const Cipher &cipher, Error &err) {
  Secret tag;
  auto status = nodecore_cipher_get_auth_tag(cipher.get(), tag.out(), err.out());
  if (status == NODECORE_OK) job.head.replace(kHead, kTag, tag.view());
  for (std::size_t done = 0, written = 0; status == NODECORE_OK && done < kText; done += written)
    status = nodecore_fs_write_sync(job.to.get(), &job.head[done], kText - done, static_cast<std::int64_t>(done),
                                    &written, err.out());
  return status;
}

// From one open file to the other.
int convert(Job &job) {
  Error err;
  Cipher cipher;
  auto status = make_cipher(job, cipher, err);
  if (status == NODECORE_OK) status = pipe_text(job, cipher, err);
  if (status == NODECORE_OK && job.seals) status = write_head(job, cipher, err);
  if (status == NODECORE_OK) status = nodecore_fs_fsync_sync(job.to.get(), err.out());
  if (status == NODECORE_OK) return 0;
  // Node has no code for it, and no other such error can be.
  if (status != NODECORE_UNCODED || job.seals) return complain(err.message());
  complain("the password is wrong, or the file was changed");
  return 1;
}

int run(Job &job) {
  Error err;
  if (job.from.open(job.in, O_RDONLY, 0, err) != NODECORE_OK) return complain(err.message());
  if (job.seals) {
    if (make_head(job, err) != NODECORE_OK) return complain(err.message());
  } else {
    std::size_t size = 0;
    if (nodecore_fs_read_sync(job.from.get(), job.head.data(), kText, 0, &size, err.out()) != NODECORE_OK)
      return complain(err.message());
    if (!good_head(job, size)) return complain("not such a file");
  }
  if (job.to.open(job.part, O_WRONLY | O_CREAT | O_EXCL, 0600, err) != NODECORE_OK) return complain(err.message());
  int code = convert(job);
  if (code == 0 && nodecore_fs_rename_sync(job.part.data(), job.part.size(), job.out.data(), job.out.size(),
                                           err.out()) != NODECORE_OK)
    code = complain(err.message());
  if (code != 0) nodecore_fs_unlink_sync(job.part.data(), job.part.size(), nullptr);
  return code;
}

}  // namespace

int main(int argc, char **argv) {
  std::string_view verb = argc > 1 ? argv[1] : "";
  Job job;
  job.seals = (argc == 4 || argc == 5) && verb == "seal";
  if (argc == 5)
    job.cipher =
        static_cast<std::size_t>(std::find(kCiphers.begin(), kCiphers.end(), argv[4]) - kCiphers.begin());
  if ((!job.seals && !(argc == 4 && verb == "open")) || job.cipher == kCiphers.size()) {
    std::cerr << "usage: encrypt seal IN OUT [aes-256-gcm | chacha20-poly1305] | encrypt open IN OUT\n";
    return 2;
  }
  if (!std::getline(std::cin, job.password)) return complain("no password");
  if (job.password.size() > kLine) job.password.resize(kLine);
  job.in = argv[2];
  job.out = argv[3];
  job.part = job.out + ".part";
  int code = run(job);
  nodecore_crypto_cleanse(job.password.data(), job.password.size());
  return code;
}
