/* The calls of fs_programs.c, their arguments as in program.rs: a function each, and a row of the table at the end. */
#include "fs_programs.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- The callback form: what is called back is kept for the call to print ------------------------ */

static int called;
static bool got_found;
static nodecore_fd got_fd;
static size_t got_size;
static nodecore_buf got_bytes;
static nodecore_stats got_stats = NODECORE_STATS_INIT;
static nodecore_dirents *got_names;
static nodecore_dir *got_dir;

static void told(const nodecore_error *error) {
  called++;
  err = error == NULL ? NULL : nodecore_error_copy(error);
}
static void on_done(const nodecore_error *error, void *user) {
  (void)user;
  told(error);
}
static void on_found(bool found, void *user) {
  (void)user;
  told(NULL);
  got_found = found;
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
static void on_dir(const nodecore_error *error, nodecore_dir *dir, void *user) {
  (void)user;
  told(error);
  got_dir = dir;
}
/* An entry is borrowed for the call. */
static void on_entry(const nodecore_error *error, const nodecore_dirent *entry, void *user) {
  (void)user;
  told(error);
  got_found = entry != NULL;
  if (entry != NULL) list_entry(entry);
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
/* An operation in the form wanted, its arguments last: one that gives nothing, and one that gives `*out`, or calls
 * `cb` with it. */
#define CALL(name, ...) FORM(name##_sync(__VA_ARGS__, &err), name(lp, __VA_ARGS__, DONE(on_done)))
#define GIVE(name, cb, out, ...) FORM(name##_sync(__VA_ARGS__, out, &err), name(lp, __VA_ARGS__, DONE(cb)))

/* ---- Arguments ----------------------------------------------------------------------------------- */

#define TEXT(of) (of).data, (of).len

/* Memory that lasts until two more are asked for: no call takes more. */
static char *scratch(char *kept[2], size_t size) {
  free(kept[1]);
  kept[1] = kept[0];
  return kept[0] = must(malloc(size + 1));
}

static char *paths[2], *contents[2];

/* A path: `$` is the current directory. */
static struct text at(int index) {
  struct text given = args[index];
  if (given.len == 0 || given.data[0] != '$') return given;
  char *path = scratch(paths, strlen(here) + given.len);
  /* With the NUL behind it. */
  memcpy(stpcpy(path, here), given.data + 1, given.len);
  return (struct text){path, strlen(here) + given.len - 1};
}

/* Text: `*N` is N times x. */
static struct text content(int index) {
  struct text given = args[index];
  if (given.len == 0 || given.data[0] != '*') return given;
  size_t len = strtoul(given.data + 1, NULL, 10);
  char *text = scratch(contents, len);
  memset(text, 'x', len);
  return (struct text){text, len};
}

static bool given(int index) { return strcmp(args[index].data, "-") != 0; }
static long number(int index) { return strtol(args[index].data, NULL, 10); }
static int64_t position(int index) { return given(index) ? number(index) : -1; }
static bool flag(int index) { return strcmp(args[index].data, "true") == 0; }
static bool has(int index, char letter) { return strchr(args[index].data, letter) != NULL; }

/* The file of slot N, if the argument is `#N`. */
static bool opened(int index, nodecore_fd *fd) {
  if (args[index].data[0] != '#') return false;
  *fd = slots[strtol(args[index].data + 1, NULL, 10)];
  return true;
}

static int32_t flags(int index) {
  int32_t bits = 0;
  nodecore_fs_flags(TEXT(args[index]), &bits, &err);
  return bits;
}

/* Node takes a number below zero for the present; C has the times before 1970. */
static nodecore_time when(int index) {
  double seconds = strtod(args[index].data, NULL);
  if (seconds < 0) return (nodecore_time){0, NODECORE_FS_TIME_NOW};
  int64_t whole = (int64_t)seconds;
  return (nodecore_time){whole, (int32_t)((seconds - (double)whole) * 1e9 + 0.5)};
}

/* ---- What is given ------------------------------------------------------------------------------- */

static void add_size(void) {
  if (err == NULL) add_number(got_size);
}

static void add_found_stats(void) {
  if (err == NULL) add_stats(&got_stats);
}

static void add_path(void) {
  if (err != NULL) return;
  add_shown(got_bytes.data, got_bytes.len);
  nodecore_buf_free(&got_bytes);
}

static void add_names(bool types) {
  if (err != NULL) return;
  for (size_t index = 0; index < nodecore_dirents_count(got_names); index++) {
    nodecore_dirent entry = nodecore_dirents_get(got_names, index);
    if (types) list_entry(&entry);
    else list_path(nodecore_dirents_path(got_names, index));
  }
  list_end(false);
  nodecore_dirents_free(got_names);
}

/* ---- Open files ---------------------------------------------------------------------------------- */

static void run_open(void) {
  int slot = (int)number(1);
  close_quietly(slot);
  struct text path = at(2);
  int32_t bits = flags(3);
  if (err != NULL) return;
  GIVE(nodecore_fs_open, on_open, &got_fd, TEXT(path), bits, (int32_t)number(4));
  if (err == NULL) slots[slot] = got_fd;
}

static void run_close(void) {
  int slot = (int)number(1);
  CALL(nodecore_fs_close, slots[slot]);
  if (err == NULL) slots[slot] = NONE;
}

static void run_read(void) {
  nodecore_fd fd = slots[number(1)];
  size_t size = (size_t)number(2);
  char *buffer = must(malloc(size + 1));
  FORM(nodecore_fs_read_sync(fd, buffer, size, position(5), &got_size, &err),
       nodecore_fs_read(lp, fd, size, position(5), DONE(on_bytes)));
  if (err == NULL) {
    add_number(callback ? got_bytes.len : got_size);
    add_text("\t");
    if (callback) {
      add_content(got_bytes.data, got_bytes.len);
      nodecore_buf_free(&got_bytes);
    } else {
      add_content(buffer, got_size);
    }
  }
  free(buffer);
}

static void run_readv(void) {
  size_t first = (size_t)number(2), second = (size_t)number(3);
  char *memory = must(malloc(first + second + 1));
  /* One behind the other, so that what is read is in one piece. */
  nodecore_fs_buffer buffers[] = {{memory, first}, {memory + first, second}};
  GIVE(nodecore_fs_readv, on_size, &got_size, slots[number(1)], buffers, 2, position(4));
  add_size();
  if (err == NULL) {
    add_text("\t");
    add_content(memory, got_size);
  }
  free(memory);
}

static void run_write(void) {
  struct text data = content(2);
  GIVE(nodecore_fs_write, on_size, &got_size, slots[number(1)], TEXT(data), position(5));
  add_size();
}

static void run_writev(void) {
  struct text first = content(2), second = content(3);
  nodecore_str buffers[] = {{TEXT(first)}, {TEXT(second)}};
  GIVE(nodecore_fs_writev, on_size, &got_size, slots[number(1)], buffers, 2, position(4));
  add_size();
}

static void run_fstat(void) {
  GIVE(nodecore_fs_fstat, on_stats, &got_stats, slots[number(1)]);
  add_found_stats();
}

static void run_ftruncate(void) { CALL(nodecore_fs_ftruncate, slots[number(1)], (uint64_t)number(2)); }
static void run_fchmod(void) { CALL(nodecore_fs_fchmod, slots[number(1)], (uint32_t)number(2)); }
static void run_futimes(void) { CALL(nodecore_fs_futimes, slots[number(1)], when(2), when(3)); }
static void run_fsync(void) { CALL(nodecore_fs_fsync, slots[number(1)]); }
static void run_fdatasync(void) { CALL(nodecore_fs_fdatasync, slots[number(1)]); }

/* ---- Whole files --------------------------------------------------------------------------------- */

static void run_read_file(void) {
  struct text path = at(1);
  nodecore_fs_read_file_options options = NODECORE_FS_READ_FILE_OPTIONS_INIT;
  options.has_fd = opened(1, &options.fd);
  if (given(2)) options.flags = flags(2);
  GIVE(nodecore_fs_read_file, on_bytes, &got_bytes, TEXT(path), &options);
  if (err != NULL) return;
  add_content(got_bytes.data, got_bytes.len);
  nodecore_buf_free(&got_bytes);
}

static nodecore_fs_write_file_options write_options(void) {
  nodecore_fs_write_file_options options = NODECORE_FS_WRITE_FILE_OPTIONS_INIT;
  options.has_fd = opened(1, &options.fd);
  if (given(3)) options.flags = flags(3);
  options.mode = (int32_t)number(4);
  options.flush = flag(5);
  return options;
}

static void run_write_file(void) {
  struct text path = at(1), data = content(2);
  nodecore_fs_write_file_options options = write_options();
  CALL(nodecore_fs_write_file, TEXT(path), TEXT(data), &options);
}

static void run_append_file(void) {
  struct text path = at(1), data = content(2);
  nodecore_fs_write_file_options options = write_options();
  CALL(nodecore_fs_append_file, TEXT(path), TEXT(data), &options);
}

static void run_truncate(void) {
  struct text path = at(1);
  CALL(nodecore_fs_truncate, TEXT(path), (uint64_t)number(2));
}

static void run_copy_file(void) {
  struct text from = at(1), to = at(2);
  CALL(nodecore_fs_copy_file, TEXT(from), TEXT(to), (int32_t)number(3));
}

/* ---- Names --------------------------------------------------------------------------------------- */

static void run_stat(void) {
  struct text path = at(1);
  GIVE(nodecore_fs_stat, on_stats, &got_stats, TEXT(path));
  add_found_stats();
}

static void run_lstat(void) {
  struct text path = at(1);
  GIVE(nodecore_fs_lstat, on_stats, &got_stats, TEXT(path));
  add_found_stats();
}

static void run_access(void) {
  struct text path = at(1);
  CALL(nodecore_fs_access, TEXT(path), (int32_t)number(2));
}

static void run_exists(void) {
  struct text path = at(1);
  FORM(got_found = nodecore_fs_exists_sync(TEXT(path)), nodecore_fs_exists(lp, TEXT(path), DONE(on_found)));
  add_text(got_found ? "true" : "false");
}

static void run_rename(void) {
  struct text from = at(1), to = at(2);
  CALL(nodecore_fs_rename, TEXT(from), TEXT(to));
}

static void run_link(void) {
  struct text from = at(1), to = at(2);
  CALL(nodecore_fs_link, TEXT(from), TEXT(to));
}

static void run_symlink(void) {
  struct text target = at(1), path = at(2);
  CALL(nodecore_fs_symlink, TEXT(target), TEXT(path), NODECORE_FS_SYMLINK_FILE);
}

static void run_unlink(void) {
  struct text path = at(1);
  CALL(nodecore_fs_unlink, TEXT(path));
}

static void run_readlink(void) {
  struct text path = at(1);
  GIVE(nodecore_fs_readlink, on_bytes, &got_bytes, TEXT(path));
  add_path();
}

static void run_realpath(void) {
  struct text path = at(1);
  GIVE(nodecore_fs_realpath, on_bytes, &got_bytes, TEXT(path));
  add_path();
}

static void run_realpath_native(void) {
  struct text path = at(1);
  GIVE(nodecore_fs_realpath_native, on_bytes, &got_bytes, TEXT(path));
  add_path();
}

static void run_chmod(void) {
  struct text path = at(1);
  CALL(nodecore_fs_chmod, TEXT(path), (uint32_t)number(2));
}

static void run_utimes(void) {
  struct text path = at(1);
  CALL(nodecore_fs_utimes, TEXT(path), when(2), when(3));
}

static void run_lutimes(void) {
  struct text path = at(1);
  CALL(nodecore_fs_lutimes, TEXT(path), when(2), when(3));
}

/* ---- Directories --------------------------------------------------------------------------------- */

static void run_mkdir(void) {
  struct text path = at(1);
  nodecore_fs_mkdir_options options = NODECORE_FS_MKDIR_OPTIONS_INIT;
  options.recursive = flag(2);
  options.mode = (int32_t)number(3);
  GIVE(nodecore_fs_mkdir, on_bytes, &got_bytes, TEXT(path), &options);
  add_path();
}

static void run_mkdtemp(void) {
  struct text prefix = at(1);
  GIVE(nodecore_fs_mkdtemp, on_bytes, &got_bytes, TEXT(prefix));
  if (err != NULL) return;
  char *made = must(strndup(got_bytes.data, got_bytes.len)), *fixed = must(strdup(made));
  nodecore_buf_free(&got_bytes);
  /* The name is chance, and what follows must not be. */
  memset(fixed + strlen(fixed) - 6, 'X', 6);
  if (rename(made, fixed) != 0 && rmdir(made) != 0) abort();
  add_shown(fixed, strlen(fixed));
  free(made);
  free(fixed);
}

static void run_rmdir(void) {
  struct text path = at(1);
  CALL(nodecore_fs_rmdir, TEXT(path));
}

static void run_readdir(void) {
  struct text path = at(1);
  nodecore_fs_readdir_options options = NODECORE_FS_READDIR_OPTIONS_INIT;
  options.with_file_types = flag(2);
  options.recursive = flag(3);
  GIVE(nodecore_fs_readdir, on_names, &got_names, TEXT(path), &options);
  add_names(flag(2));
}

/* Reads a step in the form wanted; whether there was an entry. */
static bool next_entry(void) {
  nodecore_dirent entry;
  if (callback) {
    wait_for(nodecore_dir_read(got_dir, lp, on_entry, NULL, NULL, &err));
    return err == NULL && got_found;
  }
  if (nodecore_dir_read_sync(got_dir, &entry, &err) != NODECORE_OK || entry.name.data == NULL) return false;
  list_entry(&entry);
  return true;
}

static void run_opendir(void) {
  struct text path = at(1);
  nodecore_fs_opendir_options options = NODECORE_FS_OPENDIR_OPTIONS_INIT;
  options.recursive = flag(2);
  GIVE(nodecore_fs_opendir, on_dir, &got_dir, TEXT(path), &options);
  if (err != NULL) return;
  while (next_entry()) continue;
  if (err == NULL) {
    FORM(nodecore_dir_close_sync(got_dir, &err), nodecore_dir_close(got_dir, lp, on_done, NULL, NULL, &err));
  }
  nodecore_dir_free(got_dir);
  /* The order of a directory is not the same everywhere. */
  list_end(true);
}

/* ---- Trees --------------------------------------------------------------------------------------- */

static void run_rm(void) {
  struct text path = at(1);
  nodecore_fs_rm_options options = NODECORE_FS_RM_OPTIONS_INIT;
  options.force = flag(2);
  options.recursive = flag(3);
  CALL(nodecore_fs_rm, TEXT(path), &options);
}

static void run_cp(void) {
  struct text from = at(1), to = at(2);
  nodecore_fs_cp_options options = NODECORE_FS_CP_OPTIONS_INIT;
  options.no_force = !has(3, 'f');
  options.recursive = has(3, 'r');
  options.error_on_exist = has(3, 'e');
  options.preserve_timestamps = has(3, 'p');
  options.verbatim_symlinks = has(3, 'v');
  options.dereference = has(3, 'd');
  options.mode = (int32_t)number(4);
  CALL(nodecore_fs_cp, TEXT(from), TEXT(to), &options);
}

static void run_glob(void) {
  nodecore_str pattern = {TEXT(args[1])}, exclude = {TEXT(args[3])};
  nodecore_fs_glob_options options = NODECORE_FS_GLOB_OPTIONS_INIT;
  options.exclude = &exclude;
  options.exclude_count = given(3);
  GIVE(nodecore_fs_glob, on_names, &got_names, &pattern, 1, &options);
  add_names(flag(2));
}

const struct call calls[] = {
    {"open", run_open},
    {"close", run_close},
    {"read", run_read},
    {"readv", run_readv},
    {"write", run_write},
    {"writev", run_writev},
    {"fstat", run_fstat},
    {"ftruncate", run_ftruncate},
    {"fchmod", run_fchmod},
    {"futimes", run_futimes},
    {"fsync", run_fsync},
    {"fdatasync", run_fdatasync},
    {"readFile", run_read_file},
    {"writeFile", run_write_file},
    {"appendFile", run_append_file},
    {"truncate", run_truncate},
    {"copyFile", run_copy_file},
    {"stat", run_stat},
    {"lstat", run_lstat},
    {"access", run_access},
    {"exists", run_exists},
    {"rename", run_rename},
    {"link", run_link},
    {"symlink", run_symlink},
    {"unlink", run_unlink},
    {"readlink", run_readlink},
    {"realpath", run_realpath},
    {"realpathNative", run_realpath_native},
    {"chmod", run_chmod},
    {"utimes", run_utimes},
    {"lutimes", run_lutimes},
    {"mkdir", run_mkdir},
    {"mkdtemp", run_mkdtemp},
    {"rmdir", run_rmdir},
    {"readdir", run_readdir},
    {"opendir", run_opendir},
    {"rm", run_rm},
    {"cp", run_cp},
    {"glob", run_glob},
};
const size_t call_count = sizeof calls / sizeof *calls;
