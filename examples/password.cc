// password hash | password verify HASH: the same program as password.c, which explains it, in C++17.
#include <nodecore.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

namespace {

constexpr std::uint32_t kCost = 32768, kMost = 1 << 20;
constexpr std::size_t kSalt = 16, kKey = 32, kLine = 1023;

// A secret of the library's, cleared and freed.
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

int failed(nodecore_error *err) {
  nodecore_str message = nodecore_error_message(err);
  std::cerr << "password: " << std::string_view(message.data, message.len) << '\n';
  nodecore_error_free(err);
  return 2;
}

int complain(std::string_view what) {
  std::cerr << "password: " << what << '\n';
  return 2;
}

nodecore_status derive(std::string_view password, std::string_view salt, std::uint32_t cost, Secret &key,
                       nodecore_error **err) {
  nodecore_crypto_scrypt_options options = NODECORE_CRYPTO_SCRYPT_OPTIONS_INIT;
  options.cost = cost;
  options.maxmem = std::uint64_t{2} * 128 * 8 * cost;
  return nodecore_crypto_scrypt_sync(password.data(), password.size(), salt.data(), salt.size(), kKey, &options,
                                     key.out(), err);
}

constexpr std::string_view kDigits = "0123456789abcdef";

std::string hex(std::string_view bytes) {
  std::string text;
  for (unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

int hash(std::string_view password) {
  nodecore_error *err = nullptr;
  std::array<char, kSalt> bytes{};
  if (nodecore_crypto_random_fill_sync(bytes.data(), bytes.size(), &err) != NODECORE_OK) return failed(err);
  std::string_view salt(bytes.data(), bytes.size());
  Secret key;
  if (derive(password, salt, kCost, key, &err) != NODECORE_OK) return failed(err);
  std::cout << "scrypt$" << kCost << '$' << hex(salt) << '$' << hex(key.view()) << '\n';
  return 0;
}

// Takes `size` bytes in hexadecimal, lower case, from the start of `text`.
std::optional<std::string> take_hex(std::string_view &text, std::size_t size) {
  if (text.size() < 2 * size) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < size; i++) {
    std::size_t high = kDigits.find(text[2 * i]), low = kDigits.find(text[2 * i + 1]);
    if (high == kDigits.npos || low == kDigits.npos) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  text.remove_prefix(2 * size);
  return bytes;
}

bool take(std::string_view &text, std::string_view start) {
  if (text.substr(0, start.size()) != start) return false;
  text.remove_prefix(start.size());
  return true;
}

int verify(std::string_view password, std::string_view stored) {
  constexpr std::string_view kBad = "not such a hash";
  std::uint32_t cost = 0;
  if (!take(stored, "scrypt$") || stored.empty() || stored[0] < '1' || stored[0] > '9') return complain(kBad);
  auto [end, error] = std::from_chars(stored.data(), stored.data() + stored.size(), cost);
  if (error != std::errc() || cost > kMost) return complain(kBad);
  stored.remove_prefix(static_cast<std::size_t>(end - stored.data()));
  if (!take(stored, "$")) return complain(kBad);
  auto salt = take_hex(stored, kSalt);
  if (!salt || !take(stored, "$")) return complain(kBad);
  auto expected = take_hex(stored, kKey);
  if (!expected || !stored.empty()) return complain(kBad);
  nodecore_error *err = nullptr;
  Secret key;
  if (derive(password, *salt, cost, key, &err) != NODECORE_OK) return failed(err);
  bool same = false;
  std::string_view derived = key.view();
  if (nodecore_crypto_timing_safe_equal(derived.data(), derived.size(), expected->data(), expected->size(), &same,
                                        &err) != NODECORE_OK)
    return failed(err);
  return same ? 0 : 1;
}

}  // namespace

int main(int argc, char **argv) {
  std::string_view verb = argc > 1 ? argv[1] : "";
  bool hashes = argc == 2 && verb == "hash";
  if (!hashes && !(argc == 3 && verb == "verify")) {
    std::cerr << "usage: password hash | password verify HASH\n";
    return 2;
  }
  std::string password;
  if (!std::getline(std::cin, password)) return complain("no password");
  if (password.size() > kLine) password.resize(kLine);
  int code = hashes ? hash(password) : verify(password, argv[2]);
  nodecore_crypto_cleanse(password.data(), password.size());
  return code;
}
