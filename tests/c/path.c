/* path.h, on a posix system. */
#include "check.h"

static nodecore_str str(const char *s) {
  nodecore_str v = {s, strlen(s)};
  return v;
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
  CHECK_OK(nodecore_path_relative("/a/b/c", NODECORE_AUTO_LEN, "/a/d", NODECORE_AUTO_LEN, &out, &err));
  CHECK(gave(&out, "../../d"));
  nodecore_str absolute[] = {str("/x"), str("y"), str("..")};
  CHECK_OK(nodecore_path_resolve(absolute, 3, &out, &err));
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
  return 0;
}
