/* password hash | password verify HASH
 *
 * Reads a password, the first line of standard input. `hash` prints what is to be stored of it: the name of the method,
 * scrypt's cost, 16 bytes of salt and a key of 32 bytes, in hexadecimal, with `$` in between. `verify` tells whether the
 * password is the one that HASH was made of.
 *
 * Exit: 0 hashed, or it is the one; 1 it is another; 2 nothing was done. password.cc and password.rs are the same
 * program. */
#include <nodecore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COST = 32768, MOST = 1 << 20, SALT = 16, KEY = 32, LINE = 1024 };

static int failed(nodecore_error *err) {
  nodecore_str message = nodecore_error_message(err);
  fprintf(stderr, "password: %.*s\n", (int)message.len, message.data);
  nodecore_error_free(err);
  return 2;
}

static int complain(const char *what) {
  fprintf(stderr, "password: %s\n", what);
  return 2;
}

/* Derives the key; the caller clears and frees it. */
static nodecore_status derive(const char *password, const void *salt, uint32_t cost, nodecore_buf *key,
                              nodecore_error **err) {
  nodecore_crypto_scrypt_options options = NODECORE_CRYPTO_SCRYPT_OPTIONS_INIT;
  options.cost = cost;
  options.maxmem = (uint64_t)2 * 128 * 8 * cost;
  return nodecore_crypto_scrypt_sync(password, strlen(password), salt, SALT, KEY, &options, key, err);
}

static void print_hex(const char *bytes, size_t len) {
  putchar('$');
  for (size_t i = 0; i < len; i++) printf("%02x", (unsigned)(unsigned char)bytes[i]);
}

static int hash(const char *password) {
  nodecore_error *err = NULL;
  nodecore_buf key = NODECORE_BUF_INIT;
  char salt[SALT];
  if (nodecore_crypto_random_fill_sync(salt, sizeof salt, &err) != NODECORE_OK) return failed(err);
  if (derive(password, salt, COST, &key, &err) != NODECORE_OK) return failed(err);
  printf("scrypt$%d", COST);
  print_hex(salt, sizeof salt);
  print_hex(key.data, key.len);
  putchar('\n');
  nodecore_crypto_cleanse((void *)key.data, key.len);
  nodecore_buf_free(&key);
  return 0;
}

/* Reads `len` bytes in hexadecimal, lower case; false if they are not there. */
static bool read_hex(const char *text, unsigned char *bytes, size_t len) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < 2 * len; i++) {
    const char *digit = text[i] == '\0' ? NULL : strchr(digits, text[i]);
    if (digit == NULL) return false;
    bytes[i / 2] = (unsigned char)(bytes[i / 2] << 4 | (digit - digits));
  }
  return true;
}

static int verify(const char *password, const char *stored) {
  unsigned char salt[SALT] = {0}, expected[KEY] = {0};
  char *end = NULL;
  if (strncmp(stored, "scrypt$", 7) != 0 || stored[7] < '1' || stored[7] > '9') return complain("not such a hash");
  unsigned long cost = strtoul(stored + 7, &end, 10);
  if (cost > MOST || end[0] != '$' || !read_hex(end + 1, salt, SALT) || end[1 + 2 * SALT] != '$' ||
      !read_hex(end + 2 + 2 * SALT, expected, KEY) || end[2 + 2 * SALT + 2 * KEY] != '\0')
    return complain("not such a hash");
  nodecore_error *err = NULL;
  nodecore_buf key = NODECORE_BUF_INIT;
  bool same = false;
  if (derive(password, salt, (uint32_t)cost, &key, &err) != NODECORE_OK) return failed(err);
  nodecore_status status = nodecore_crypto_timing_safe_equal(key.data, key.len, expected, KEY, &same, &err);
  nodecore_crypto_cleanse((void *)key.data, key.len);
  nodecore_buf_free(&key);
  return status != NODECORE_OK ? failed(err) : same ? 0 : 1;
}

int main(int argc, char **argv) {
  bool hashes = argc == 2 && strcmp(argv[1], "hash") == 0;
  if (!hashes && !(argc == 3 && strcmp(argv[1], "verify") == 0)) {
    fputs("usage: password hash | password verify HASH\n", stderr);
    return 2;
  }
  char password[LINE];
  if (fgets(password, sizeof password, stdin) == NULL) return complain("no password");
  password[strcspn(password, "\n")] = '\0';
  int code = hashes ? hash(password) : verify(password, argv[2]);
  nodecore_crypto_cleanse(password, sizeof password);
  return code;
}
