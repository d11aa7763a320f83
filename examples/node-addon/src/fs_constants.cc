// fs.constants: numbers of the system's headers, and of the library's.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bind.h"

namespace addon {

namespace {

struct Constant {
  const char *name;
  int32_t value;
};

#define SAME(NAME) {#NAME, NAME}
const Constant constants[] = {
    {"UV_FS_SYMLINK_DIR", NODECORE_FS_SYMLINK_DIR},
    {"UV_FS_SYMLINK_JUNCTION", NODECORE_FS_SYMLINK_JUNCTION},
    SAME(O_RDONLY),
    SAME(O_WRONLY),
    SAME(O_RDWR),
    {"UV_DIRENT_UNKNOWN", NODECORE_FS_UNKNOWN},
    {"UV_DIRENT_FILE", NODECORE_FS_FILE},
    {"UV_DIRENT_DIR", NODECORE_FS_DIRECTORY},
    {"UV_DIRENT_LINK", NODECORE_FS_SYMLINK},
    {"UV_DIRENT_FIFO", NODECORE_FS_FIFO},
    {"UV_DIRENT_SOCKET", NODECORE_FS_SOCKET},
    {"UV_DIRENT_CHAR", NODECORE_FS_CHARACTER_DEVICE},
    {"UV_DIRENT_BLOCK", NODECORE_FS_BLOCK_DEVICE},
    SAME(S_IFMT),
    SAME(S_IFREG),
    SAME(S_IFDIR),
    SAME(S_IFCHR),
    SAME(S_IFBLK),
    SAME(S_IFIFO),
    SAME(S_IFLNK),
    SAME(S_IFSOCK),
    SAME(O_CREAT),
    SAME(O_EXCL),
    {"UV_FS_O_FILEMAP", NODECORE_FS_O_FILEMAP},
    {"UV_FS_O_TEMPORARY", NODECORE_FS_O_TEMPORARY},
    {"UV_FS_O_SHORT_LIVED", NODECORE_FS_O_SHORT_LIVED},
    {"UV_FS_O_SEQUENTIAL", NODECORE_FS_O_SEQUENTIAL},
    {"UV_FS_O_RANDOM", NODECORE_FS_O_RANDOM},
    SAME(O_NOCTTY),
    SAME(O_TRUNC),
    SAME(O_APPEND),
    SAME(O_DIRECTORY),
#ifdef O_NOATIME
    SAME(O_NOATIME),
#endif
    SAME(O_NOFOLLOW),
    SAME(O_SYNC),
    SAME(O_DSYNC),
#ifdef O_DIRECT
    SAME(O_DIRECT),
#endif
    SAME(O_NONBLOCK),
    SAME(S_IRWXU),
    SAME(S_IRUSR),
    SAME(S_IWUSR),
    SAME(S_IXUSR),
    SAME(S_IRWXG),
    SAME(S_IRGRP),
    SAME(S_IWGRP),
    SAME(S_IXGRP),
    SAME(S_IRWXO),
    SAME(S_IROTH),
    SAME(S_IWOTH),
    SAME(S_IXOTH),
    SAME(F_OK),
    SAME(R_OK),
    SAME(W_OK),
    SAME(X_OK),
    {"UV_FS_COPYFILE_EXCL", NODECORE_FS_COPYFILE_EXCL},
    {"COPYFILE_EXCL", NODECORE_FS_COPYFILE_EXCL},
    {"UV_FS_COPYFILE_FICLONE", NODECORE_FS_COPYFILE_FICLONE},
    {"COPYFILE_FICLONE", NODECORE_FS_COPYFILE_FICLONE},
    {"UV_FS_COPYFILE_FICLONE_FORCE", NODECORE_FS_COPYFILE_FICLONE_FORCE},
    {"COPYFILE_FICLONE_FORCE", NODECORE_FS_COPYFILE_FICLONE_FORCE},
};

// fs_constants(object): puts them into it.
napi_value fill(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value object;
  napi_get_cb_info(env, info, &argc, &object, nullptr, nullptr);
  for (const Constant &constant : constants)
    napi_set_named_property(env, object, constant.name, js_number(env, constant.value));
  return object;
}

const Binding bindings[] = {{"fs_constants", fill}};

}  // namespace

extern const Table fs_constants_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
