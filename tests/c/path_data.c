/* tests/data/path.toml, Node's own results, through the posix and win32 functions of path.h: bytes, UTF-16,
 * Latin-1. */
#include "check.h"

enum { MOST_ARGS = 8, MOST_TEXT = 256 };

/* One text of a case, in all three forms; `narrow` is there if all characters are Latin-1. */
typedef struct text {
  char bytes[MOST_TEXT];
  uint16_t wide[MOST_TEXT];
  char narrow[MOST_TEXT];
  size_t bytes_len, wide_len;
  bool is_latin1;
} text;

typedef struct flavour {
  const char *name, *cwd;
  nodecore_str (*basename)(const char *, size_t, const char *, size_t);
  nodecore_str (*dirname)(const char *, size_t);
  nodecore_str (*extname)(const char *, size_t);
  nodecore_status (*format)(const nodecore_path_parsed *, nodecore_buf *, nodecore_error **);
  bool (*is_absolute)(const char *, size_t);
  nodecore_status (*join)(const nodecore_str *, size_t, nodecore_buf *, nodecore_error **);
  nodecore_status (*join_latin1)(const nodecore_str *, size_t, nodecore_buf *, nodecore_error **);
  nodecore_status (*matches_glob)(const char *, size_t, const char *, size_t, bool *, nodecore_error **);
  nodecore_status (*matches_glob_latin1)(const char *, size_t, const char *, size_t, bool *,
                                         nodecore_error **);
  nodecore_status (*normalize)(const char *, size_t, nodecore_buf *, nodecore_error **);
  nodecore_status (*normalize_latin1)(const char *, size_t, nodecore_buf *, nodecore_error **);
  nodecore_path_parsed (*parse)(const char *, size_t);
  nodecore_status (*relative)(const char *, size_t, const char *, size_t, const char *, size_t,
                              nodecore_buf *, nodecore_error **);
  nodecore_status (*relative_latin1)(const char *, size_t, const char *, size_t, const char *, size_t,
                                     nodecore_buf *, nodecore_error **);
  nodecore_status (*resolve)(const nodecore_str *, size_t, const char *, size_t, nodecore_buf *,
                             nodecore_error **);
  nodecore_status (*resolve_latin1)(const nodecore_str *, size_t, const char *, size_t, nodecore_buf *,
                                    nodecore_error **);
  nodecore_str16 (*basename16)(const uint16_t *, size_t, const uint16_t *, size_t);
  nodecore_str16 (*dirname16)(const uint16_t *, size_t);
  nodecore_str16 (*extname16)(const uint16_t *, size_t);
  nodecore_status (*format16)(const nodecore_path_parsed16 *, nodecore_buf16 *, nodecore_error **);
  bool (*is_absolute16)(const uint16_t *, size_t);
  nodecore_status (*join16)(const nodecore_str16 *, size_t, nodecore_buf16 *, nodecore_error **);
  nodecore_status (*matches_glob16)(const uint16_t *, size_t, const uint16_t *, size_t, bool *,
                                    nodecore_error **);
  nodecore_status (*normalize16)(const uint16_t *, size_t, nodecore_buf16 *, nodecore_error **);
  nodecore_path_parsed16 (*parse16)(const uint16_t *, size_t);
  nodecore_status (*relative16)(const uint16_t *, size_t, const uint16_t *, size_t, const uint16_t *, size_t,
                                nodecore_buf16 *, nodecore_error **);
  nodecore_status (*resolve16)(const nodecore_str16 *, size_t, const uint16_t *, size_t, nodecore_buf16 *,
                               nodecore_error **);
} flavour;

static const flavour FLAVOURS[] = {
    {"posix", "/home/user", nodecore_path_posix_basename, nodecore_path_posix_dirname,
     nodecore_path_posix_extname, nodecore_path_posix_format, nodecore_path_posix_is_absolute,
     nodecore_path_posix_join, nodecore_path_posix_join, nodecore_path_posix_matches_glob,
     nodecore_path_posix_matches_glob_latin1, nodecore_path_posix_normalize, nodecore_path_posix_normalize,
     nodecore_path_posix_parse, nodecore_path_posix_relative, nodecore_path_posix_relative_latin1,
     nodecore_path_posix_resolve, nodecore_path_posix_resolve_latin1, nodecore_path_posix_basename_utf16,
     nodecore_path_posix_dirname_utf16, nodecore_path_posix_extname_utf16, nodecore_path_posix_format_utf16,
     nodecore_path_posix_is_absolute_utf16, nodecore_path_posix_join_utf16,
     nodecore_path_posix_matches_glob_utf16, nodecore_path_posix_normalize_utf16,
     nodecore_path_posix_parse_utf16, nodecore_path_posix_relative_utf16, nodecore_path_posix_resolve_utf16},
    {"win32", "C:\\Users\\me", nodecore_path_win32_basename, nodecore_path_win32_dirname,
     nodecore_path_win32_extname, nodecore_path_win32_format, nodecore_path_win32_is_absolute,
     nodecore_path_win32_join, nodecore_path_win32_join_latin1, nodecore_path_win32_matches_glob,
     nodecore_path_win32_matches_glob_latin1, nodecore_path_win32_normalize,
     nodecore_path_win32_normalize_latin1, nodecore_path_win32_parse, nodecore_path_win32_relative,
     nodecore_path_win32_relative_latin1, nodecore_path_win32_resolve, nodecore_path_win32_resolve_latin1,
     nodecore_path_win32_basename_utf16, nodecore_path_win32_dirname_utf16, nodecore_path_win32_extname_utf16,
     nodecore_path_win32_format_utf16, nodecore_path_win32_is_absolute_utf16, nodecore_path_win32_join_utf16,
     nodecore_path_win32_matches_glob_utf16, nodecore_path_win32_normalize_utf16,
     nodecore_path_win32_parse_utf16, nodecore_path_win32_relative_utf16, nodecore_path_win32_resolve_utf16},
};

static const char *current;

static void differs(const char *form) {
  fprintf(stderr, "path/%s/%s: not Node's result\n", current, form);
  exit(1);
}

/* Reads a JSON string at `p`, past its opening quote; the data holds no escapes beyond the basic plane. */
static const char *read_text(const char *p, text *to) {
  memset(to, 0, sizeof *to);
  to->is_latin1 = true;
  while (*p != '"') {
    CHECK(*p != 0 && to->bytes_len + 4 < MOST_TEXT);
    unsigned unit;
    unsigned char lead = (unsigned char)*p;
    if (*p == '\\') {
      switch (p[1]) {
        case 'n': unit = '\n'; break;
        case 't': unit = '\t'; break;
        case 'u': CHECK(sscanf(p + 2, "%4x", &unit) == 1 && unit < 0x80); p += 4; break;
        default: unit = (unsigned char)p[1];
      }
      p += 2;
      to->bytes[to->bytes_len++] = (char)unit;
    } else {
      CHECK(lead < 0xF0);
      size_t n = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : 3;
      unit = n == 1 ? lead : lead & (0xFFu >> (n + 1));
      for (size_t i = 1; i < n; i++) unit = unit << 6 | ((unsigned char)p[i] & 0x3F);
      memcpy(to->bytes + to->bytes_len, p, n);
      to->bytes_len += n;
      p += n;
    }
    to->is_latin1 = to->is_latin1 && unit < 0x100;
    to->narrow[to->wide_len] = (char)unit;
    to->wide[to->wide_len++] = (uint16_t)unit;
  }
  return p + 1;
}

static bool same(nodecore_str got, const text *want) {
  return got.len == want->bytes_len && memcmp(got.data ? got.data : "", want->bytes, got.len) == 0;
}

static bool same16(nodecore_str16 got, const text *want) {
  return got.len == want->wide_len && (got.len == 0 || memcmp(got.data, want->wide, got.len * 2) == 0);
}

static void expect(nodecore_status status, nodecore_buf *out, const text *want, bool latin1) {
  CHECK_OK(status);
  const char *bytes = latin1 ? want->narrow : want->bytes;
  size_t len = latin1 ? want->wide_len : want->bytes_len;
  if (out->len != len || (len != 0 && memcmp(out->data, bytes, len) != 0)) {
    differs(latin1 ? "latin1" : "bytes");
  }
  nodecore_buf_free(out);
}

static void expect16(nodecore_status status, nodecore_buf16 *out, const text *want) {
  CHECK_OK(status);
  if (!same16((nodecore_str16){out->data, out->len}, want)) differs("utf16");
  nodecore_buf16_free(out);
}

static void run(const flavour *f, const char *verb, const text *args, size_t count, const text *want,
                bool truth) {
  nodecore_str parts[MOST_ARGS] = {{NULL, 0}}, narrow[MOST_ARGS] = {{NULL, 0}};
  nodecore_str16 wide[MOST_ARGS] = {{NULL, 0}};
  bool latin1 = want->is_latin1;
  for (size_t i = 0; i < count; i++) {
    /* Of exact size on the heap, so that reading past the end is seen. */
    parts[i] = (nodecore_str){exact(args[i].bytes, args[i].bytes_len), args[i].bytes_len};
    narrow[i] = (nodecore_str){exact(args[i].narrow, args[i].wide_len), args[i].wide_len};
    wide[i] = (nodecore_str16){(uint16_t *)(void *)exact((const char *)args[i].wide, args[i].wide_len * 2),
                               args[i].wide_len};
    latin1 = latin1 && args[i].is_latin1;
  }
  const char *a = parts[0].data, *b = parts[1].data;
  size_t an = parts[0].len, bn = parts[1].len;
  const uint16_t *aw = wide[0].data, *bw = wide[1].data;
  size_t awn = wide[0].len, bwn = wide[1].len;
  uint16_t cwd16[32];
  size_t cwd_len = strlen(f->cwd);
  for (size_t i = 0; i < cwd_len; i++) cwd16[i] = (uint16_t)f->cwd[i];
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_buf16 out16 = NODECORE_BUF16_INIT;
  bool matched = false;

  if (strcmp(verb, "basename") == 0) {
    if (!same(f->basename(a, an, b, bn), want)) differs("bytes");
    if (!same16(f->basename16(aw, awn, bw, bwn), want)) differs("utf16");
  } else if (strcmp(verb, "dirname") == 0) {
    if (!same(f->dirname(a, an), want)) differs("bytes");
    if (!same16(f->dirname16(aw, awn), want)) differs("utf16");
  } else if (strcmp(verb, "extname") == 0) {
    if (!same(f->extname(a, an), want)) differs("bytes");
    if (!same16(f->extname16(aw, awn), want)) differs("utf16");
  } else if (strcmp(verb, "format") == 0) {
    nodecore_path_parsed pieces = {parts[0], parts[1], parts[2], parts[3], parts[4]};
    nodecore_path_parsed16 pieces16 = {wide[0], wide[1], wide[2], wide[3], wide[4]};
    expect(f->format(&pieces, &out, NULL), &out, want, false);
    expect16(f->format16(&pieces16, &out16, NULL), &out16, want);
  } else if (strcmp(verb, "isAbsolute") == 0) {
    if (f->is_absolute(a, an) != truth) differs("bytes");
    if (f->is_absolute16(aw, awn) != truth) differs("utf16");
  } else if (strcmp(verb, "join") == 0) {
    expect(f->join(parts, count, &out, NULL), &out, want, false);
    expect16(f->join16(wide, count, &out16, NULL), &out16, want);
    if (latin1) expect(f->join_latin1(narrow, count, &out, NULL), &out, want, true);
  } else if (strcmp(verb, "matchesGlob") == 0) {
    CHECK_OK(f->matches_glob(a, an, b, bn, &matched, NULL));
    if (matched != truth) differs("bytes");
    CHECK_OK(f->matches_glob16(aw, awn, bw, bwn, &matched, NULL));
    if (matched != truth) differs("utf16");
    CHECK_OK(f->matches_glob_latin1(narrow[0].data, awn, narrow[1].data, bwn, &matched, NULL));
    if (matched != truth) differs("latin1");
  } else if (strcmp(verb, "normalize") == 0) {
    expect(f->normalize(a, an, &out, NULL), &out, want, false);
    expect16(f->normalize16(aw, awn, &out16, NULL), &out16, want);
    if (latin1) expect(f->normalize_latin1(narrow[0].data, awn, &out, NULL), &out, want, true);
  } else if (strcmp(verb, "parse") == 0) {
    nodecore_path_parsed got = f->parse(a, an);
    const nodecore_str pieces[] = {got.root, got.dir, got.base, got.ext, got.name};
    nodecore_path_parsed16 got16 = f->parse16(aw, awn);
    const nodecore_str16 pieces16[] = {got16.root, got16.dir, got16.base, got16.ext, got16.name};
    for (int i = 0; i < 5; i++) {
      if (!same(pieces[i], &want[i])) differs("bytes");
      if (!same16(pieces16[i], &want[i])) differs("utf16");
    }
  } else if (strcmp(verb, "relative") == 0) {
    expect(f->relative(a, an, b, bn, f->cwd, cwd_len, &out, NULL), &out, want, false);
    expect16(f->relative16(aw, awn, bw, bwn, cwd16, cwd_len, &out16, NULL), &out16, want);
    if (latin1) {
      expect(f->relative_latin1(narrow[0].data, awn, narrow[1].data, bwn, f->cwd, cwd_len, &out, NULL), &out,
             want, true);
    }
  } else if (strcmp(verb, "resolve") == 0) {
    expect(f->resolve(parts, count, f->cwd, cwd_len, &out, NULL), &out, want, false);
    expect16(f->resolve16(wide, count, cwd16, cwd_len, &out16, NULL), &out16, want);
    if (latin1) expect(f->resolve_latin1(narrow, count, f->cwd, cwd_len, &out, NULL), &out, want, true);
  } else if (strcmp(f->name, "posix") == 0) {
    CHECK(strcmp(verb, "toNamespacedPath") == 0);
    if (!same(nodecore_path_posix_to_namespaced_path(a, an), want)) differs("bytes");
    if (!same16(nodecore_path_posix_to_namespaced_path_utf16(aw, awn), want)) differs("utf16");
  } else {
    CHECK(strcmp(verb, "toNamespacedPath") == 0);
    expect(nodecore_path_win32_to_namespaced_path(a, an, f->cwd, cwd_len, &out, NULL), &out, want, false);
    expect16(nodecore_path_win32_to_namespaced_path_utf16(aw, awn, cwd16, cwd_len, &out16, NULL),
             &out16, want);
    if (latin1) {
      expect(nodecore_path_win32_to_namespaced_path_latin1(narrow[0].data, awn, f->cwd, cwd_len, &out, NULL),
             &out, want, true);
    }
  }
  for (size_t i = 0; i < count; i++) {
    free((void *)parts[i].data);
    free((void *)narrow[i].data);
    free((void *)wide[i].data);
  }
}

int main(void) {
  char path[4096], line[4096], name[256] = "", call[256] = "";
  snprintf(path, sizeof path, "%s/tests/data/path.toml", getenv("NODECORE_ROOT"));
  FILE *file = fopen(path, "rb");
  CHECK(file != NULL);
  static text args[MOST_ARGS], want[5];
  size_t count = 0, cases = 0, named = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "name = \"%255[^\"]", name) == 1) {
      named++;
    } else if (sscanf(line, "call = \"%255[^\"]", call) == 1) {
      count = 0;
    } else if (strncmp(line, "args = ", 7) == 0) {
      for (const char *p = strchr(line, '"'); p != NULL; p = strchr(p, '"')) {
        CHECK(count < MOST_ARGS);
        p = read_text(p + 1, &args[count++]);
      }
    } else if (strncmp(line, "value = ", 8) == 0) {
      const char *p = line + 8;
      memset(want, 0, sizeof want);
      bool truth = strncmp(p, "true", 4) == 0;
      for (int i = 0; i < 5 && (p = strchr(p, '"')) != NULL; i++) p = read_text(p + 1, &want[i]);
      char *verb = strchr(call, '.') + 1;
      current = name;
      run(&FLAVOURS[strncmp(call, "win32", 5) == 0], verb, args, count, want, truth);
      cases++;
    }
  }
  fclose(file);
  printf("%zu cases\n", cases);
  CHECK(cases == named && cases > 1000);
  return 0;
}
