/* Runs random programs over a scratch tree through C, for crates/fs/tests/differential (its program.rs says what a program
 * is): `fs_programs --calls` prints the calls it has, `fs_programs FORM FILE ROOT` runs the programs of FILE, FORM being
 * sync or callback. Program N runs in ROOT/N/w/w/w, which is there; what comes of its calls is printed, a line each.
 *
 * A call of nodecore.h is one function here and one row of the table at the end. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nodecore.h>

/* A descriptor that nothing has. */
#define NONE 9999
#define A NODECORE_AUTO_LEN

static nodecore_loop *lp;
static bool callback;
static char *base, *here;
static nodecore_fd slots[3];

static void *must(void *memory) {
  if (memory == NULL) abort();
  return memory;
}

/* ---- What a call gives -------------------------------------------------------------------------- */

/* What is printed behind "ok". */
static char *out;
static size_t out_len;
static nodecore_error *err;

static void add(const void *bytes, size_t len) {
  out = must(realloc(out, out_len + len + 1));
  if (len > 0) memcpy(out + out_len, bytes, len);
  out_len += len;
  out[out_len] = '\0';
}
static void add_text(const char *text) { add(text, strlen(text)); }

/* Adds bytes in the writing of the programs. */
static void add_escaped(const char *bytes, size_t len) {
  char hex[4];
  for (size_t at = 0; at < len; at++) {
    unsigned char byte = (unsigned char)bytes[at];
    if (byte < 0x20 || byte >= 0x7f || byte == '%') {
      snprintf(hex, sizeof hex, "%%%02X", byte);
      add(hex, 3);
    } else {
      add(&byte, 1);
    }
  }
}

/* Adds a text in which the program's folders have short names. */
static void add_shown(const char *text, size_t len) {
  const struct {
    const char *what, *as;
  } folders[] = {{here, "$"}, {base, "^"}};
  size_t at = 0;
  while (at < len) {
    size_t which = 0;
    while (which < 2) {
      size_t size = strlen(folders[which].what);
      if (len - at >= size && memcmp(text + at, folders[which].what, size) == 0) break;
      which++;
    }
    if (which < 2) {
      add_text(folders[which].as);
      at += strlen(folders[which].what);
    } else {
      add_escaped(text + at++, 1);
    }
  }
}

/* Long contents by their length and ends. */
static void add_content(const char *bytes, size_t len) {
  if (len < 200) {
    add_escaped(bytes, len);
    return;
  }
  char number[32];
  snprintf(number, sizeof number, "%zu ", len);
  add_text(number);
  add_escaped(bytes, 50);
  add(" ", 1);
  add_escaped(bytes + len - 50, 50);
}

static const char *kind(int32_t type) {
  switch (type) {
    case NODECORE_FS_FILE: return "file";
    case NODECORE_FS_DIRECTORY: return "dir";
    case NODECORE_FS_SYMLINK: return "link";
    default: return "other";
  }
}

static void add_stats(const nodecore_stats *of) {
  char text[160], time[64] = "new";
  double ms = (double)of->mtime.sec * 1e3 + of->mtime.nsec / 1e6;
  if (ms < 1e12) snprintf(time, sizeof time, "%.15g", ms);
  if (of->type == NODECORE_FS_DIRECTORY) {
    snprintf(text, sizeof text, "dir %o %s", of->mode & 07777, time);
  } else {
    snprintf(text, sizeof text, "%s %o %llu %llu %s", kind(of->type), of->mode & 07777, (unsigned long long)of->size,
             (unsigned long long)of->nlink, time);
  }
  add_text(text);
}

/* ---- The callback form: what is called back is kept for the call to print ------------------------ */

static int called;
static nodecore_fd got_fd;
static size_t got_size;
static nodecore_buf got_bytes;
static nodecore_stats got_stats = NODECORE_STATS_INIT;
static nodecore_dirents *got_names;

static void told(const nodecore_error *error) {
  called++;
  err = error == NULL ? NULL : nodecore_error_copy(error);
}
static void on_done(const nodecore_error *error, void *user) {
  (void)user;
  told(error);
}
static void on_open(const nodecore_error *error, nodecore_fd fd, void *user) {
  (void)user;
  told(error);
  got_fd = fd;
}
static void on_size(const nodecore_error *error, size_t size, void *user) {
  (void)user;
  told(error);
  got_size = size;
}
static void on_bytes(const nodecore_error *error, nodecore_buf *bytes, void *user) {
  (void)user;
  told(error);
  if (error == NULL) got_bytes = nodecore_buf_take(bytes);
}
static void on_stats(const nodecore_error *error, const nodecore_stats *stats, void *user) {
  (void)user;
  told(error);
  if (error == NULL) got_stats = *stats;
}
static void on_names(const nodecore_error *error, nodecore_dirents *names, void *user) {
  (void)user;
  told(error);
  got_names = names;
}

/* Runs the loop for an operation that began with `status`: it has to call back once, and not before. */
static void wait_for(nodecore_status status) {
  if (status != NODECORE_OK) return;
  if (called != 0) abort();
  if (nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL) != NODECORE_OK || called != 1) abort();
  called = 0;
}

/* What follows the arguments of an operation: `cb`, its user and release, the request, the error. */
#define DONE(cb) cb, NULL, NULL, NULL, &err
/* One of the two forms. */
#define FORM(sync_call, callback_call) \
  do { \
    if (callback) wait_for(callback_call); \
    else (void)(sync_call); \
  } while (0)

/* ---- Arguments ----------------------------------------------------------------------------------- */

struct text {
  char *data;
  size_t len;
};

static struct text args[8];

/* A path: `$` is the current directory. Freed with the next. */
static struct text at(int index) {
  static char *kept[2];
  static int turn;
  turn = 1 - turn;
  free(kept[turn]);
  struct text given = args[index];
  bool below = given.len > 0 && given.data[0] == '$';
  size_t size = strlen(here) + given.len + 1;
  kept[turn] = must(malloc(size));
  char *end = kept[turn];
  if (below) end = stpcpy(end, here);
  memcpy(end, given.data + below, given.len - below);
  end[given.len - below] = '\0';
  return (struct text){kept[turn], (size_t)(end - kept[turn]) + given.len - below};
}

/* Text: `*N` is N times x. Freed with the next. */
static struct text content(int index) {
  static char *kept;
  struct text given = args[index];
  if (given.len == 0 || given.data[0] != '*') return given;
  size_t len = strtoul(given.data + 1, NULL, 10);
  free(kept);
  kept = must(malloc(len));
  memset(kept, 'x', len);
  return (struct text){kept, len};
}

static bool given(int index) { return strcmp(args[index].data, "-") != 0; }
static long number(int index) { return strtol(args[index].data, NULL, 10); }
static int64_t position(int index) { return given(index) ? number(index) : -1; }
static bool flag(int index) { return strcmp(args[index].data, "true") == 0; }

static int32_t flags(int index) {
  static const struct {
    const char *name;
    int bits;
  } known[] = {
      {"r", O_RDONLY}, {"rs", O_RDONLY | O_SYNC}, {"sr", O_RDONLY | O_SYNC}, {"r+", O_RDWR}, {"rs+", O_RDWR | O_SYNC},
      {"w", O_TRUNC | O_CREAT | O_WRONLY}, {"wx", O_TRUNC | O_CREAT | O_WRONLY | O_EXCL},
      {"w+", O_TRUNC | O_CREAT | O_RDWR}, {"wx+", O_TRUNC | O_CREAT | O_RDWR | O_EXCL},
      {"a", O_APPEND | O_CREAT | O_WRONLY}, {"ax", O_APPEND | O_CREAT | O_WRONLY | O_EXCL},
      {"as", O_APPEND | O_CREAT | O_WRONLY | O_SYNC}, {"a+", O_APPEND | O_CREAT | O_RDWR},
      {"ax+", O_APPEND | O_CREAT | O_RDWR | O_EXCL}, {"xa+", O_APPEND | O_CREAT | O_RDWR | O_EXCL},
      {"as+", O_APPEND | O_CREAT | O_RDWR | O_SYNC},
  };
  for (size_t row = 0; row < sizeof known / sizeof *known; row++) {
    if (strcmp(known[row].name, args[index].data) == 0) return known[row].bits;
  }
  fprintf(stderr, "no such flags: %s\n", args[index].data);
  abort();
}

/* ---- The calls: arguments as in program.rs ------------------------------------------------------- */

static void close_quietly(int slot) {
  if (slots[slot] != NONE) close(slots[slot]);
  slots[slot] = NONE;
}

static void run_open(void) {
  int slot = (int)number(1);
  close_quietly(slot);
  struct text path = at(2);
  FORM(nodecore_fs_open_sync(path.data, path.len, flags(3), (int32_t)number(4), &got_fd, &err),
       nodecore_fs_open(lp, path.data, path.len, flags(3), (int32_t)number(4), DONE(on_open)));
  if (err == NULL) slots[slot] = got_fd;
}

static void run_close(void) {
  int slot = (int)number(1);
  FORM(nodecore_fs_close_sync(slots[slot], &err), nodecore_fs_close(lp, slots[slot], DONE(on_done)));
  if (err == NULL) slots[slot] = NONE;
}

static void run_read(void) {
  nodecore_fd fd = slots[number(1)];
  size_t size = (size_t)number(2);
  char *buffer = must(malloc(size + 1));
  char text[32];
  if (callback) {
    wait_for(nodecore_fs_read(lp, fd, size, position(5), DONE(on_bytes)));
  } else {
    nodecore_fs_read_sync(fd, buffer, size, position(5), &got_size, &err);
  }
  if (err == NULL) {
    snprintf(text, sizeof text, "%zu\t", callback ? got_bytes.len : got_size);
    add_text(text);
    if (callback) {
      add_content((const char *)got_bytes.data, got_bytes.len);
      nodecore_buf_free(&got_bytes);
    } else {
      add_content(buffer, got_size);
    }
  }
  free(buffer);
}

static void run_write(void) {
  nodecore_fd fd = slots[number(1)];
  struct text data = content(2);
  char text[32];
  FORM(nodecore_fs_write_sync(fd, data.data, data.len, position(5), &got_size, &err),
       nodecore_fs_write(lp, fd, data.data, data.len, position(5), DONE(on_size)));
  snprintf(text, sizeof text, "%zu", got_size);
  if (err == NULL) add_text(text);
}

static void run_fstat(void) {
  nodecore_fd fd = slots[number(1)];
  FORM(nodecore_fs_fstat_sync(fd, &got_stats, &err), nodecore_fs_fstat(lp, fd, DONE(on_stats)));
  if (err == NULL) add_stats(&got_stats);
}

static void run_stat(void) {
  struct text path = at(1);
  FORM(nodecore_fs_stat_sync(path.data, path.len, &got_stats, &err),
       nodecore_fs_stat(lp, path.data, path.len, DONE(on_stats)));
  if (err == NULL) add_stats(&got_stats);
}

static void run_lstat(void) {
  struct text path = at(1);
  FORM(nodecore_fs_lstat_sync(path.data, path.len, &got_stats, &err),
       nodecore_fs_lstat(lp, path.data, path.len, DONE(on_stats)));
  if (err == NULL) add_stats(&got_stats);
}

static void run_read_file(void) {
  struct text path = at(1);
  nodecore_fs_read_file_options options = NODECORE_FS_READ_FILE_OPTIONS_INIT;
  if (given(2)) options.flags = flags(2);
  FORM(nodecore_fs_read_file_sync(path.data, path.len, &options, &got_bytes, &err),
       nodecore_fs_read_file(lp, path.data, path.len, &options, DONE(on_bytes)));
  if (err != NULL) return;
  add_content((const char *)got_bytes.data, got_bytes.len);
  nodecore_buf_free(&got_bytes);
}

static void run_write_file(void) {
  struct text path = at(1), data = content(2);
  nodecore_fs_write_file_options options = NODECORE_FS_WRITE_FILE_OPTIONS_INIT;
  if (given(3)) options.flags = flags(3);
  options.mode = (int32_t)number(4);
  options.flush = flag(5);
  FORM(nodecore_fs_write_file_sync(path.data, path.len, data.data, data.len, &options, &err),
       nodecore_fs_write_file(lp, path.data, path.len, data.data, data.len, &options, DONE(on_done)));
}

static void run_mkdir(void) {
  struct text path = at(1);
  nodecore_fs_mkdir_options options = NODECORE_FS_MKDIR_OPTIONS_INIT;
  options.recursive = flag(2);
  options.mode = (int32_t)number(3);
  FORM(nodecore_fs_mkdir_sync(path.data, path.len, &options, &err),
       nodecore_fs_mkdir(lp, path.data, path.len, &options, DONE(on_done)));
}

static void run_readdir(void) {
  struct text path = at(1);
  FORM(nodecore_fs_readdir_sync(path.data, path.len, &got_names, &err),
       nodecore_fs_readdir(lp, path.data, path.len, DONE(on_names)));
  if (err != NULL) return;
  for (size_t index = 0; index < nodecore_dirents_count(got_names); index++) {
    nodecore_dirent entry = nodecore_dirents_get(got_names, index);
    if (index > 0) add("|", 1);
    add_shown(entry.name.data, entry.name.len);
    if (!flag(2)) continue;
    add(" ", 1);
    add_shown(path.data, path.len);
    add(" ", 1);
    add_text(kind(entry.type));
  }
  nodecore_dirents_free(got_names);
}

static void run_rename(void) {
  struct text from = at(1), to = at(2);
  FORM(nodecore_fs_rename_sync(from.data, from.len, to.data, to.len, &err),
       nodecore_fs_rename(lp, from.data, from.len, to.data, to.len, DONE(on_done)));
}

static void run_unlink(void) {
  struct text path = at(1);
  FORM(nodecore_fs_unlink_sync(path.data, path.len, &err), nodecore_fs_unlink(lp, path.data, path.len, DONE(on_done)));
}

static void run_readlink(void) {
  struct text path = at(1);
  FORM(nodecore_fs_readlink_sync(path.data, path.len, &got_bytes, &err),
       nodecore_fs_readlink(lp, path.data, path.len, DONE(on_bytes)));
  if (err != NULL) return;
  add_shown((const char *)got_bytes.data, got_bytes.len);
  nodecore_buf_free(&got_bytes);
}

/* Says that the system made it, as nodecore.h has no such call: there is nothing to compare. */
static void run_symlink(void) {
  struct text target = at(1), path = at(2);
  /* What Node refuses is not made. */
  if (strlen(target.data) == target.len && strlen(path.data) == path.len) (void)!symlink(target.data, path.data);
  out_len = 0;
  add_text("made");
}

static const struct {
  const char *name;
  void (*run)(void);
} calls[] = {
    {"open", run_open},         {"close", run_close},   {"read", run_read},          {"write", run_write},
    {"fstat", run_fstat},       {"stat", run_stat},     {"lstat", run_lstat},        {"readFile", run_read_file},
    {"writeFile", run_write_file}, {"mkdir", run_mkdir}, {"readdir", run_readdir},   {"rename", run_rename},
    {"unlink", run_unlink},     {"readlink", run_readlink}, {"symlink", run_symlink},
};
#define CALLS (sizeof calls / sizeof *calls)

/* ---- Programs ------------------------------------------------------------------------------------ */

/* Parts a line into `args`, each ended by NUL besides. */
static void parse(char *line) {
  memset(args, 0, sizeof args);
  for (int index = 0; line != NULL && index < 8; index++) {
    char *field = strsep(&line, "\t"), *to = field;
    args[index].data = field;
    for (char *from = field; *from != '\0'; from++) {
      char hex[3] = {0};
      if (*from == '%') {
        memcpy(hex, from + 1, 2);
        *to++ = (char)strtol(hex, NULL, 16);
        from += 2;
      } else {
        *to++ = *from;
      }
    }
    args[index].len = (size_t)(to - field);
    *to = '\0';
  }
}

static void field(nodecore_str text, bool show) {
  add("\t", 1);
  if (show) add_shown(text.data, text.len);
  else add_escaped(text.data, text.len);
}

static void perform(char *line) {
  char text[32];
  parse(line);
  out_len = 0;
  add_text("ok\t");
  size_t row = 0;
  while (row < CALLS && strcmp(calls[row].name, args[0].data) != 0) row++;
  if (row == CALLS) {
    fprintf(stderr, "no such call: %s\n", args[0].data);
    exit(2);
  }
  calls[row].run();
  if (err != NULL) {
    out_len = 0;
    add_text("error");
    field(nodecore_error_name(err), false);
    field(nodecore_error_code(err), false);
    int32_t number = nodecore_error_errno(err);
    snprintf(text, sizeof text, "\t%d", number);
    add_text(number == 0 ? "\t" : text);
    field(nodecore_error_syscall(err), false);
    field(nodecore_error_path(err), true);
    field(nodecore_error_dest(err), true);
    field(nodecore_error_message(err), true);
    nodecore_error_free(err);
    err = NULL;
  }
  puts(out);
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--calls") == 0) {
    for (size_t row = 0; row < CALLS; row++) puts(calls[row].name);
    return 0;
  }
  if (argc != 4) return 2;
  callback = strcmp(argv[1], "callback") == 0;
  FILE *programs = must(fopen(argv[2], "r"));
  if (nodecore_loop_new(&lp, NULL) != NODECORE_OK) return 1;
  char *line = NULL;
  size_t room = 0;
  bool gone = false;
  int count = 0;
  for (int slot = 0; slot < 3; slot++) slots[slot] = NONE;
  for (ssize_t len; (len = getline(&line, &room, programs)) > 0;) {
    if (line[len - 1] == '\n') line[len - 1] = '\0';
    if (strcmp(line, "program") == 0) {
      for (int slot = 0; slot < 3; slot++) close_quietly(slot);
      free(base);
      free(here);
      if (asprintf(&base, "%s/%d", argv[3], count) < 0 || asprintf(&here, "%s/w/w/w", base) < 0) abort();
      if (chdir(here) != 0) return 1;
      count++;
      gone = false;
      puts("program");
    } else if (!gone) {
      perform(line);
      gone = access(here, F_OK) != 0;
      if (gone) puts("the current directory is gone");
    }
  }
  for (int slot = 0; slot < 3; slot++) close_quietly(slot);
  free(line);
  free(out);
  free(base);
  free(here);
  fclose(programs);
  nodecore_status closed = nodecore_loop_close(lp, NULL);
  nodecore_loop_free(lp);
  return closed == NODECORE_OK ? 0 : 1;
}
