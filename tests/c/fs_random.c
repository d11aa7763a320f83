/* Random sequences of calls, in both forms, here and in Node: results, errors with all their fields, and the
 * trees that are left. Node is NODECORE_NODE, or the one on PATH; NODECORE_SEED chooses the sequences,
 * NODECORE_CASES how many there are (300, or a thousandth of it).
 * ctest: timeout=600 */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs_check.h"

static uint64_t state;
static size_t below(size_t bound) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (size_t)(state % bound);
}

/* ---- The calls --------------------------------------------------------------------------------- */

enum { ANY_PATHS = 16, WORDS = 4, LONGEST = 64 };

/* As in crates/fs/tests/node.rs: no sequence can build a loop of links that Node walks for ever. */
static const struct {
  const char *data;
  size_t len;
} PATHS[ANY_PATHS] = {
    {"f", 1},      {"g", 1},     {"d/f", 3}, {"d/e/f", 5},    {"caf\xc3\xa9", 5}, {"none/f", 6},
    {"f/below", 7}, {"l", 1},    {"m", 1},   {"d/l", 3},      {"d", 1},           {"./d//e", 6},
    {"d/../i", 6}, {"", 0},      {"a\0b", 3}, {"it's\0", 5},
};
static const char *const TARGETS[] = {"f", "g", "m", "l", "nothing", "e/f", "f/"};
static const char *const LINKS[] = {"l", "m", "d/l"};
static const char *const DATA[] = {"", "text", "other text"};
static const char *const FLAGS[] = {"r",  "r+", "w",   "wx", "w+",  "a", "ax",
                                    "a+", "as", "rs+", "sr", "xa+", "zz"};
#define PICK(from) (from[below(sizeof from / sizeof *from)])

/* A call: a verb, up to two texts and two numbers. */
typedef struct call {
  const char *verb;
  char text[2][LONGEST];
  size_t len[2];
  int texts, numbers;
  int number[2];
} call;

static void add(call *to, const char *text, size_t len) {
  memcpy(to->text[to->texts], text, len);
  to->len[to->texts++] = len;
}
static void add_path(call *to) {
  /* The wrong ones now and then only. */
  size_t i = below(below(8) == 0 ? ANY_PATHS : ANY_PATHS - 3);
  add(to, PATHS[i].data, PATHS[i].len);
}
static void add_word(call *to, const char *word) { add(to, word, strlen(word)); }
static void add_number(call *to, size_t number) { to->number[to->numbers++] = (int)number; }

static call a_call(void) {
  static const char *const VERBS[] = {"stat",     "lstat",   "readFile", "readHex", "writeFile", "writeFile",
                                      "writeFile", "appendFile", "unlink", "rename", "link",     "symlink",
                                      "symlink",  "copyFile", "readlink", "realpath", "native",   "access",
                                      "chmod",    "truncate", "exists",  "utimes",  "lutimes",   "open",
                                      "vector",   "vector"};
  call made;
  memset(&made, 0, sizeof made);
  made.verb = PICK(VERBS);
#define IS(name) (strcmp(made.verb, name) == 0)
  if (IS("symlink")) {
    add_word(&made, PICK(TARGETS));
    add_word(&made, PICK(LINKS));
    return made;
  }
  add_path(&made);
  if (IS("rename") || IS("link") || IS("copyFile")) add_path(&made);
  if (IS("writeFile") || IS("appendFile")) add_word(&made, PICK(DATA));
  if (IS("open")) add_word(&made, PICK(FLAGS));
  if (IS("copyFile")) add_number(&made, below(4));
  if (IS("access")) add_number(&made, below(10));
  if (IS("chmod")) add_number(&made, 0600 + below(64));
  if (IS("truncate")) add_number(&made, below(9));
  if (IS("utimes") || IS("lutimes")) add_number(&made, below(2000000000));
  if (IS("vector")) {
    add_number(&made, below(9));
    add_number(&made, below(20));
  }
  return made;
#undef IS
}

/* ---- Performing them --------------------------------------------------------------------------- */

static bool calls_back;
static char here[PATH_MAX];
static FILE *ours;

/* What the last operation gave: an error, taken over, or a value. */
static nodecore_error *failure;
static nodecore_stats stats;
static bool there;

static void note(const nodecore_error *err) {
  called++;
  failure = nodecore_error_copy(err);
}
static void got_done(const nodecore_error *err, void *user) {
  (void)user;
  note(err);
}
static void got_fd(const nodecore_error *err, nodecore_fd opened, void *user) {
  (void)user;
  note(err);
  fd = opened;
}
static void got_io(const nodecore_error *err, size_t n, void *user) {
  (void)user;
  note(err);
  moved = n;
}
static void got_bytes(const nodecore_error *err, nodecore_buf *data, void *user) {
  (void)user;
  note(err);
  if (data != NULL) bytes = nodecore_buf_take(data);
}
static void got_stats(const nodecore_error *err, const nodecore_stats *found, void *user) {
  (void)user;
  note(err);
  if (found != NULL) stats = *found;
}
static void got_exists(bool found, void *user) {
  (void)user;
  note(NULL);
  there = found;
}

/* Runs the loop after a call that was started; whether all went well. */
static bool came(nodecore_status started) {
  if (started == NODECORE_OK) {
    CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  }
  CHECK(called == (started == NODECORE_OK) && released == 1);
  return failure == NULL;
}

/* One operation in the form that is wanted: of nothing but success, or with a result in `out`. */
#define DO(name, ...)                                                                          \
  (called = released = 0, failure = NULL,                                                      \
   calls_back ? came(nodecore_fs_##name(lp, __VA_ARGS__, got_done, NULL, release, NULL, &failure)) \
              : nodecore_fs_##name##_sync(__VA_ARGS__, &failure) == NODECORE_OK)
#define GET(name, cb, out, ...)                                                          \
  (called = released = 0, failure = NULL,                                                \
   calls_back ? came(nodecore_fs_##name(lp, __VA_ARGS__, cb, NULL, release, NULL, &failure)) \
              : nodecore_fs_##name##_sync(__VA_ARGS__, out, &failure) == NODECORE_OK)

/* Writes bytes with the current folder as `$`. */
static void print(const char *data, size_t len) {
  size_t skip = strlen(here);
  for (size_t i = 0; i < len;) {
    if (len - i >= skip && memcmp(data + i, here, skip) == 0) {
      fputc('$', ours);
      i += skip;
    } else {
      fputc(data[i++], ours);
    }
  }
}
static void print_str(nodecore_str text) { print(text.data, text.data == NULL ? 0 : text.len); }
static void print_content(const char *data, size_t len) {
  fprintf(ours, "%zu ", len);
  for (size_t i = 0; i < len && i < 40; i++) fputc(data[i] == 0 ? '0' : data[i], ours);
}

static bool vector(const char *path, size_t len, int position, int size) {
  if (!GET(open, got_fd, &fd, path, len, O_RDWR, 0)) return false;
  nodecore_fd file = fd;
  nodecore_str from[] = {{"ab", 2}, {"cde", 3}};
  char three[] = "...", four[] = "....";
  nodecore_fs_buffer into[] = {{three, 3}, {four, 4}};
  size_t written = 0, read = 0;
  bool good = GET(writev, got_io, &moved, file, from, 2, position);
  written = moved;
  good = good && GET(readv, got_io, &moved, file, into, 2, 0);
  read = moved;
  good = good && DO(ftruncate, file, (uint64_t)size) && DO(fsync, file) && DO(fdatasync, file) &&
         DO(fchmod, file, 0640) && GET(fstat, got_stats, &stats, file);
  nodecore_error *first = failure;
  CHECK(DO(close, file));
  failure = first;
  if (!good) return false;
  for (int i = 0; i < 3; i++) three[i] = three[i] == 0 ? '0' : three[i];
  for (int i = 0; i < 4; i++) four[i] = four[i] == 0 ? '0' : four[i];
  fprintf(ours, "ok %zu %zu %s%s %llu", written, read, three, four, (unsigned long long)stats.size);
  return true;
}

/* Performs a call and writes its result; false: `failure` says why not. */
static bool perform(const call *c) {
  const char *a = c->text[0], *b = c->text[1];
  size_t al = c->len[0], bl = c->len[1];
  int one = c->number[0], two = c->number[1];
#define IS(name) (strcmp(c->verb, name) == 0)
#define NOTHING(call)           \
  do {                          \
    if (!(call)) return false;  \
    fputs("ok ", ours);         \
    return true;                \
  } while (0)
  if (IS("stat") || IS("lstat")) {
    bool good = IS("stat") ? GET(stat, got_stats, &stats, a, al) : GET(lstat, got_stats, &stats, a, al);
    if (!good) return false;
    fprintf(ours, "ok %d %d %d %u %llu", stats.type == NODECORE_FS_FILE, stats.type == NODECORE_FS_DIRECTORY,
            stats.type == NODECORE_FS_SYMLINK, (unsigned)stats.mode & 07777,
            stats.type == NODECORE_FS_DIRECTORY ? 0ULL : (unsigned long long)stats.size);
    return true;
  }
  if (IS("readFile") || IS("readHex")) {
    nodecore_fs_read_file_options opts = NODECORE_FS_READ_FILE_OPTIONS_INIT;
    if (IS("readHex")) opts.encoding = (nodecore_str){"hex", 3};
    if (!GET(read_file, got_bytes, &bytes, a, al, &opts)) return false;
    fputs("ok ", ours);
    if (IS("readHex")) print(bytes.data, bytes.len);
    else print_content(bytes.data, bytes.len);
    nodecore_buf_free(&bytes);
    return true;
  }
  if (IS("readlink") || IS("realpath") || IS("native")) {
    bool good = IS("readlink")   ? GET(readlink, got_bytes, &bytes, a, al)
                : IS("realpath") ? GET(realpath, got_bytes, &bytes, a, al)
                                 : GET(realpath_native, got_bytes, &bytes, a, al);
    if (!good) return false;
    fputs("ok ", ours);
    print(bytes.data, bytes.len);
    nodecore_buf_free(&bytes);
    return true;
  }
  if (IS("utimes") || IS("lutimes")) {
    nodecore_time atime = {one, 0}, mtime = {one + 1, 0};
    bool good = IS("utimes") ? DO(utimes, a, al, atime, mtime) && GET(stat, got_stats, &stats, a, al)
                             : DO(lutimes, a, al, atime, mtime) && GET(lstat, got_stats, &stats, a, al);
    if (!good) return false;
    CHECK(stats.atime.nsec == 0 && stats.mtime.nsec == 0);
    fprintf(ours, "ok %lld %lld", (long long)stats.atime.sec, (long long)stats.mtime.sec);
    return true;
  }
  if (IS("exists")) {
    called = released = 0;
    failure = NULL;
    if (calls_back) CHECK(came(nodecore_fs_exists(lp, a, al, got_exists, NULL, release, NULL, &failure)));
    else there = nodecore_fs_exists_sync(a, al);
    fprintf(ours, "ok %d", there);
    return true;
  }
  if (IS("open")) {
    int32_t flags = 0;
    failure = NULL;
    if (nodecore_fs_flags(b, bl, &flags, &failure) != NODECORE_OK) return false;
    if (!GET(open, got_fd, &fd, a, al, flags, 0)) return false;
    NOTHING(DO(close, fd));
  }
  if (IS("vector")) return vector(a, al, one, two);
  if (IS("writeFile")) NOTHING(DO(write_file, a, al, b, bl, NULL));
  if (IS("appendFile")) NOTHING(DO(append_file, a, al, b, bl, NULL));
  if (IS("unlink")) NOTHING(DO(unlink, a, al));
  if (IS("rename")) NOTHING(DO(rename, a, al, b, bl));
  if (IS("link")) NOTHING(DO(link, a, al, b, bl));
  if (IS("symlink")) NOTHING(DO(symlink, a, al, b, bl, NODECORE_FS_SYMLINK_FILE));
  if (IS("copyFile")) NOTHING(DO(copy_file, a, al, b, bl, one));
  if (IS("access")) NOTHING(DO(access, a, al, one));
  if (IS("chmod")) NOTHING(DO(chmod, a, al, (uint32_t)one));
  if (IS("truncate")) NOTHING(DO(truncate, a, al, (uint64_t)one));
  CHECK(false);
  return false;
#undef IS
#undef NOTHING
}

/* The same line as Node's. */
static void write_line(const call *c) {
  if (!perform(c)) {
    print_str(nodecore_error_name(failure));
    fputc('|', ours);
    print_str(nodecore_error_code(failure));
    fprintf(ours, "|%d|", (int)nodecore_error_errno(failure));
    print_str(nodecore_error_syscall(failure));
    fputc('|', ours);
    print_str(nodecore_error_path(failure));
    fputc('|', ours);
    print_str(nodecore_error_dest(failure));
    fputc('|', ours);
    print_str(nodecore_error_message(failure));
    nodecore_error_free(failure);
  }
  fputc('\n', ours);
}

static int not_dots(const struct dirent *entry) {
  return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}
static int by_bytes(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

/* Writes what is in a folder, and empties it. */
static void write_tree(const char *dir, const char *prefix) {
  struct dirent **entries;
  int count = scandir(dir, &entries, not_dots, by_bytes);
  CHECK(count >= 0);
  for (int i = 0; i < count; i++) {
    char at[2 * PATH_MAX], under[2 * PATH_MAX];
    struct stat st;
    snprintf(at, sizeof at, "%s/%s", dir, entries[i]->d_name);
    snprintf(under, sizeof under, "%s%s", prefix, entries[i]->d_name);
    CHECK(lstat(at, &st) == 0);
    fprintf(ours, "%s %u ", under, (unsigned)st.st_mode & 07777);
    if (S_ISDIR(st.st_mode)) {
      fputs("dir\n", ours);
      strcat(under, "/");
      write_tree(at, under);
      CHECK(rmdir(at) == 0);
    } else {
      static char content[4096];
      FILE *file = S_ISLNK(st.st_mode) ? NULL : fopen(at, "rb");
      ssize_t len = file == NULL ? readlink(at, content, sizeof content)
                                 : (ssize_t)fread(content, 1, sizeof content, file);
      CHECK(len >= 0 && len < (ssize_t)sizeof content);
      if (file == NULL) print(content, (size_t)len);
      else print_content(content, (size_t)len);
      if (file != NULL) fclose(file);
      fputc('\n', ours);
      CHECK(unlink(at) == 0);
    }
    free(entries[i]);
  }
  free(entries);
}

/* ---- Comparing --------------------------------------------------------------------------------- */

static size_t setting(const char *name, size_t otherwise) {
  const char *text = getenv(name);
  return text == NULL ? otherwise : (size_t)strtoull(text, NULL, 10);
}

static void write_calls(const call *calls, const size_t *ends, size_t count) {
  FILE *out = fopen("calls.txt", "wb");
  CHECK(out != NULL);
  for (size_t s = 0, i = 0; s < count; s++) {
    fputs("=\n", out);
    for (; i < ends[s]; i++) {
      fputs(calls[i].verb, out);
      for (int t = 0; t < calls[i].texts; t++) {
        fputc(' ', out);
        for (size_t k = 0; k < calls[i].len[t]; k++) fprintf(out, "%02x", (unsigned char)calls[i].text[t][k]);
      }
      for (int n = 0; n < calls[i].numbers; n++) fprintf(out, " %d", calls[i].number[n]);
      fputc('\n', out);
    }
  }
  CHECK(fclose(out) == 0);
}

int main(void) {
  const char *node = getenv("NODECORE_NODE"), *root = getenv("NODECORE_ROOT");
  char command[3 * PATH_MAX], theirs[8192], mine[8192];
  if (node == NULL) node = "node";
  CHECK(root != NULL);
  snprintf(command, sizeof command,
           "'%s' -e \"process.exit(process.version.startsWith('v26.') ? 0 : 1)\" >/dev/null 2>&1", node);
  if (system(command) != 0) {
    CHECK(getenv("NODECORE_NODE") == NULL);
    puts("no Node 26 in NODECORE_NODE or on PATH");
    return 77;
  }
  state = 0x9e3779b97f4a7c15ULL * (setting("NODECORE_SEED", 1) | 1);
  size_t count = setting("NODECORE_CASES", 300000) / 1000, total = 0;
  if (count == 0) count = 1;
  size_t *ends = calloc(count, sizeof *ends);
  call *calls = calloc(count * 40, sizeof *calls);
  CHECK(ends != NULL && calls != NULL);
  for (size_t s = 0; s < count; s++) {
    for (size_t length = 5 + below(30); length > 0; length--) calls[total++] = a_call();
    ends[s] = total;
  }
  write_calls(calls, ends, count);
  CHECK(mkdir("theirs", 0777) == 0 && mkdir("ours", 0777) == 0);
  snprintf(command, sizeof command,
           "'%s' '%s/tests/c/fs_random.js' calls.txt \"$PWD/theirs\" > theirs.txt", node, root);
  CHECK(system(command) == 0);

  CHECK_OK(nodecore_loop_new(&lp, NULL));
  stats = (nodecore_stats)NODECORE_STATS_INIT;
  ours = fopen("ours.txt", "w+b");
  CHECK(ours != NULL && chdir("ours") == 0);
  for (int form = 0; form < 2; form++) {
    calls_back = form == 1;
    for (size_t s = 0, i = 0; s < count; s++) {
      char name[40];
      snprintf(name, sizeof name, "%d-%zu", form, s);
      CHECK(mkdir(name, 0777) == 0 && chdir(name) == 0 && getcwd(here, sizeof here) != NULL);
      CHECK(mkdir("d", 0777) == 0 && mkdir("d/e", 0777) == 0);
      CHECK_OK(nodecore_fs_write_file_sync("f", A, "begun", 5, NULL, NULL));
      CHECK(symlink("f", "l") == 0 && symlink("e/f", "d/l") == 0);
      for (; i < ends[s]; i++) write_line(&calls[i]);
      write_tree(".", "");
      CHECK(chdir("..") == 0 && rmdir(name) == 0);
    }
  }
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);

  CHECK(chdir("..") == 0);
  FILE *expected = fopen("theirs.txt", "rb");
  CHECK(expected != NULL && fseek(ours, 0, SEEK_SET) == 0);
  size_t lines = 0, different = 0;
  for (;;) {
    char *their = fgets(theirs, sizeof theirs, expected), *our = fgets(mine, sizeof mine, ours);
    CHECK((their == NULL) == (our == NULL));
    if (their == NULL) break;
    lines++;
    if (strcmp(their, our) != 0 && different++ < 20) {
      fprintf(stderr, "line %zu\n  here %s  Node %s", lines, our, their);
    }
  }
  printf("%zu sequences, %zu lines, %zu different\n", count, lines, different);
  CHECK(different == 0 && lines >= 2 * total);
  fclose(expected);
  fclose(ours);
  free(calls);
  free(ends);
  return 0;
}
