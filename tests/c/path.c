/* path.h, on a posix system: the functions of the system, and of all what is bad, not given, or not ASCII. */
#include "check.h"

static nodecore_str str(const char *s) {
  nodecore_str v = {s, strlen(s)};
  return v;
}

/* As is(), of UTF-16 that is ASCII. */
static bool is16(nodecore_str16 s, const char *text) {
  if (s.data == NULL || s.len != strlen(text)) return false;
  for (size_t i = 0; i < s.len; i++)
    if (s.data[i] != (unsigned char)text[i]) return false;
  return true;
}

static void system_functions(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  bool matched = false;
  CHECK(strcmp(NODECORE_PATH_SEP, NODECORE_PATH_POSIX_SEP) == 0 && strcmp(NODECORE_PATH_SEP, "/") == 0);
  CHECK(strcmp(NODECORE_PATH_DELIMITER, ":") == 0 && strcmp(NODECORE_PATH_POSIX_DELIMITER, ":") == 0);
  CHECK(strcmp(NODECORE_PATH_WIN32_SEP, "\\") == 0 && strcmp(NODECORE_PATH_WIN32_DELIMITER, ";") == 0);
  nodecore_path_parsed parsed = nodecore_path_parse("/home/me/a.txt", NODECORE_AUTO_LEN);
  CHECK(is(parsed.root, "/") && is(parsed.dir, "/home/me") && is(parsed.base, "a.txt"));
  CHECK(is(parsed.ext, ".txt") && is(parsed.name, "a"));
  CHECK_OK(nodecore_path_format(&parsed, &out, &err));
  CHECK(gave(&out, "/home/me/a.txt"));
  nodecore_path_parsed bare = {.dir = str("x"), .name = str("a"), .ext = str("md")};
  CHECK_OK(nodecore_path_format(&bare, &out, &err));
  CHECK(gave(&out, "x/a.md"));
  CHECK_OK(nodecore_path_matches_glob("src/a.js", 8, "src/*.js", NODECORE_AUTO_LEN, &matched, &err));
  CHECK(matched);
  CHECK_OK(nodecore_path_matches_glob("src/a.ts", 8, "!(*.js)", NODECORE_AUTO_LEN, &matched, &err));
  CHECK(!matched);
  CHECK_OK(nodecore_path_to_namespaced_path("a/../b", NODECORE_AUTO_LEN, NULL, 0, &out, &err));
  CHECK(gave(&out, "a/../b"));
  nodecore_str part = str("../x");
  CHECK_OK(nodecore_path_resolve(&part, 1, "/home/me", NODECORE_AUTO_LEN, &out, &err));
  CHECK(gave(&out, "/home/x"));
  CHECK_OK(nodecore_path_relative("a", 1, "/home", 5, "/home/me", NODECORE_AUTO_LEN, &out, &err));
  CHECK(gave(&out, "../.."));
  /* The process's own, which is not empty. */
  CHECK_OK(nodecore_path_resolve(NULL, 0, NULL, 0, &out, &err));
  CHECK(out.len > 0 && out.data[0] == '/');
  nodecore_buf_free(&out);
}

static void bad_arguments(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_buf16 out16 = NODECORE_BUF16_INIT;
  nodecore_error *err = NULL;
  bool matched = false;
  nodecore_str bad = {NULL, 3};
  nodecore_str16 bad16 = {NULL, 3};
  nodecore_path_parsed pieces = {.name = bad};
  CHECK(nodecore_path_parse(NULL, 3).base.data == NULL);
  CHECK(nodecore_path_win32_parse_utf16(NULL, 3).base.data == NULL);
  CHECK(nodecore_path_posix_dirname_utf16(NULL, 3).data == NULL);
  CHECK_STATUS(nodecore_path_format(NULL, &out, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_TYPE",
                    "The \"parsed\" argument must be a valid pointer. Received null"));
  CHECK_STATUS(nodecore_path_win32_format(&pieces, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_path_posix_matches_glob("a", 1, NULL, 2, &matched, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_path_posix_matches_glob("a", 1, "a", 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_path_posix_resolve(&bad, 1, NULL, 0, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_path_posix_resolve(NULL, 0, NULL, 4, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_path_win32_join_utf16(&bad16, 1, &out16, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  uint16_t a16[] = {'a'};
  CHECK_STATUS(nodecore_path_win32_normalize_utf16(a16, NODECORE_AUTO_LEN, &out16, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_path_posix_normalize_utf16(a16, 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  static char pattern[65537];
  memset(pattern, 'a', sizeof pattern);
  CHECK_STATUS(nodecore_path_win32_matches_glob("a", 1, pattern, sizeof pattern, &matched, &err),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "pattern is too long"));
}

/* What Node 26 gives for the same characters. */
static void beyond_ascii(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_buf16 out16 = NODECORE_BUF16_INIT;
  bool matched = false;
  /* One character is one `?`, whatever it takes in UTF-8; in Latin-1 it is one byte. */
  CHECK_OK(nodecore_path_posix_matches_glob("a\xC3\xA9", 3, "a?", 2, &matched, NULL));
  CHECK(matched);
  CHECK_OK(nodecore_path_posix_matches_glob_latin1("a\xE9", 2, "a[\xE0-\xFF]", 6, &matched, NULL));
  CHECK(matched);
  CHECK_OK(nodecore_path_posix_matches_glob("a\xF0\x9F\x98\x80", 5, "a?", 2, &matched, NULL));
  CHECK(!matched);
  /* Letter case beyond ASCII: U+00C9 and U+00E9. */
  CHECK_OK(nodecore_path_win32_relative("C:\\\xC3\x89\\a", 7, "c:\\\xC3\xA9\\b", 7, NULL, 0, &out, NULL));
  CHECK(gave(&out, "..\\b"));
  CHECK_OK(nodecore_path_win32_relative_latin1("C:\\\xC9\\a", 6, "c:\\\xE9\\b", 6, NULL, 0, &out, NULL));
  CHECK(gave(&out, "..\\b"));
  CHECK_OK(nodecore_path_win32_relative("a", 1, "A\xC3\xA9", 3, "C:\\\xC3\xA9", 5, &out, NULL));
  CHECK(gave(&out, "..\\A\xC3\xA9"));
  /* Bytes that are no text have ASCII letter case only. */
  CHECK_OK(nodecore_path_win32_relative("C:\\A\xFF", 5, "c:\\a\xFF\\b", 7, "C:\\", 3, &out, NULL));
  CHECK(gave(&out, "b"));
  /* A device's name ends in a superscript digit. */
  CHECK_OK(nodecore_path_win32_normalize_latin1("COM\xB9:x", 6, &out, NULL));
  CHECK(gave(&out, ".\\COM\xB9:x"));
  CHECK_OK(nodecore_path_win32_normalize("COM\xC2\xB9:x", 7, &out, NULL));
  CHECK(gave(&out, ".\\COM\xC2\xB9:x"));
  /* NUL and lone surrogates are units like others. */
  CHECK_OK(nodecore_path_posix_normalize("a//\0/..", 7, &out, NULL));
  CHECK(gave(&out, "a"));
  uint16_t lone[] = {0xD800, '/', '/', 0xDC00};
  CHECK_OK(nodecore_path_posix_normalize_utf16(lone, 4, &out16, NULL));
  CHECK(out16.len == 3 && out16.data[0] == 0xD800 && out16.data[2] == 0xDC00);
  nodecore_buf16_free(&out16);
  CHECK_OK(nodecore_path_posix_resolve_utf16(NULL, 0, lone, 2, &out16, NULL));
  CHECK(out16.len == 1 && out16.data[0] == 0xD800);
  nodecore_buf16_free(&out16);
  uint16_t wide[] = {'C', ':', '\\', 'a', '.', 'b'};
  CHECK(is16(nodecore_path_win32_extname_utf16(wide, 6), ".b"));
  CHECK(is16(nodecore_path_win32_basename_utf16(wide, 6, wide + 4, 2), "a"));
  nodecore_str16 many[12];
  for (int i = 0; i < 12; i++) many[i] = (nodecore_str16){wide + 3, 1};
  CHECK_OK(nodecore_path_win32_join_utf16(many, 12, &out16, NULL));
  CHECK(is16((nodecore_str16){out16.data, out16.len}, "a\\a\\a\\a\\a\\a\\a\\a\\a\\a\\a\\a"));
  nodecore_buf16_free(&out16);
  nodecore_str narrow[12];
  for (int i = 0; i < 12; i++) narrow[i] = str("\xE9");
  CHECK_OK(nodecore_path_win32_join_latin1(narrow, 12, &out, NULL));
  CHECK(out.len == 23);
  nodecore_buf_free(&out);
}

static void rest(void) {
  system_functions();
  bad_arguments();
  beyond_ascii();
}

int main(void) {
  CHECK(is(nodecore_path_basename("/a/b.txt", NODECORE_AUTO_LEN, NULL, 0), "b.txt"));
  CHECK(is(nodecore_path_basename("/a/b.txt", NODECORE_AUTO_LEN, ".txt", NODECORE_AUTO_LEN), "b"));
  CHECK(is(nodecore_path_dirname("/a/b.txt", NODECORE_AUTO_LEN), "/a"));
  CHECK(is(nodecore_path_dirname("b.txt", NODECORE_AUTO_LEN), "."));
  CHECK(is(nodecore_path_extname("/a/b.txt", NODECORE_AUTO_LEN), ".txt"));
  CHECK(nodecore_path_is_absolute("/a", 2));
  CHECK(!nodecore_path_is_absolute("a", 1));
  CHECK(!nodecore_path_is_absolute(NULL, 0));
  CHECK(nodecore_path_basename(NULL, 3, NULL, 0).data == NULL);

  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  nodecore_str parts[] = {str("/a"), str("./b"), str("../c"), str("")};
  CHECK_OK(nodecore_path_join(parts, 4, &out, &err));
  CHECK(gave(&out, "/a/c"));
  nodecore_str many[12];
  for (int i = 0; i < 12; i++) many[i] = str("x");
  CHECK_OK(nodecore_path_join(many, 12, &out, &err));
  CHECK(gave(&out, "x/x/x/x/x/x/x/x/x/x/x/x"));
  CHECK_OK(nodecore_path_join(NULL, 0, &out, &err));
  CHECK(gave(&out, "."));
  CHECK_OK(nodecore_path_normalize("/a//b/../c/.", NODECORE_AUTO_LEN, &out, &err));
  CHECK(gave(&out, "/a/c"));
  CHECK_OK(nodecore_path_relative("/a/b/c", NODECORE_AUTO_LEN, "/a/d", NODECORE_AUTO_LEN, NULL, 0, &out,
                                  &err));
  CHECK(gave(&out, "../../d"));
  nodecore_str absolute[] = {str("/x"), str("y"), str("..")};
  CHECK_OK(nodecore_path_resolve(absolute, 3, NULL, 0, &out, &err));
  CHECK(gave(&out, "/x"));
  char *bytes = exact("/a/\xff/..", 7);
  CHECK_OK(nodecore_path_normalize(bytes, 7, &out, &err));
  CHECK(gave(&out, "/a"));
  free(bytes);

  CHECK_STATUS(nodecore_path_join(NULL, 2, &out, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_error_free(err);
  parts[1].data = NULL;
  CHECK_STATUS(nodecore_path_join(parts, 2, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_path_join(parts, 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_path_join(parts, (size_t)-1, &out, NULL), NODECORE_ERR_OUT_OF_RANGE);
  rest();
  return 0;
}
