// links BASE [FILE]: the same program as links.c, which explains it, in C++17.
#include <nodecore.h>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

// ---- The library's handles, freed by their own functions ----

template <typename T, auto Free>
class Handle {
 public:
  Handle() = default;
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;
  ~Handle() { Free(p_); }
  T *get() const { return p_; }
  // For a C function that gives one.
  T **out() {
    Free(std::exchange(p_, nullptr));
    return &p_;
  }

 private:
  T *p_ = nullptr;
};
using Url = Handle<nodecore_url, nodecore_url_free>;
using Error = Handle<nodecore_error, nodecore_error_free>;

std::string_view view(nodecore_str s) { return s.data == nullptr ? std::string_view() : std::string_view(s.data, s.len); }
nodecore_str str(std::string_view s) { return {s.data(), s.size()}; }

struct Buf : nodecore_buf {
  Buf() : nodecore_buf(NODECORE_BUF_INIT) {}
  Buf(const Buf &) = delete;
  Buf &operator=(const Buf &) = delete;
  ~Buf() { nodecore_buf_free(this); }
  std::string_view view() const { return len == 0 ? std::string_view() : std::string_view(data, len); }
};

// "NAME: CODE: message".
void complain(std::string_view name, const Error &err) {
  const auto code = view(nodecore_error_code(err.get())), message = view(nodecore_error_message(err.get()));
  std::cerr << "links: " << name << ": ";
  // A system's error says its code itself, and a URIError has none.
  if (!code.empty() && message.substr(0, code.size()) != code) std::cerr << code << ": ";
  std::cerr << message << '\n';
}

// What is known of a URL, as a query string.
bool facts_of(const Url &url, Buf &out, Error &err) {
  Buf where;
  std::vector<nodecore_querystring_pair> facts;
  const auto add = [&](std::string_view key, std::string_view value) {
    facts.push_back({str(key), NODECORE_QUERYSTRING_TEXT_INIT(value.data(), value.size())});
  };
  const auto protocol = view(nodecore_url_protocol(url.get())), host = view(nodecore_url_hostname(url.get()));
  const auto scheme = protocol.substr(0, protocol.size() - 1);
  add("scheme", scheme);
  std::string_view path;
  if (scheme == "file") {
    const auto href = nodecore_url_href(url.get());
    if (nodecore_url_file_url_to_path(href.data, href.len, nullptr, &where, err.out()) != NODECORE_OK) return false;
    add("path", path = where.view());
  } else if (!host.empty()) {
    if (nodecore_url_domain_to_unicode(host.data(), host.size(), &where, err.out()) != NODECORE_OK) return false;
    path = view(nodecore_url_pathname(url.get()));
    add("host", where.view());
  }
  if (!path.empty()) {
    const auto ext = nodecore_path_extname(path.data(), path.size());
    add("dir", view(nodecore_path_dirname(path.data(), path.size())));
    add("name", view(nodecore_path_basename(path.data(), path.size(), ext.data, ext.len)));
    add("ext", view(ext));
  }
  return nodecore_querystring_stringify(facts.data(), facts.size(), nullptr, &out, err.out()) ==
         NODECORE_OK;
}

// Prints what a link leads to.
bool follow(std::string_view link, const Url &base, Error &err) {
  Url url;
  Buf facts;
  if (nodecore_url_parse(link.data(), link.size(), base.get(), url.out(), err.out()) != NODECORE_OK) return false;
  // Where there can be no user these are refused, as they may be.
  nodecore_url_set_username(url.get(), nullptr, 0);
  nodecore_url_set_password(url.get(), nullptr, 0);
  nodecore_url_set_hash(url.get(), nullptr, 0);
  // A change writes the query anew, so a URL without one is left alone.
  const auto params = nodecore_url_search_params_of(url.get());
  if (nodecore_url_search_params_size(params) != 0) nodecore_url_search_params_sort(params);
  if (!facts_of(url, facts, err)) return false;
  std::cout << view(nodecore_url_href(url.get())) << '\t' << facts.view() << '\n';
  return true;
}

int follow_all(std::string_view text, const Url &base) {
  int status = 0;
  for (std::size_t number = 1; !text.empty(); number++) {
    const auto link = text.substr(0, text.find('\n'));
    text.remove_prefix(link.size() == text.size() ? link.size() : link.size() + 1);
    Error err;
    if (link.empty() || follow(link, base, err)) continue;
    complain("line " + std::to_string(number), err);
    status = 1;
  }
  return status;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc < 2 || argc > 3) {
    std::cerr << "usage: links BASE [FILE]\n";
    return 2;
  }
  std::ios::sync_with_stdio(false);
  Error err;
  Url base;
  if (nodecore_url_parse(argv[1], NODECORE_AUTO_LEN, nullptr, base.out(), err.out()) != NODECORE_OK) {
    complain(argv[1], err);
    return 2;
  }
  int status;
  if (argc == 3) {
    Buf text;
    if (nodecore_fs_read_file_sync(argv[2], NODECORE_AUTO_LEN, nullptr, &text, err.out()) != NODECORE_OK) {
      complain(argv[2], err);
      return 2;
    }
    status = follow_all(text.view(), base);
  } else {
    const std::string text(std::istreambuf_iterator<char>(std::cin), {});
    status = follow_all(text, base);
  }
  if (std::cout.flush()) return status;
  std::cerr << "links: standard output cannot be written\n";
  return 2;
}
