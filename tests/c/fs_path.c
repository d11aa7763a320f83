/* fs_path.h: metadata, permissions, times and names, in both forms. The texts are Node 26.10's. */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <unistd.h>

#include "fs_check.h"

static bool found;
static nodecore_statfs volume;

static void on_exists(bool there, void *user) {
  (void)user;
  called++;
  found = there;
}

static void on_statfs(const nodecore_error *err, const nodecore_statfs *got, void *user) {
  (void)user;
  saw(err);
  CHECK((err == NULL) == (got != NULL));
  if (err == NULL) volume = *got;
}

static void put(const char *path, const char *text) {
  CHECK_OK(nodecore_fs_write_file_sync(path, A, text, strlen(text), NULL, NULL));
}

static nodecore_stats of(const char *path) {
  nodecore_stats stats = NODECORE_STATS_INIT;
  CHECK_OK(nodecore_fs_lstat_sync(path, A, &stats, NULL));
  return stats;
}

/* Every kind of file, as <sys/stat.h> and as we name it: what Node asks with isFile() and its kin. */
static void kinds(void) {
  static const struct {
    const char *path;
    int32_t type;
    mode_t bits;
  } known[] = {
      {"file", NODECORE_FS_FILE, S_IFREG},       {".", NODECORE_FS_DIRECTORY, S_IFDIR},
      {"link", NODECORE_FS_SYMLINK, S_IFLNK},    {"fifo", NODECORE_FS_FIFO, S_IFIFO},
      {"socket", NODECORE_FS_SOCKET, S_IFSOCK},  {"/dev/null", NODECORE_FS_CHARACTER_DEVICE, S_IFCHR},
  };
  put("file", "some text");
  CHECK(symlink("file", "link") == 0 && mkfifo("fifo", 0600) == 0);
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
  int server = socket(AF_UNIX, SOCK_STREAM, 0);
  CHECK(server >= 0 && bind(server, (struct sockaddr *)&address, sizeof address) == 0);
  CHECK(close(server) == 0);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    struct stat st;
    CHECK(lstat(known[i].path, &st) == 0);
    nodecore_stats stats = of(known[i].path);
    CHECK(stats.type == known[i].type && (stats.mode & S_IFMT) == known[i].bits && stats.mode == st.st_mode);
    CHECK(stats.ino == st.st_ino && stats.dev == st.st_dev);
    CHECK(stats.uid == st.st_uid && stats.nlink == st.st_nlink);
    CHECK(stats.mtime.sec == st.st_mtim.tv_sec && stats.mtime.nsec == st.st_mtim.tv_nsec);
    CHECK(stats.ctime.sec == st.st_ctim.tv_sec && stats.ctime.nsec == st.st_ctim.tv_nsec);
#ifdef STATX_BTIME
    struct statx stx;
    CHECK(statx(AT_FDCWD, known[i].path, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &stx) == 0);
    if (stx.stx_mask & STATX_BTIME) {
      CHECK(stats.birthtime.sec == stx.stx_btime.tv_sec);
      CHECK(stats.birthtime.nsec == (int32_t)stx.stx_btime.tv_nsec);
    }
#endif
    CHECK(stats.atime.sec == st.st_atim.tv_sec && stats.atime.nsec == st.st_atim.tv_nsec);
    CHECK(stats.size == (uint64_t)st.st_size && stats.gid == st.st_gid && stats.rdev == st.st_rdev);
    CHECK(stats.blocks == (uint64_t)st.st_blocks && stats.blksize == (uint64_t)st.st_blksize);
  }
  /* Devices of every sort, with a block device where there is one. */
  DIR *dev = opendir("/dev");
  CHECK(dev != NULL);
  for (struct dirent *entry; (entry = readdir(dev)) != NULL;) {
    char path[PATH_MAX];
    struct stat st;
    snprintf(path, sizeof path, "/dev/%s", entry->d_name);
    if (lstat(path, &st) != 0) continue;
    int32_t type = of(path).type;
    CHECK(type != NODECORE_FS_UNKNOWN);
    CHECK((type == NODECORE_FS_BLOCK_DEVICE) == (S_ISBLK(st.st_mode) != 0));
    CHECK((type == NODECORE_FS_CHARACTER_DEVICE) == (S_ISCHR(st.st_mode) != 0));
    CHECK((type == NODECORE_FS_BLOCK_DEVICE) == ((st.st_mode & S_IFMT) == S_IFBLK));
  }
  CHECK(closedir(dev) == 0);
  /* What Node's `throwIfNoEntry: false` is about. */
  nodecore_stats stats = NODECORE_STATS_INIT;
  CHECK_STATUS(nodecore_fs_stat_sync("none", A, &stats, NULL), NODECORE_ENOENT);
  CHECK_STATUS(nodecore_fs_stat_sync("file/none", A, &stats, NULL), NODECORE_ENOTDIR);
}

static void volumes(void) {
  nodecore_error *err = NULL;
  nodecore_statfs got = NODECORE_STATFS_INIT;
  struct statvfs expected;
  CHECK(statvfs(".", &expected) == 0);
  CHECK_OK(nodecore_fs_statfs_sync(".", A, &got, NULL));
  CHECK(got.struct_size == sizeof got && got.type != 0);
  CHECK(got.bsize == expected.f_bsize && got.frsize == expected.f_frsize);
  CHECK(got.blocks == expected.f_blocks && got.files == expected.f_files);
  CHECK(got.bfree <= got.blocks && got.bavail <= got.bfree && got.ffree <= got.files);
  AWAIT(nodecore_fs_statfs(lp, ".", A, BACK(on_statfs)), NODECORE_OK);
  CHECK(volume.struct_size == sizeof volume && volume.type == got.type && volume.blocks == got.blocks);
  CHECK_STATUS(nodecore_fs_statfs_sync("none", A, &got, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_path(err), "none") && is(nodecore_error_syscall(err), "statfs"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, statfs 'none'"));
  AWAIT_FAILURE(nodecore_fs_statfs(lp, "none", A, BACK(on_statfs)), NODECORE_ENOENT,
                "ENOENT: no such file or directory, statfs 'none'");
  nodecore_statfs unset;
  memset(&unset, 0, sizeof unset);
  CHECK_STATUS(nodecore_fs_statfs_sync(".", A, &unset, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_fs_statfs_sync(".", A, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_statfs_sync(NULL, 1, &got, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_statfs(lp, ".", A, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_statfs(NULL, ".", A, BACK(on_statfs)), NODECORE_ERR_INVALID_ARG_TYPE);
}

static void presence(void) {
  nodecore_error *err = NULL;
  CHECK(symlink("gone", "dangling") == 0);
  CHECK_OK(nodecore_fs_access_sync("file", A, F_OK, NULL));
  CHECK_OK(nodecore_fs_access_sync("file", A, R_OK | W_OK, NULL));
  AWAIT(nodecore_fs_access(lp, ".", A, R_OK | W_OK | X_OK, BACK(on_done)), NODECORE_OK);
  CHECK_STATUS(nodecore_fs_access_sync("file", A, X_OK, NULL), NODECORE_EACCES);
  CHECK_STATUS(nodecore_fs_access_sync("none", A, F_OK, &err), NODECORE_ENOENT);
  CHECK(nodecore_error_errno(err) == -2 && is(nodecore_error_path(err), "none"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, access 'none'"));
  AWAIT_FAILURE(nodecore_fs_access(lp, "none", A, F_OK, BACK(on_done)), NODECORE_ENOENT,
                "ENOENT: no such file or directory, access 'none'");
  CHECK_STATUS(nodecore_fs_access_sync("file", A, 9, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE", "mode is out of range: >= 0 && <= 7"));
  CHECK_STATUS(nodecore_fs_access_sync(NULL, 1, F_OK, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_access(lp, "file", A, -1, BACK(on_done)), NODECORE_ERR_OUT_OF_RANGE);
  REFUSED(nodecore_fs_access(lp, "file", A, 0, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_access(lp, NULL, A, 0, BACK(on_done)), NODECORE_ERR_INVALID_ARG_TYPE);

  static const struct {
    const char *path;
    size_t len;
    bool there;
  } asked[] = {{"file", A, true},      {".", A, true},        {"none", A, false},
               {"dangling", A, false}, {"file\0", 5, false}, {"", 0, false}};
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
    CHECK(nodecore_fs_exists_sync(asked[i].path, asked[i].len) == asked[i].there);
    found = !asked[i].there;
    status = NODECORE_OK;
    AWAIT(nodecore_fs_exists(lp, asked[i].path, asked[i].len, BACK(on_exists)), NODECORE_OK);
    CHECK(found == asked[i].there);
  }
  CHECK(!nodecore_fs_exists_sync(NULL, A) && !nodecore_fs_exists_sync(NULL, 0));
  REFUSED(nodecore_fs_exists(lp, NULL, A, BACK(on_exists)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_exists(lp, ".", A, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_exists(NULL, ".", A, BACK(on_exists)), NODECORE_ERR_INVALID_ARG_TYPE);
}

static void permissions(void) {
  static const mode_t bits[] = {S_IRWXU, S_IRUSR, S_IWUSR, S_IXUSR, S_IRWXG, S_IRGRP,
                                S_IWGRP, S_IXGRP, S_IRWXO, S_IROTH, S_IWOTH, S_IXOTH};
  nodecore_error *err = NULL;
  put("p", "");
  for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
    CHECK_OK(nodecore_fs_chmod_sync("p", A, bits[i], NULL));
    CHECK((of("p").mode & 07777) == bits[i]);
  }
  AWAIT(nodecore_fs_chmod(lp, "p", A, 0640, BACK(on_done)), NODECORE_OK);
  CHECK((of("p").mode & 07777) == 0640);
  CHECK_OK(nodecore_fs_open_sync("p", A, O_RDONLY, 0, &fd, NULL));
  CHECK_OK(nodecore_fs_fchmod_sync(fd, 0604, NULL));
  CHECK((of("p").mode & 07777) == 0604);
  AWAIT(nodecore_fs_fchmod(lp, fd, 0600, BACK(on_done)), NODECORE_OK);
  CHECK((of("p").mode & 07777) == 0600);

  /* Who owns it already may give it to himself; -1 leaves one alone. */
  uint32_t uid = getuid(), gid = getgid(), same = (uint32_t)-1;
  CHECK(symlink("p", "to-p") == 0 && symlink("gone", "to-nothing") == 0);
  CHECK_OK(nodecore_fs_chown_sync("p", A, uid, gid, NULL));
  AWAIT(nodecore_fs_chown(lp, "to-p", A, same, gid, BACK(on_done)), NODECORE_OK);
  CHECK_OK(nodecore_fs_fchown_sync(fd, uid, same, NULL));
  AWAIT(nodecore_fs_fchown(lp, fd, same, same, BACK(on_done)), NODECORE_OK);
  CHECK_OK(nodecore_fs_lchown_sync("to-nothing", A, uid, gid, NULL));
  AWAIT(nodecore_fs_lchown(lp, "to-nothing", A, same, same, BACK(on_done)), NODECORE_OK);
  CHECK(of("p").uid == uid && of("p").gid == gid && of("to-nothing").uid == uid);
  if (uid == 0) {
    CHECK_OK(nodecore_fs_chown_sync("p", A, 12, 34, NULL));
    CHECK(of("p").uid == 12 && of("p").gid == 34);
    CHECK_OK(nodecore_fs_lchown_sync("to-nothing", A, 56, 78, NULL));
    CHECK(of("to-nothing").uid == 56 && of("to-nothing").gid == 78);
    CHECK_OK(nodecore_fs_fchown_sync(fd, same, 90, NULL));
    CHECK(of("p").uid == 12 && of("p").gid == 90);
  } else {
    CHECK_STATUS(nodecore_fs_chown_sync("p", A, 0, same, NULL), NODECORE_EPERM);
  }
  CHECK_OK(nodecore_fs_close_sync(fd, NULL));

  CHECK_STATUS(nodecore_fs_chmod_sync("none", A, 0600, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_path(err), "none") && is(nodecore_error_syscall(err), "chmod"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, chmod 'none'"));
  CHECK_STATUS(nodecore_fs_fchmod_sync(999, 0600, &err), NODECORE_EBADF);
  CHECK(failed_with(&err, "EBADF", "EBADF: bad file descriptor, fchmod"));
  CHECK_STATUS(nodecore_fs_chown_sync("to-nothing", A, uid, gid, &err), NODECORE_ENOENT);
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, chown 'to-nothing'"));
  CHECK_STATUS(nodecore_fs_lchown_sync("none", A, uid, gid, &err), NODECORE_ENOENT);
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, lchown 'none'"));
  CHECK_STATUS(nodecore_fs_fchown_sync(999, uid, gid, &err), NODECORE_EBADF);
  CHECK(failed_with(&err, "EBADF", "EBADF: bad file descriptor, fchown"));
  AWAIT_FAILURE(nodecore_fs_chmod(lp, "none", A, 0600, BACK(on_done)), NODECORE_ENOENT,
                "ENOENT: no such file or directory, chmod 'none'");
  AWAIT_FAILURE(nodecore_fs_fchmod(lp, 999, 0600, BACK(on_done)), NODECORE_EBADF,
                "EBADF: bad file descriptor, fchmod");
  AWAIT_FAILURE(nodecore_fs_chown(lp, "none", A, 1, 1, BACK(on_done)), NODECORE_ENOENT,
                "ENOENT: no such file or directory, chown 'none'");
  AWAIT_FAILURE(nodecore_fs_lchown(lp, "none", A, 1, 1, BACK(on_done)), NODECORE_ENOENT,
                "ENOENT: no such file or directory, lchown 'none'");
  AWAIT_FAILURE(nodecore_fs_fchown(lp, 999, 1, 1, BACK(on_done)), NODECORE_EBADF,
                "EBADF: bad file descriptor, fchown");
  CHECK_STATUS(nodecore_fs_chmod_sync(NULL, 1, 0, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_chown_sync(NULL, 1, 0, 0, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_lchown_sync(NULL, 1, 0, 0, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_fchmod_sync(-1, 0, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_fs_fchown_sync(-1, 0, 0, NULL), NODECORE_ERR_OUT_OF_RANGE);
  REFUSED(nodecore_fs_chmod(lp, NULL, A, 0, BACK(on_done)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_fchmod(lp, 0, 0, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_chown(NULL, "p", A, 0, 0, BACK(on_done)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_lchown(lp, "p\0", 2, 0, 0, BACK(on_done)), NODECORE_ERR_INVALID_ARG_VALUE);
  REFUSED(nodecore_fs_fchown(lp, -1, 0, 0, BACK(on_done)), NODECORE_ERR_OUT_OF_RANGE);
}

static bool same(nodecore_time a, nodecore_time b) { return a.sec == b.sec && a.nsec == b.nsec; }

static void times(void) {
  nodecore_error *err = NULL;
  const nodecore_time one = {1795184201, 868000031}, two = {-2, 1};
  const nodecore_time now = {0, NODECORE_FS_TIME_NOW}, keep = {0, NODECORE_FS_TIME_KEEP};
  put("t", "");
  CHECK(symlink("t", "to-t") == 0);
  CHECK_OK(nodecore_fs_utimes_sync("to-t", A, one, two, NULL));
  CHECK(same(of("t").atime, one) && same(of("t").mtime, two));
  /* As <sys/stat.h> sees it. */
  struct stat st;
  CHECK(stat("t", &st) == 0 && st.st_atim.tv_nsec == one.nsec);
  CHECK(st.st_mtim.tv_sec == two.sec && st.st_mtim.tv_nsec == two.nsec);
  AWAIT(nodecore_fs_utimes(lp, "t", A, keep, one, BACK(on_done)), NODECORE_OK);
  CHECK(same(of("t").atime, one) && same(of("t").mtime, one));
  CHECK_OK(nodecore_fs_lutimes_sync("to-t", A, two, two, NULL));
  CHECK(same(of("to-t").mtime, two) && same(of("t").mtime, one));
  AWAIT(nodecore_fs_lutimes(lp, "to-t", A, one, keep, BACK(on_done)), NODECORE_OK);
  CHECK(same(of("to-t").atime, one) && same(of("to-t").mtime, two));
  CHECK_OK(nodecore_fs_open_sync("t", A, O_RDONLY, 0, &fd, NULL));
  CHECK_OK(nodecore_fs_futimes_sync(fd, two, keep, NULL));
  CHECK(same(of("t").atime, two) && same(of("t").mtime, one));
  AWAIT(nodecore_fs_futimes(lp, fd, one, now, BACK(on_done)), NODECORE_OK);
  CHECK(same(of("t").atime, one) && !same(of("t").mtime, one));
  CHECK_OK(nodecore_fs_utimes_sync("t", A, two, two, NULL));
  CHECK_OK(nodecore_fs_utimes_sync("t", A, now, keep, NULL));
  CHECK(of("t").atime.sec > 1500000000 && same(of("t").mtime, two));
  CHECK_OK(nodecore_fs_close_sync(fd, NULL));

  const nodecore_time above = {0, 1000000000}, below = {0, -3};
  CHECK_STATUS(nodecore_fs_utimes_sync("t", A, above, one, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                    "The value of \"nsec\" is out of range. It must be >= 0 && <= 999999999. "
                    "Received 1000000000"));
  CHECK_STATUS(nodecore_fs_lutimes_sync("t", A, one, below, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_fs_futimes_sync(0, one, below, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_fs_utimes_sync("none", A, one, one, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_path(err), "none") && is(nodecore_error_syscall(err), "utime"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, utime 'none'"));
  CHECK_STATUS(nodecore_fs_utimes_sync("none", A, now, keep, &err), NODECORE_ENOENT);
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, utime 'none'"));
  CHECK_STATUS(nodecore_fs_lutimes_sync("none", A, one, one, &err), NODECORE_ENOENT);
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, lutime 'none'"));
  CHECK_STATUS(nodecore_fs_futimes_sync(999, one, one, &err), NODECORE_EBADF);
  CHECK(failed_with(&err, "EBADF", "EBADF: bad file descriptor, futime"));
  AWAIT_FAILURE(nodecore_fs_utimes(lp, "none", A, one, one, BACK(on_done)), NODECORE_ENOENT,
                "ENOENT: no such file or directory, utime 'none'");
  AWAIT_FAILURE(nodecore_fs_lutimes(lp, "none", A, one, one, BACK(on_done)), NODECORE_ENOENT,
                "ENOENT: no such file or directory, lutime 'none'");
  AWAIT_FAILURE(nodecore_fs_futimes(lp, 999, one, one, BACK(on_done)), NODECORE_EBADF,
                "EBADF: bad file descriptor, futime");
  CHECK_STATUS(nodecore_fs_utimes_sync(NULL, 1, one, one, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_lutimes_sync(NULL, 1, one, one, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_futimes_sync(-1, one, one, NULL), NODECORE_ERR_OUT_OF_RANGE);
  REFUSED(nodecore_fs_utimes(lp, "t", A, above, one, BACK(on_done)), NODECORE_ERR_OUT_OF_RANGE);
  REFUSED(nodecore_fs_lutimes(lp, NULL, A, one, one, BACK(on_done)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_futimes(lp, 0, one, one, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
}

static void links(void) {
  nodecore_error *err = NULL;
  put("l", "linked");
  CHECK_OK(nodecore_fs_link_sync("l", A, "l2", A, NULL));
  AWAIT(nodecore_fs_link(lp, "l", A, "l3", A, BACK(on_done)), NODECORE_OK);
  CHECK(of("l").nlink == 3 && of("l3").ino == of("l").ino);
  CHECK_STATUS(nodecore_fs_link_sync("none", A, "l4", A, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_path(err), "none") && is(nodecore_error_dest(err), "l4"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, link 'none' -> 'l4'"));
  AWAIT_FAILURE(nodecore_fs_link(lp, "l", A, "l2", A, BACK(on_done)), NODECORE_EEXIST,
                "EEXIST: file already exists, link 'l' -> 'l2'");
  CHECK_STATUS(nodecore_fs_link_sync(NULL, 1, "l4", A, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_link_sync("l", A, NULL, 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_link(lp, "l", A, "l\0", 2, BACK(on_done)), NODECORE_ERR_INVALID_ARG_VALUE);
  REFUSED(nodecore_fs_link(lp, "l", A, "l4", A, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);

  CHECK_OK(nodecore_fs_symlink_sync("l", A, "s", A, NODECORE_FS_SYMLINK_FILE, NULL));
  AWAIT(nodecore_fs_symlink(lp, "d/e", A, "s2", A, NODECORE_FS_SYMLINK_DIR, BACK(on_done)), NODECORE_OK);
  CHECK_OK(nodecore_fs_symlink_sync("\xff", A, "s3", A, NODECORE_FS_SYMLINK_JUNCTION, NULL));
  CHECK_OK(nodecore_fs_readlink_sync("s2", A, &bytes, NULL));
  CHECK(gave(&bytes, "d/e"));
  AWAIT(nodecore_fs_readlink(lp, "s3", A, BACK(on_bytes)), NODECORE_OK);
  CHECK(gave(&bytes, "\xff"));
  CHECK_STATUS(nodecore_fs_symlink_sync("l", A, "s", A, 0, &err), NODECORE_EEXIST);
  CHECK(is(nodecore_error_path(err), "l") && is(nodecore_error_dest(err), "s"));
  CHECK(failed_with(&err, "EEXIST", "EEXIST: file already exists, symlink 'l' -> 's'"));
  AWAIT_FAILURE(nodecore_fs_symlink(lp, "l", A, "s", A, 0, BACK(on_done)), NODECORE_EEXIST,
                "EEXIST: file already exists, symlink 'l' -> 's'");
  CHECK_STATUS(nodecore_fs_symlink_sync("l", A, "s4", A, 3, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                    "The value of \"type\" is out of range. It must be >= 0 && <= 2. Received 3"));
  CHECK_STATUS(nodecore_fs_symlink_sync(NULL, 1, "s4", A, 0, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_symlink_sync("l", A, NULL, 1, 0, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_symlink(lp, "l", A, "s4", A, -1, BACK(on_done)), NODECORE_ERR_OUT_OF_RANGE);
  REFUSED(nodecore_fs_symlink(lp, "l", A, "s4", A, 0, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_readlink_sync("l", A, &bytes, &err), NODECORE_EINVAL);
  CHECK(failed_with(&err, "EINVAL", "EINVAL: invalid argument, readlink 'l'"));
  AWAIT_FAILURE(nodecore_fs_readlink(lp, "l", A, BACK(on_bytes)), NODECORE_EINVAL,
                "EINVAL: invalid argument, readlink 'l'");
  CHECK_STATUS(nodecore_fs_readlink_sync("s", A, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_readlink(lp, NULL, 1, BACK(on_bytes)), NODECORE_ERR_INVALID_ARG_TYPE);
  /* Two paths. */
  CHECK_STATUS(nodecore_fs_rename_sync("none", A, "x", A, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_path(err), "none") && is(nodecore_error_dest(err), "x"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, rename 'none' -> 'x'"));
}

static void real_paths(void) {
  nodecore_error *err = NULL;
  char expected[PATH_MAX], text[PATH_MAX + 100];
  CHECK(realpath("l", expected) != NULL);
  CHECK_OK(nodecore_fs_realpath_sync("././s", A, &bytes, NULL));
  CHECK(gave(&bytes, expected));
  AWAIT(nodecore_fs_realpath(lp, "s", A, BACK(on_bytes)), NODECORE_OK);
  CHECK(gave(&bytes, expected));
  CHECK_OK(nodecore_fs_realpath_native_sync("s", A, &bytes, NULL));
  CHECK(gave(&bytes, expected));
  AWAIT(nodecore_fs_realpath_native(lp, "././s", A, BACK(on_bytes)), NODECORE_OK);
  CHECK(gave(&bytes, expected));

  /* Node's own names the part that fails, the C library's the whole. */
  CHECK(realpath(".", expected) != NULL);
  snprintf(text, sizeof text, "ENOENT: no such file or directory, lstat '%s/none'", expected);
  CHECK_STATUS(nodecore_fs_realpath_sync("none/x", A, &bytes, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_syscall(err), "lstat"));
  CHECK(failed_with(&err, "ENOENT", text));
  AWAIT_FAILURE(nodecore_fs_realpath(lp, "none/x", A, BACK(on_bytes)), NODECORE_ENOENT, text);
  CHECK_STATUS(nodecore_fs_realpath_native_sync("none/x", A, &bytes, &err), NODECORE_ENOENT);
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, realpath 'none/x'"));
  AWAIT_FAILURE(nodecore_fs_realpath_native(lp, "none/x", A, BACK(on_bytes)), NODECORE_ENOENT,
                "ENOENT: no such file or directory, realpath 'none/x'");
  CHECK_STATUS(nodecore_fs_realpath_sync(NULL, 1, &bytes, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_realpath_sync("s", A, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_realpath_native_sync(NULL, 1, &bytes, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_realpath_native_sync("s", A, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_realpath(lp, "s\0", 2, BACK(on_bytes)), NODECORE_ERR_INVALID_ARG_VALUE);
  REFUSED(nodecore_fs_realpath_native(lp, "s", A, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
}

static void temporary(void) {
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_fs_mkdtemp_sync("x-", A, &bytes, NULL));
  CHECK(bytes.len == 8 && memcmp(bytes.data, "x-", 2) == 0);
  nodecore_stats stats = NODECORE_STATS_INIT;
  CHECK_OK(nodecore_fs_stat_sync(bytes.data, bytes.len, &stats, NULL));
  CHECK(stats.type == NODECORE_FS_DIRECTORY && (stats.mode & 0777) == 0700);
  nodecore_buf first = bytes;
  AWAIT(nodecore_fs_mkdtemp(lp, "x-", A, BACK(on_bytes)), NODECORE_OK);
  CHECK(bytes.len == 8 && memcmp(bytes.data, first.data, 8) != 0);
  CHECK(nodecore_fs_exists_sync(bytes.data, bytes.len));
  nodecore_buf_free(&first);
  nodecore_buf_free(&bytes);
  CHECK_STATUS(nodecore_fs_mkdtemp_sync("none/x", A, &bytes, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_path(err), "none/xXXXXXX"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, mkdtemp 'none/xXXXXXX'"));
  AWAIT_FAILURE(nodecore_fs_mkdtemp(lp, "none/x", A, BACK(on_bytes)), NODECORE_ENOENT,
                "ENOENT: no such file or directory, mkdtemp 'none/xXXXXXX'");
  CHECK_STATUS(nodecore_fs_mkdtemp_sync(NULL, 1, &bytes, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_mkdtemp_sync("x-", A, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_mkdtemp_sync("x\0", 2, &bytes, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                    "The argument 'prefix' must be a string, Uint8Array, or URL without null bytes. Received "
                    "'x\\x00'"));
  REFUSED(nodecore_fs_mkdtemp(lp, NULL, A, BACK(on_bytes)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_mkdtemp(lp, "x-", A, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  kinds();
  volumes();
  presence();
  permissions();
  times();
  links();
  real_paths();
  temporary();
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
