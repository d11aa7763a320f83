/* encrypt seal IN OUT [CIPHER] | encrypt open IN OUT
 *
 * Reads a password, the first line of standard input. `seal` encrypts and authenticates the file IN into OUT with
 * CIPHER, which is aes-256-gcm or chacha20-poly1305; `open` decrypts what `seal` has written.
 *
 * Either goes as a stream, a piece of a file at a time: what is read is piped through the cipher and written. OUT comes
 * into being under its name when all is good: until then it is OUT.part, which nobody else may read, and which is removed
 * if the password is wrong or the file was changed, so that no text is left that nobody vouches for.
 *
 * The file: "NCE1", a byte for the cipher, a byte for the cost of scrypt (its logarithm), 16 bytes of salt and 12 of nonce,
 * all of which are authenticated; then the tag of 16 bytes, then the text. The key is 32 bytes of scrypt's.
 *
 * Exit: 0 done; 1 the password is wrong, or the file was changed; 2 nothing was done. encrypt.cc and encrypt.rs are the
 * same program. */
#include <fcntl.h>
#include <nodecore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COST = 15, MOST = 20, SALT = 16, NONCE = 12, KEY = 32, TAG = NODECORE_AEAD_TAG, LINE = 1024 };
enum { AT_CIPHER = 4, AT_COST, AT_SALT, AT_NONCE = AT_SALT + SALT, HEAD = AT_NONCE + NONCE, TEXT = HEAD + TAG };

static const char magic[] = "NCE1";
static const char *const ciphers[] = {"aes-256-gcm", "chacha20-poly1305"};
enum { CIPHERS = sizeof ciphers / sizeof *ciphers };

typedef struct job {
  bool seals;
  const char *in, *out, *password;
  char *part; /* what OUT is called until all is good */
  int cipher;
  nodecore_fd from, to;
  char head[TEXT]; /* with the tag */
} job;

static int complain(const char *what) {
  fprintf(stderr, "encrypt: %s\n", what);
  return 2;
}

/* Tells an error, which is gone then. */
static int failed(nodecore_error *err) {
  nodecore_str message = nodecore_error_message(err);
  fprintf(stderr, "encrypt: %.*s\n", (int)message.len, message.data);
  nodecore_error_free(err);
  return 2;
}

/* ---- The head ---- */

static nodecore_status make_head(job *j, nodecore_error **err) {
  memcpy(j->head, magic, AT_CIPHER);
  j->head[AT_CIPHER] = (char)j->cipher;
  j->head[AT_COST] = COST;
  return nodecore_crypto_random_fill_sync(j->head + AT_SALT, SALT + NONCE, err);
}

/* Whether it is a head of ours. */
static bool good_head(job *j, size_t len) {
  j->cipher = j->head[AT_CIPHER];
  return len == TEXT && memcmp(j->head, magic, AT_CIPHER) == 0 && j->cipher >= 0 && j->cipher < CIPHERS &&
         j->head[AT_COST] > 0 && j->head[AT_COST] <= MOST;
}

/* The cipher that the head and the password make. */
static nodecore_status make_cipher(job *j, nodecore_cipher **cipher, nodecore_error **err) {
  nodecore_crypto_scrypt_options costs = NODECORE_CRYPTO_SCRYPT_OPTIONS_INIT;
  costs.cost = (uint32_t)1 << j->head[AT_COST];
  costs.maxmem = (uint64_t)2 * 128 * 8 * costs.cost;
  nodecore_buf key = NODECORE_BUF_INIT;
  nodecore_status status = nodecore_crypto_scrypt_sync(j->password, strlen(j->password), j->head + AT_SALT, SALT, KEY,
                                                       &costs, &key, err);
  if (status != NODECORE_OK) return status;
  status = (j->seals ? nodecore_cipher_new : nodecore_decipher_new)(ciphers[j->cipher], NODECORE_AUTO_LEN, key.data,
                                                                    key.len, j->head + AT_NONCE, NONCE, NULL, cipher, err);
  nodecore_crypto_cleanse((void *)key.data, key.len);
  nodecore_buf_free(&key);
  if (status == NODECORE_OK) status = nodecore_cipher_set_aad(*cipher, j->head, HEAD, -1, err);
  if (status == NODECORE_OK && !j->seals) status = nodecore_cipher_set_auth_tag(*cipher, j->head + HEAD, TAG, err);
  return status;
}

/* ---- The text ---- */

static void on_piped(const nodecore_error *err, void *user) {
  nodecore_error **piped = user;
  *piped = nodecore_error_copy(err);
}

/* Pipes the text from file to file. */
static nodecore_status pipe_text(job *j, nodecore_cipher *cipher, nodecore_error **err) {
  nodecore_loop *loop = NULL;
  nodecore_stream *in = NULL, *middle = NULL, *out = NULL;
  nodecore_error *piped = NULL;
  nodecore_fs_stream_options reading = NODECORE_FS_STREAM_OPTIONS_INIT, writing = NODECORE_FS_STREAM_OPTIONS_INIT;
  /* By path: each stream closes its file, and is gone then. */
  writing.flags = O_WRONLY;
  reading.has_start = writing.has_start = true;
  reading.start = j->seals ? 0 : TEXT;
  writing.start = j->seals ? TEXT : 0;
  nodecore_status status = nodecore_loop_new(&loop, err);
  if (status != NODECORE_OK) return status;
  status = nodecore_fs_create_read_stream(loop, j->in, NODECORE_AUTO_LEN, &reading, &in, err);
  if (status == NODECORE_OK) status = nodecore_cipher_stream(loop, cipher, &middle, err);
  if (status == NODECORE_OK)
    status = nodecore_fs_create_write_stream(loop, j->part, NODECORE_AUTO_LEN, &writing, &out, err);
  if (status == NODECORE_OK) {
    nodecore_stream *const line[] = {in, middle, out};
    status = nodecore_stream_pipeline(line, 3, NULL, on_piped, &piped, NULL, err);
  }
  if (status == NODECORE_OK) status = nodecore_loop_run(loop, NODECORE_RUN_DEFAULT, NULL, err);
  if (piped != NULL) {
    status = nodecore_error_status(piped);
    *err = piped;
  }
  nodecore_stream_free(in);
  nodecore_stream_free(middle);
  nodecore_stream_free(out);
  nodecore_loop_close(loop, NULL);
  nodecore_loop_free(loop);
  return status;
}

/* ---- The program ---- */

/* Completes the head by the tag, and writes it. */
static nodecore_status write_head(job *j, const nodecore_cipher *cipher, nodecore_error **err) {
  nodecore_buf tag = NODECORE_BUF_INIT;
  nodecore_status status = nodecore_cipher_get_auth_tag(cipher, &tag, err);
  if (status == NODECORE_OK) memcpy(j->head + HEAD, tag.data, TAG);
  nodecore_buf_free(&tag);
  for (size_t done = 0, written = 0; status == NODECORE_OK && done < TEXT; done += written)
    status = nodecore_fs_write_sync(j->to, j->head + done, TEXT - done, (int64_t)done, &written, err);
  return status;
}

/* From one open file to the other. */
static int convert(job *j) {
  nodecore_error *err = NULL;
  nodecore_cipher *cipher = NULL;
  nodecore_status status = make_cipher(j, &cipher, &err);
  if (status == NODECORE_OK) status = pipe_text(j, cipher, &err);
  if (status == NODECORE_OK && j->seals) status = write_head(j, cipher, &err);
  nodecore_cipher_free(cipher);
  if (status == NODECORE_OK) status = nodecore_fs_fsync_sync(j->to, &err);
  if (status == NODECORE_OK) return 0;
  /* Node has no code for it, and no other such error can be. */
  if (status != NODECORE_UNCODED || j->seals) return failed(err);
  nodecore_error_free(err);
  complain("the password is wrong, or the file was changed");
  return 1;
}

/* Makes OUT.part, converts, and renames or removes it. */
static int into_part(job *j) {
  nodecore_error *err = NULL;
  if (nodecore_fs_open_sync(j->part, NODECORE_AUTO_LEN, O_WRONLY | O_CREAT | O_EXCL, 0600, &j->to, &err) != NODECORE_OK)
    return failed(err);
  int code = convert(j);
  nodecore_fs_close_sync(j->to, NULL);
  if (code == 0 &&
      nodecore_fs_rename_sync(j->part, NODECORE_AUTO_LEN, j->out, NODECORE_AUTO_LEN, &err) != NODECORE_OK)
    code = failed(err);
  if (code != 0) nodecore_fs_unlink_sync(j->part, NODECORE_AUTO_LEN, NULL);
  return code;
}

static int run(job *j) {
  nodecore_error *err = NULL;
  if (nodecore_fs_open_sync(j->in, NODECORE_AUTO_LEN, O_RDONLY, 0, &j->from, &err) != NODECORE_OK) return failed(err);
  int code = 0;
  size_t len = 0;
  if (j->seals) {
    if (make_head(j, &err) != NODECORE_OK) code = failed(err);
  } else if (nodecore_fs_read_sync(j->from, j->head, TEXT, 0, &len, &err) != NODECORE_OK) {
    code = failed(err);
  } else if (!good_head(j, len)) {
    code = complain("not such a file");
  }
  if (code == 0) code = into_part(j);
  nodecore_fs_close_sync(j->from, NULL);
  return code;
}

int main(int argc, char **argv) {
  job j = {0};
  j.seals = argc >= 4 && argc <= 5 && strcmp(argv[1], "seal") == 0;
  if (argc == 5)
    while (j.cipher < CIPHERS && strcmp(argv[4], ciphers[j.cipher]) != 0) j.cipher++;
  if ((!j.seals && !(argc == 4 && strcmp(argv[1], "open") == 0)) || j.cipher == CIPHERS) {
    fputs("usage: encrypt seal IN OUT [aes-256-gcm | chacha20-poly1305] | encrypt open IN OUT\n", stderr);
    return 2;
  }
  char password[LINE];
  if (fgets(password, sizeof password, stdin) == NULL) return complain("no password");
  password[strcspn(password, "\n")] = '\0';
  j.in = argv[2];
  j.out = argv[3];
  j.password = password;
  j.part = malloc(strlen(j.out) + sizeof ".part");
  if (j.part == NULL) abort();
  strcat(strcpy(j.part, j.out), ".part");
  int code = run(&j);
  free(j.part);
  nodecore_crypto_cleanse(password, sizeof password);
  return code;
}
