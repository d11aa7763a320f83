/* Fails system calls of the program it is loaded into (LD_PRELOAD): `cargo xtask faults` builds and uses it.
 *
 * Only what works on the watched folder is counted and failed: calls on paths that begin with NODECORE_FAULTS_ROOT,
 * and on descriptors that were opened below it. So the event loop, the thread pool and the test itself are left alone.
 *
 * The program says what is to happen by readlink() of paths that no file has, so that it needs no unsafe code:
 *   /nodecore-faults/fail/CALL/N/ERRNO   the Nth CALL from here on fails with ERRNO, once
 *   /nodecore-faults/short/CALL/N/BYTES  CALL, from the Nth on, moves no more than BYTES
 *   /nodecore-faults/off                 nothing happens any more; gives "HITS CALLS", how often a call was failed or
 *                                        cut short and how often it was made
 * CALL is a name of the table below. A fault of memory (malloc and its kin) would be one more mode of `arm`.
 *
 * The counters are atomic: operations run on the threads of a pool.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define CONTROL "/nodecore-faults/"
#define EXPORT __attribute__((visibility("default")))

/* What can be failed. Kinds that a program cannot tell apart (read and pread …) have one name. */
enum call {
  OPEN, CLOSE, READ, WRITE, STAT, FSTAT, GETDENTS, MKDIR, RMDIR, UNLINK, RENAME, LINK, SYMLINK, READLINK, REALPATH,
  ACCESS, CHMOD, FCHMOD, CHOWN, UTIMES, FUTIMES, TRUNCATE, SYNC, MKDTEMP, COPY, SENDFILE, STATFS, CALLS
};
static const char *const names[CALLS] = {
  "open", "close", "read", "write", "stat", "fstat", "getdents", "mkdir", "rmdir", "unlink", "rename", "link", "symlink",
  "readlink", "realpath", "access", "chmod", "fchmod", "chown", "utimes", "futimes", "truncate", "sync", "mkdtemp", "copy",
  "sendfile", "statfs"
};

static _Atomic int armed = CALLS;
static _Atomic long countdown, limit, made, hits;
static _Atomic int error_number;

#define DESCRIPTORS 65536
static _Atomic bool watched[DESCRIPTORS];

static bool is_watched_fd(int fd) { return fd >= 0 && fd < DESCRIPTORS && watched[fd]; }

static bool is_watched_path(const char *path) {
  const char *root = getenv("NODECORE_FAULTS_ROOT");
  return root && path && strncmp(path, root, strlen(root)) == 0;
}

static int opened(int fd, bool watch) {
  if (fd >= 0 && fd < DESCRIPTORS) watched[fd] = watch;
  return fd;
}

/* Whether this call is the one that is to fail; errno is then set. */
static bool fails(enum call call, bool watch) {
  if (!watch || armed != (int)call) return false;
  made++;
  if (limit > 0 || atomic_fetch_sub(&countdown, 1) != 1) return false;
  hits++;
  errno = error_number;
  return true;
}

/* How much this call may move of `size`. */
static size_t cut(enum call call, bool watch, size_t size) {
  if (!watch || armed != (int)call || limit <= 0) return size;
  if (countdown > 1) {
    countdown--;
    return size;
  }
  if (size <= (size_t)limit) return size;
  hits++;
  return (size_t)limit;
}

static ssize_t control(const char *order, char *out, size_t size) {
  char call[16], mode[8];
  long n = 0, value = 0;
  if (strcmp(order, "off") == 0) {
    int length = snprintf(out, size, "%ld %ld", (long)hits, (long)made);
    armed = CALLS;
    return length;
  }
  if (sscanf(order, "%7[^/]/%15[^/]/%ld/%ld", mode, call, &n, &value) == 4) {
    for (int at = 0; at < CALLS; at++) {
      if (strcmp(call, names[at]) != 0) continue;
      armed = CALLS;
      made = hits = 0;
      countdown = n;
      limit = strcmp(mode, "short") == 0 ? value : 0;
      error_number = (int)value;
      armed = at;
      return snprintf(out, size, "armed");
    }
  }
  fprintf(stderr, "no such order: %s\n", order);
  abort();
}

/* The function that this one stands before. */
#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)

/* A call on a path, or on two. */
#define ON_PATH(result, name, call, path, parameters, arguments) \
  EXPORT result name parameters { \
    REAL(name); \
    if (fails(call, is_watched_path(path))) return -1; \
    return real arguments; \
  }
/* A call on a descriptor. */
#define ON_FD(result, name, call, parameters, arguments) \
  EXPORT result name parameters { \
    REAL(name); \
    if (fails(call, is_watched_fd(fd))) return -1; \
    return real arguments; \
  }

#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }

#define OPENS(name) \
  EXPORT int name(const char *path, int flags, ...) { \
    REAL(name); \
    MODE(flags) \
    bool watch = is_watched_path(path); \
    if (fails(OPEN, watch)) return -1; \
    return opened(real(path, flags, mode), watch); \
  }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name) \
  EXPORT int name(int dir, const char *path, int flags, ...) { \
    REAL(name); \
    MODE(flags) \
    bool watch = is_watched_path(path) || (path[0] != '/' && is_watched_fd(dir)); \
    if (fails(OPEN, watch)) return -1; \
    return opened(real(dir, path, flags, mode), watch); \
  }
OPENS_AT(openat)
OPENS_AT(openat64)

EXPORT int close(int fd) {
  REAL(close);
  bool watch = is_watched_fd(fd);
  opened(fd, false);
  /* As on Linux: it is closed whatever close says. */
  int result = real(fd);
  return fails(CLOSE, watch) ? -1 : result;
}

EXPORT ssize_t read(int fd, void *to, size_t size) {
  REAL(read);
  bool watch = is_watched_fd(fd);
  if (fails(READ, watch)) return -1;
  return real(fd, to, cut(READ, watch, size));
}
EXPORT ssize_t write(int fd, const void *from, size_t size) {
  REAL(write);
  bool watch = is_watched_fd(fd);
  if (fails(WRITE, watch)) return -1;
  return real(fd, from, cut(WRITE, watch, size));
}
#define PREAD(name, offset) \
  EXPORT ssize_t name(int fd, void *to, size_t size, offset at) { \
    REAL(name); \
    bool watch = is_watched_fd(fd); \
    if (fails(READ, watch)) return -1; \
    return real(fd, to, cut(READ, watch, size), at); \
  }
PREAD(pread, off_t)
PREAD(pread64, off64_t)
#define PWRITE(name, offset) \
  EXPORT ssize_t name(int fd, const void *from, size_t size, offset at) { \
    REAL(name); \
    bool watch = is_watched_fd(fd); \
    if (fails(WRITE, watch)) return -1; \
    return real(fd, from, cut(WRITE, watch, size), at); \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

/* Of several buffers a call that is cut short moves a part of the first. */
#define VECTOR(name, call, offset_parameter, offset_argument) \
  EXPORT ssize_t name(int fd, const struct iovec *parts, int count offset_parameter) { \
    REAL(name); \
    bool watch = is_watched_fd(fd); \
    if (fails(call, watch)) return -1; \
    size_t all = 0; \
    for (int at = 0; at < count; at++) all += parts[at].iov_len; \
    size_t size = cut(call, watch, all); \
    if (size == all || count == 0) return real(fd, parts, count offset_argument); \
    struct iovec first = parts[0]; \
    if (first.iov_len > size) first.iov_len = size; \
    return real(fd, &first, 1 offset_argument); \
  }
#define COMMA ,
VECTOR(readv, READ, , )
VECTOR(writev, WRITE, , )
VECTOR(preadv, READ, COMMA off_t at, COMMA at)
VECTOR(preadv64, READ, COMMA off64_t at, COMMA at)
VECTOR(pwritev, WRITE, COMMA off_t at, COMMA at)
VECTOR(pwritev64, WRITE, COMMA off64_t at, COMMA at)

ON_PATH(int, stat, STAT, path, (const char *restrict path, struct stat *restrict out), (path, out))
ON_PATH(int, stat64, STAT, path, (const char *restrict path, struct stat64 *restrict out), (path, out))
ON_PATH(int, lstat, STAT, path, (const char *restrict path, struct stat *restrict out), (path, out))
ON_PATH(int, lstat64, STAT, path, (const char *restrict path, struct stat64 *restrict out), (path, out))
ON_FD(int, fstat, FSTAT, (int fd, struct stat *out), (fd, out))
ON_FD(int, fstat64, FSTAT, (int fd, struct stat64 *out), (fd, out))
EXPORT int statx(int dir, const char *restrict path, int flags, unsigned mask, struct statx *restrict out) {
  REAL(statx);
  /* Rust's library asks with no path at all whether there is such a call; the declaration denies that one can. */
  const char *volatile given = path;
  bool by_fd = !given || given[0] == '\0';
  if (fails(by_fd ? FSTAT : STAT, by_fd ? is_watched_fd(dir) : is_watched_path(path))) return -1;
  return real(dir, path, flags, mask, out);
}
ON_PATH(int, statfs, STATFS, path, (const char *path, struct statfs *out), (path, out))
ON_PATH(int, statfs64, STATFS, path, (const char *path, struct statfs64 *out), (path, out))
ON_PATH(int, mkdir, MKDIR, path, (const char *path, mode_t mode), (path, mode))
ON_PATH(int, rmdir, RMDIR, path, (const char *path), (path))
ON_PATH(int, unlink, UNLINK, path, (const char *path), (path))
ON_PATH(int, rename, RENAME, from, (const char *from, const char *to), (from, to))
ON_PATH(int, link, LINK, from, (const char *from, const char *to), (from, to))
ON_PATH(int, symlink, SYMLINK, path, (const char *target, const char *path), (target, path))
ON_PATH(int, access, ACCESS, path, (const char *path, int mode), (path, mode))
ON_PATH(int, chmod, CHMOD, path, (const char *path, mode_t mode), (path, mode))
ON_FD(int, fchmod, FCHMOD, (int fd, mode_t mode), (fd, mode))
ON_PATH(int, chown, CHOWN, path, (const char *path, uid_t uid, gid_t gid), (path, uid, gid))
ON_PATH(int, lchown, CHOWN, path, (const char *path, uid_t uid, gid_t gid), (path, uid, gid))
ON_FD(int, fchown, CHOWN, (int fd, uid_t uid, gid_t gid), (fd, uid, gid))
ON_PATH(int, utimensat, UTIMES, path,
        (int dir, const char *path, const struct timespec times[2], int flags), (dir, path, times, flags))
ON_FD(int, futimens, FUTIMES, (int fd, const struct timespec times[2]), (fd, times))
ON_FD(int, ftruncate, TRUNCATE, (int fd, off_t length), (fd, length))
ON_FD(int, ftruncate64, TRUNCATE, (int fd, off64_t length), (fd, length))
ON_FD(int, fsync, SYNC, (int fd), (fd))
ON_FD(int, fdatasync, SYNC, (int fd), (fd))

EXPORT ssize_t readlink(const char *restrict path, char *restrict out, size_t size) {
  REAL(readlink);
  if (strncmp(path, CONTROL, sizeof CONTROL - 1) == 0) return control(path + sizeof CONTROL - 1, out, size);
  if (fails(READLINK, is_watched_path(path))) return -1;
  return real(path, out, size);
}
EXPORT char *realpath(const char *restrict path, char *restrict out) {
  REAL(realpath);
  if (fails(REALPATH, is_watched_path(path))) return NULL;
  return real(path, out);
}
EXPORT char *mkdtemp(char *template) {
  REAL(mkdtemp);
  if (fails(MKDTEMP, is_watched_path(template))) return NULL;
  return real(template);
}
/* The C library opens a directory by a call of its own: its descriptor is told from nobody's only here. */
EXPORT DIR *opendir(const char *path) {
  REAL(opendir);
  bool watch = is_watched_path(path);
  if (fails(OPEN, watch)) return NULL;
  DIR *dir = real(path);
  if (dir) opened(dirfd(dir), watch);
  return dir;
}
EXPORT int closedir(DIR *dir) {
  REAL(closedir);
  opened(dirfd(dir), false);
  return real(dir);
}
#define READS_DIR(name, entry) \
  EXPORT struct entry *name(DIR *dir) { \
    REAL(name); \
    if (fails(GETDENTS, is_watched_fd(dirfd(dir)))) return NULL; \
    return real(dir); \
  }
READS_DIR(readdir, dirent)
READS_DIR(readdir64, dirent64)

EXPORT ssize_t sendfile(int to, int from, off_t *at, size_t size) {
  REAL(sendfile);
  bool watch = is_watched_fd(from);
  if (fails(SENDFILE, watch)) return -1;
  return real(to, from, at, cut(SENDFILE, watch, size));
}
EXPORT ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
  REAL(sendfile64);
  bool watch = is_watched_fd(from);
  if (fails(SENDFILE, watch)) return -1;
  return real(to, from, at, cut(SENDFILE, watch, size));
}
EXPORT ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags) {
  REAL(copy_file_range);
  bool watch = is_watched_fd(from);
  if (fails(COPY, watch)) return -1;
  return real(from, from_at, to, to_at, cut(COPY, watch, size), flags);
}

/* What libuv and this library call by number. */
EXPORT long syscall(long number, ...) {
  REAL(syscall);
  va_list rest;
  long a[6];
  va_start(rest, number);
  for (int at = 0; at < 6; at++) a[at] = va_arg(rest, long);
  va_end(rest);
  switch (number) {
    case SYS_getdents64:
      if (fails(GETDENTS, is_watched_fd((int)a[0]))) return -1;
      break;
    case SYS_copy_file_range:
      if (fails(COPY, is_watched_fd((int)a[0]))) return -1;
      a[4] = (long)cut(COPY, is_watched_fd((int)a[0]), (size_t)a[4]);
      break;
    case SYS_close: return close((int)a[0]);
    default: break;
  }
  return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
