/* archive [--follow] DIR OUT.tar.gz
 *
 * Packs DIR into one gzip'd tar (ustar, with pax headers where needed) on nodecore's event loop: every
 * file is streamed, at once, through SHA-256 and into the archive. Beside it come OUT.sha256, which
 * `sha256sum -c` reads in DIR's parent directory, and OUT.index.jsonl, one line an entry. The three files
 * get their names only when all of them are complete.
 *
 * Exit: 0 all is in; 1 the archive is there, but something is missing, as told; 2 nothing was written;
 * 130 interrupted, nothing was written. archive.cc and archive.rs are the same program. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <nodecore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 512, RECORD = 20 * BLOCK, PACK_BUFFER = 256 * 1024, TICK_MS = 10 };

/* ---- Small helpers ---- */

static void *checked(void *p) {
  if (p == NULL) {
    fputs("archive: out of memory\n", stderr);
    exit(2);
  }
  return p;
}

/* A growing string of bytes. */
typedef struct text {
  char *data;
  size_t len, room;
} text;

static void text_add(text *t, const char *data, size_t len) {
  if (t->len + len + 1 > t->room) {
    t->room = (t->len + len + 1) * 2;
    t->data = checked(realloc(t->data, t->room));
  }
  if (len != 0) memcpy(t->data + t->len, data, len);
  t->len += len;
  t->data[t->len] = 0;
}

static void text_puts(text *t, const char *s) { text_add(t, s, strlen(s)); }

static text text_of(nodecore_str s) {
  text t = {0};
  text_add(&t, s.data, s.len);
  return t;
}

static double seconds(void) {
  struct timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* ---- The job ---- */

/* A directory being walked: what is left of its sorted names. */
typedef struct frame {
  struct frame *up;
  text path, member;
  nodecore_dirents *list;
  size_t *order, next, count;
  uint64_t dev, ino;
} frame;

/* An output file: written under a name of its own, renamed at the end. */
typedef struct output {
  text part, final;
  nodecore_stream *stream;
  uint64_t dev, ino, old_dev, old_ino;
  bool exists, had_old, blocked, finished;
} output;

typedef struct job {
  nodecore_loop *loop;
  nodecore_timer *timer;
  nodecore_stream *pack;
  output archive, index, sums;
  frame *top;
  bool follow, terminal, wanted, stepping, ended, failed, interrupted, drawn;
  int status;

  /* The entry at hand. */
  text path, member;
  nodecore_stats stats;

  /* Its content, if it is a file. */
  nodecore_stream *file;
  nodecore_stream *sink, *hash_stream;
  nodecore_hash *hash;
  nodecore_done *held; /* the sink's, kept while the archive wants no more */
  uint64_t received;
  bool started, hashed, sunk, broken;

  /* What becomes the archive: blocks are gathered into large chunks. */
  char *block;
  size_t block_len;

  uint64_t files, entries, bytes_in, packed;
  double began, last_tick, worst_wait, last_draw;
} job;

static volatile sig_atomic_t interrupt_flag;
static void on_signal(int number) {
  (void)number;
  interrupt_flag = 1;
}

static void step(job *j);

static void clear_line(job *j) {
  if (j->drawn) fputs("\r\033[K", stderr);
  j->drawn = false;
}

/* Something is not in the archive, or not whole. */
static void missing(job *j, const text *path, const char *what, size_t what_len) {
  clear_line(j);
  fprintf(stderr, "archive: %s: %.*s\n", path->data, (int)what_len, what);
  j->status = 1;
}

static void missing_err(job *j, const text *path, const nodecore_error *err) {
  nodecore_str m = nodecore_error_message(err);
  missing(j, path, m.data, m.len);
}

/* Nothing can come of it: everything ends. */
static void fail(job *j, const text *path, const nodecore_error *err) {
  if (j->failed) return;
  j->failed = true;
  nodecore_str m = nodecore_error_message(err);
  clear_line(j);
  fprintf(stderr, "archive: %s: %.*s\n", path->data, (int)m.len, m.data);
  j->status = 2;
}

static void stop(job *j);

/* ---- Writing tar ---- */

/* Adds to the archive; true if it wants more. */
static bool pack_add(job *j, const char *data, size_t len) {
  while (len != 0) {
    size_t n = PACK_BUFFER - j->block_len < len ? PACK_BUFFER - j->block_len : len;
    memcpy(j->block + j->block_len, data, n);
    j->block_len += n;
    j->packed += n;
    data += n;
    len -= n;
    if (j->block_len == PACK_BUFFER) {
      j->block_len = 0;
      j->wanted = nodecore_stream_push(j->pack, j->block, PACK_BUFFER);
    }
  }
  return j->wanted;
}

static void pack_pad(job *j, uint64_t len) {
  static const char zeroes[RECORD];
  while (len != 0) {
    size_t n = len < sizeof zeroes ? (size_t)len : sizeof zeroes;
    pack_add(j, zeroes, n);
    len -= n;
  }
}

static void pack_round(job *j) { pack_pad(j, (BLOCK - j->packed % BLOCK) % BLOCK); }

typedef struct header {
  char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100];
  char magic[6], version[2], uname[32], gname[32], major[8], minor[8], prefix[155], fill[12];
} header;

/* Octal with a NUL; false if it does not fit. */
static bool octal(char *field, size_t width, uint64_t value) {
  if (value >> (3 * (width - 1)) != 0) {
    memset(field, '0', width - 1);
    return false;
  }
  for (size_t i = width - 1; i-- > 0; value >>= 3) field[i] = (char)('0' + (value & 7));
  return true;
}

/* name, or prefix/name; false if it fits neither. */
static bool put_name(header *h, const text *member) {
  if (member->len <= sizeof h->name) {
    memcpy(h->name, member->data, member->len);
    return true;
  }
  /* The last slash that leaves a name short enough, if what is before it fits the prefix. */
  for (size_t i = member->len - sizeof h->name - 1; i < member->len - 1 && i <= sizeof h->prefix; i++) {
    if (member->data[i] == '/' && i != 0) {
      memcpy(h->prefix, member->data, i);
      memcpy(h->name, member->data + i + 1, member->len - i - 1);
      return true;
    }
  }
  memcpy(h->name, member->data, sizeof h->name);
  return false;
}

static void pack_header(job *j, header *h) {
  memcpy(h->magic, "ustar", 6);
  memcpy(h->version, "00", 2);
  memset(h->checksum, ' ', sizeof h->checksum);
  unsigned sum = 0;
  for (size_t i = 0; i < sizeof *h; i++) sum += ((const unsigned char *)h)[i];
  octal(h->checksum, 7, sum);
  h->checksum[6] = 0;
  pack_add(j, (const char *)h, sizeof *h);
}

/* "LEN key=value\n", LEN counting itself. */
static void pax_record(text *t, const char *key, const char *value, size_t value_len) {
  size_t rest = strlen(key) + value_len + 3, len = rest + 1;
  for (;;) {
    char digits[24];
    size_t need = rest + (size_t)snprintf(digits, sizeof digits, "%zu", len);
    if (need == len) break;
    len = need;
  }
  char number[24];
  snprintf(number, sizeof number, "%zu ", len);
  text_puts(t, number);
  text_puts(t, key);
  text_puts(t, "=");
  text_add(t, value, value_len);
  text_puts(t, "\n");
}

static void pax_number(text *t, const char *key, uint64_t value) {
  char digits[24];
  int n = snprintf(digits, sizeof digits, "%" PRIu64, value);
  pax_record(t, key, digits, (size_t)n);
}

static void pack_entry(job *j, char type, uint64_t size, const text *link) {
  const nodecore_stats *s = &j->stats;
  header h;
  memset(&h, 0, sizeof h);
  text pax = {0};
  if (!put_name(&h, &j->member)) pax_record(&pax, "path", j->member.data, j->member.len);
  if (link != NULL) {
    memcpy(h.link, link->data, link->len < sizeof h.link ? link->len : sizeof h.link);
    if (link->len > sizeof h.link) pax_record(&pax, "linkpath", link->data, link->len);
  }
  octal(h.mode, sizeof h.mode, s->mode & 07777);
  if (!octal(h.uid, sizeof h.uid, s->uid)) pax_number(&pax, "uid", s->uid);
  if (!octal(h.gid, sizeof h.gid, s->gid)) pax_number(&pax, "gid", s->gid);
  if (!octal(h.size, sizeof h.size, size)) pax_number(&pax, "size", size);
  bool time_fits = s->mtime.sec >= 0 && octal(h.mtime, sizeof h.mtime, (uint64_t)s->mtime.sec);
  if (!time_fits) octal(h.mtime, sizeof h.mtime, 0);
  if (!time_fits || pax.len != 0) {
    /* A pax entry's time counts with its fraction, so that is told too. */
    int64_t sec = s->mtime.sec;
    int32_t nsec = s->mtime.nsec;
    const char *sign = "";
    if (sec < 0) {
      sign = "-";
      sec = -sec;
      if (nsec != 0) {
        sec -= 1;
        nsec = 1000000000 - nsec;
      }
    }
    char when[48];
    int n = snprintf(when, sizeof when, "%s%" PRId64 ".%09" PRId32, sign, sec, nsec);
    pax_record(&pax, "mtime", when, (size_t)n);
  }
  bool device = type == '3' || type == '4';
  octal(h.major, sizeof h.major, device ? major(s->rdev) : 0);
  octal(h.minor, sizeof h.minor, device ? minor(s->rdev) : 0);
  h.type = type;
  if (pax.len != 0) {
    header x;
    memset(&x, 0, sizeof x);
    memcpy(x.name, "PaxHeaders/entry", 16);
    octal(x.mode, sizeof x.mode, 0644);
    octal(x.uid, sizeof x.uid, 0);
    octal(x.gid, sizeof x.gid, 0);
    octal(x.size, sizeof x.size, pax.len);
    octal(x.mtime, sizeof x.mtime, 0);
    octal(x.major, sizeof x.major, 0);
    octal(x.minor, sizeof x.minor, 0);
    x.type = 'x';
    pack_header(j, &x);
    pack_add(j, pax.data, pax.len);
    pack_round(j);
    free(pax.data);
  }
  pack_header(j, &h);
  j->entries++;
}

/* ---- Side files ---- */

static void output_write(output *o, const text *line) {
  if (!nodecore_stream_write(o->stream, line->data, line->len)) o->blocked = true;
}

static void json_string(text *t, const char *s, size_t len) {
  text_puts(t, "\"");
  for (size_t i = 0; i < len;) {
    unsigned char c = (unsigned char)s[i];
    char escape[8];
    if (c == '"' || c == '\\') {
      snprintf(escape, sizeof escape, "\\%c", c);
      text_puts(t, escape);
      i++;
    } else if (c < 0x20) {
      snprintf(escape, sizeof escape, "\\u%04x", c);
      text_puts(t, escape);
      i++;
    } else if (c < 0x80) {
      text_add(t, s + i++, 1);
    } else {
      /* A whole UTF-8 sequence, or U+FFFD for a byte that starts none; the URL has the exact bytes. */
      size_t n = c >= 0xF0 && c < 0xF5 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 0;
      bool good = n != 0 && c < 0xF5 && i + n <= len;
      for (size_t k = 1; good && k < n; k++) good = ((unsigned char)s[i + k] & 0xC0) == 0x80;
      if (good && n > 2) {
        unsigned char d = (unsigned char)s[i + 1];
        good = !(c == 0xE0 && d < 0xA0) && !(c == 0xED && d > 0x9F) && !(c == 0xF0 && d < 0x90) &&
               !(c == 0xF4 && d > 0x8F);
      }
      if (good) {
        text_add(t, s + i, n);
        i += n;
      } else {
        text_puts(t, "\xEF\xBF\xBD");
        i++;
      }
    }
  }
  text_puts(t, "\"");
}

static nodecore_querystring_pair pair(const char *key, const char *value) {
  nodecore_querystring_pair p = {{key, strlen(key)},
                                 NODECORE_QUERYSTRING_TEXT_INIT(value, strlen(value))};
  return p;
}

/* One line of the index: path, URL, and a query string of the facts. */
static void write_index(job *j, const char *type, const char *digest_hex) {
  char size[24], mode[8], mtime[40];
  snprintf(size, sizeof size, "%" PRIu64, j->stats.type == NODECORE_FS_FILE ? j->stats.size : 0);
  snprintf(mode, sizeof mode, "%04o", (unsigned)(j->stats.mode & 07777));
  snprintf(mtime, sizeof mtime, "%" PRId64, j->stats.mtime.sec);
  nodecore_querystring_pair facts[5] = {pair("type", type), pair("size", size), pair("mode", mode),
                                        pair("mtime", mtime), pair("sha256", digest_hex)};
  nodecore_buf url = NODECORE_BUF_INIT, query = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  if (nodecore_url_path_to_file_url(j->path.data, j->path.len, NULL, &url, &err) != NODECORE_OK ||
      nodecore_querystring_stringify(facts, *digest_hex == 0 ? 4 : 5, NULL, &query, &err) !=
          NODECORE_OK) {
    missing_err(j, &j->path, err);
    nodecore_error_free(err);
  } else {
    text line = {0};
    text_puts(&line, "{\"path\":");
    json_string(&line, j->member.data, j->member.len);
    text_puts(&line, ",\"url\":");
    json_string(&line, url.data, url.len);
    text_puts(&line, ",\"query\":");
    json_string(&line, query.data, query.len);
    text_puts(&line, "}\n");
    output_write(&j->index, &line);
    free(line.data);
  }
  nodecore_buf_free(&url);
  nodecore_buf_free(&query);
}

/* One line for sha256sum: a name with a backslash or a line end is escaped, and the line says so. */
static void write_sum(job *j, const char *digest_hex) {
  text line = {0}, name = {0};
  bool escaped = false;
  for (size_t i = 0; i < j->member.len; i++) {
    char c = j->member.data[i];
    if (c == '\\' || c == '\n' || c == '\r') {
      escaped = true;
      text_puts(&name, c == '\\' ? "\\\\" : c == '\n' ? "\\n" : "\\r");
    } else {
      text_add(&name, &c, 1);
    }
  }
  if (escaped) text_puts(&line, "\\");
  text_puts(&line, digest_hex);
  text_puts(&line, "  ");
  text_add(&line, name.data, name.len);
  text_puts(&line, "\n");
  output_write(&j->sums, &line);
  free(line.data);
  free(name.data);
}

/* ---- A file's content ---- */

static void drop_file(job *j) {
  nodecore_stream_free(j->file);
  nodecore_stream_free(j->sink);
  nodecore_stream_free(j->hash_stream);
  nodecore_hash_free(j->hash);
  j->file = NULL;
  j->sink = j->hash_stream = NULL;
  j->hash = NULL;
}

static void start_file(job *j) {
  if (!j->started) pack_entry(j, '0', j->stats.size, NULL);
  j->started = true;
}

/* The file is through, whole or not: what the header promised is filled up. */
static void finish_file(job *j) {
  char hex[65] = "";
  if (!j->broken || j->started) {
    start_file(j);
    if (j->received < j->stats.size) {
      uint64_t lost = j->stats.size - j->received;
      if (!j->broken) {
        char what[96];
        int n = snprintf(what, sizeof what, "shrank by %" PRIu64 " bytes while it was read; filled with zeroes",
                         lost);
        missing(j, &j->path, what, (size_t)n);
      }
      pack_pad(j, lost);
    }
    pack_round(j);
    j->bytes_in += j->received;
    j->files++;
  }
  if (!j->broken) {
    nodecore_buf digest = NODECORE_BUF_INIT;
    nodecore_error *err = NULL;
    if (nodecore_hash_digest(j->hash, &digest, &err) != NODECORE_OK) {
      missing_err(j, &j->path, err);
      nodecore_error_free(err);
    }
    for (size_t i = 0; i < digest.len && i < 32; i++)
      snprintf(hex + 2 * i, 3, "%02x", (unsigned)(unsigned char)digest.data[i]);
    nodecore_buf_free(&digest);
    write_sum(j, hex);
    write_index(j, "file", hex);
  }
  drop_file(j);
  j->stepping = false;
  step(j);
}

static void file_part_done(job *j) {
  if (j->hashed && j->sunk && !j->broken) finish_file(j);
}

static void on_hashed(const nodecore_error *err, void *user) {
  job *j = user;
  (void)err;
  j->hashed = true;
  file_part_done(j);
}

static void on_sunk(const nodecore_error *err, void *user) {
  job *j = user;
  (void)err;
  j->sunk = true;
  file_part_done(j);
}

static void on_file_error(const nodecore_error *err, void *user) {
  job *j = user;
  if (j->broken || j->failed) return;
  missing_err(j, &j->path, err);
  j->broken = true;
  nodecore_stream_destroy(j->sink, NULL);
  nodecore_stream_destroy(j->hash_stream, NULL);
}

/* A file that failed is finished once its descriptor is closed. */
static void on_file_close(const nodecore_error *err, void *user) {
  job *j = user;
  (void)err;
  if (j->broken && !j->failed) finish_file(j);
}

static void sink_write(nodecore_stream *stream, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  job *j = user;
  (void)stream;
  start_file(j);
  j->received += chunk->bytes.len;
  if (pack_add(j, chunk->bytes.data, chunk->bytes.len))
    nodecore_done_call(done, NULL);
  else
    j->held = done;
}

static void read_file(job *j) {
  nodecore_error *err = NULL;
  nodecore_fs_stream_options options = NODECORE_FS_STREAM_OPTIONS_INIT;
  options.has_end = true;
  options.end = j->stats.size - 1;
  options.high_water_mark = PACK_BUFFER;
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.write = sink_write;
  if (nodecore_hash_new("sha256", NODECORE_AUTO_LEN, NULL, &j->hash, &err) != NODECORE_OK ||
      nodecore_hash_stream(j->loop, j->hash, &j->hash_stream, &err) != NODECORE_OK ||
      nodecore_stream_new(j->loop, NODECORE_STREAM_WRITABLE, NULL, &hooks, j, NULL, &j->sink, &err) !=
          NODECORE_OK ||
      nodecore_fs_create_read_stream(j->loop, j->path.data, j->path.len, &options, &j->file, &err) !=
          NODECORE_OK) {
    missing_err(j, &j->path, err);
    nodecore_error_free(err);
    drop_file(j);
    j->stepping = false;
    return;
  }
  nodecore_stream_on(j->file, NODECORE_EVENT_ERROR, 0, on_file_error, j, NULL, NULL);
  nodecore_stream_on(j->file, NODECORE_EVENT_CLOSE, 0, on_file_close, j, NULL, NULL);
  nodecore_stream_on(j->hash_stream, NODECORE_EVENT_FINISH, 0, on_hashed, j, NULL, NULL);
  nodecore_stream_on(j->hash_stream, NODECORE_EVENT_ERROR, 0, on_file_error, j, NULL, NULL);
  nodecore_stream_on(j->sink, NODECORE_EVENT_FINISH, 0, on_sunk, j, NULL, NULL);
  nodecore_stream_pipe(j->file, j->hash_stream, false);
  nodecore_stream_pipe(j->file, j->sink, false);
}

/* ---- The walk ---- */

static const nodecore_dirents *sorting;
static int by_name(const void *a, const void *b) {
  nodecore_str x = nodecore_dirents_get(sorting, *(const size_t *)a).name;
  nodecore_str y = nodecore_dirents_get(sorting, *(const size_t *)b).name;
  int order = memcmp(x.data, y.data, x.len < y.len ? x.len : y.len);
  return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
}

static void on_names(const nodecore_error *err, nodecore_dirents *list, void *user) {
  job *j = user;
  j->stepping = false;
  if (err != NULL) {
    missing_err(j, &j->path, err);
  } else {
    frame *f = checked(calloc(1, sizeof *f));
    f->list = list;
    f->count = nodecore_dirents_count(list);
    f->order = checked(malloc((f->count + 1) * sizeof *f->order));
    for (size_t i = 0; i < f->count; i++) f->order[i] = i;
    sorting = list;
    qsort(f->order, f->count, sizeof *f->order, by_name);
    text_add(&f->path, j->path.data, j->path.len);
    text_add(&f->member, j->member.data, j->member.len);
    f->dev = j->stats.dev;
    f->ino = j->stats.ino;
    f->up = j->top;
    j->top = f;
  }
  step(j);
}

static void on_link(const nodecore_error *err, nodecore_buf *target, void *user) {
  job *j = user;
  j->stepping = false;
  if (err != NULL) {
    missing_err(j, &j->path, err);
  } else {
    text link = {0};
    text_add(&link, target->data, target->len);
    pack_entry(j, '2', 0, &link);
    write_index(j, "symlink", "");
    free(link.data);
  }
  step(j);
}

static bool is_output(const output *o, const nodecore_stats *s) {
  return (o->exists && s->dev == o->dev && s->ino == o->ino) ||
         (o->had_old && s->dev == o->old_dev && s->ino == o->old_ino);
}

static void on_stats(const nodecore_error *err, const nodecore_stats *stats, void *user) {
  job *j = user;
  nodecore_status status = NODECORE_OK;
  nodecore_error *failure = NULL;
  j->stepping = false;
  if (j->failed) return;
  if (err != NULL) {
    missing_err(j, &j->path, err);
    step(j);
    return;
  }
  j->stats = *stats;
  switch (stats->type) {
    case NODECORE_FS_DIRECTORY:
      for (const frame *f = j->top; f != NULL; f = f->up) {
        if (j->follow && f->dev == stats->dev && f->ino == stats->ino) {
          missing(j, &j->path, "leads back into itself; left out", 32);
          step(j);
          return;
        }
      }
      text_puts(&j->member, "/");
      pack_entry(j, '5', 0, NULL);
      write_index(j, "directory", "");
      status =
          nodecore_fs_readdir(j->loop, j->path.data, j->path.len, NULL, on_names, j, NULL, NULL, &failure);
      j->stepping = status == NODECORE_OK;
      break;
    case NODECORE_FS_FILE:
      if (is_output(&j->archive, stats) || is_output(&j->index, stats) || is_output(&j->sums, stats)) {
        clear_line(j);
        fprintf(stderr, "archive: %s: is written by this very program; left out\n", j->path.data);
        break;
      }
      j->received = 0;
      j->started = j->hashed = j->sunk = j->broken = false;
      j->stepping = true;
      if (stats->size != 0) {
        read_file(j);
      } else {
        status = nodecore_hash_new("sha256", NODECORE_AUTO_LEN, NULL, &j->hash, &failure);
        if (status == NODECORE_OK) {
          finish_file(j);
          return;
        }
        j->stepping = false;
      }
      break;
    case NODECORE_FS_SYMLINK:
      status = nodecore_fs_readlink(j->loop, j->path.data, j->path.len, on_link, j, NULL, NULL, &failure);
      j->stepping = status == NODECORE_OK;
      break;
    case NODECORE_FS_FIFO:
      pack_entry(j, '6', 0, NULL);
      write_index(j, "fifo", "");
      break;
    case NODECORE_FS_CHARACTER_DEVICE:
    case NODECORE_FS_BLOCK_DEVICE:
      pack_entry(j, stats->type == NODECORE_FS_BLOCK_DEVICE ? '4' : '3', 0, NULL);
      write_index(j, "device", "");
      break;
    default:
      clear_line(j);
      fprintf(stderr, "archive: %s: is a socket, which a tar cannot hold; left out\n", j->path.data);
      break;
  }
  if (status != NODECORE_OK) {
    missing_err(j, &j->path, failure);
    nodecore_error_free(failure);
  }
  step(j);
}

static void pop_frame(job *j) {
  frame *f = j->top;
  j->top = f->up;
  nodecore_dirents_free(f->list);
  free(f->order);
  free(f->path.data);
  free(f->member.data);
  free(f);
}

static void look_at(job *j) {
  nodecore_error *err = NULL;
  nodecore_status status =
      (j->follow ? nodecore_fs_stat : nodecore_fs_lstat)(j->loop, j->path.data, j->path.len, on_stats, j,
                                                         NULL, NULL, &err);
  j->stepping = status == NODECORE_OK;
  if (status != NODECORE_OK) {
    missing_err(j, &j->path, err);
    nodecore_error_free(err);
  }
}

/* Goes on as far as possible: one entry at a time, as long as the archive and the side files want more. */
static void step(job *j) {
  if (j->failed || j->ended) return;
  if (j->held != NULL && j->wanted) {
    nodecore_done *done = j->held;
    j->held = NULL;
    nodecore_done_call(done, NULL);
  }
  while (!j->stepping && j->wanted && !j->index.blocked && !j->sums.blocked && !j->ended) {
    while (j->top != NULL && j->top->next == j->top->count) pop_frame(j);
    if (j->top == NULL) {
      pack_pad(j, 2 * BLOCK);
      pack_pad(j, (RECORD - j->packed % RECORD) % RECORD);
      if (j->block_len != 0) nodecore_stream_push(j->pack, j->block, j->block_len);
      nodecore_stream_push_end(j->pack);
      nodecore_stream_end(j->index.stream);
      nodecore_stream_end(j->sums.stream);
      j->ended = true;
      return;
    }
    frame *f = j->top;
    nodecore_str name = nodecore_dirents_get(f->list, f->order[f->next++]).name;
    j->path.len = j->member.len = 0;
    text_add(&j->path, f->path.data, f->path.len);
    if (f->path.data[f->path.len - 1] != '/') text_puts(&j->path, "/");
    text_add(&j->path, name.data, name.len);
    text_add(&j->member, f->member.data, f->member.len);
    text_add(&j->member, name.data, name.len);
    look_at(j);
  }
}

static void pack_read(nodecore_stream *stream, size_t size, void *user) {
  job *j = user;
  (void)stream;
  (void)size;
  j->wanted = true;
  step(j);
}

/* ---- The end ---- */

static void stop(job *j) {
  nodecore_timer_clear(j->timer);
  if (j->file != NULL) nodecore_stream_destroy(j->file, NULL);
  if (j->held != NULL) {
    nodecore_done *done = j->held;
    j->held = NULL;
    nodecore_done_call(done, NULL);
  }
  nodecore_stream_destroy(j->pack, NULL);
  nodecore_stream_destroy(j->index.stream, NULL);
  nodecore_stream_destroy(j->sums.stream, NULL);
}

static void on_output_end(job *j, output *o, const nodecore_error *err) {
  if (err == NULL) {
    o->finished = true;
    if (j->archive.finished && j->index.finished && j->sums.finished) nodecore_timer_clear(j->timer);
  } else if (!j->failed) {
    fail(j, &o->final, err);
    stop(j);
  }
}

static void on_archived(const nodecore_error *err, void *user) {
  job *j = user;
  on_output_end(j, &j->archive, err);
}
static void on_index_end(const nodecore_error *err, void *user) {
  job *j = user;
  on_output_end(j, &j->index, err);
}
static void on_sums_end(const nodecore_error *err, void *user) {
  job *j = user;
  on_output_end(j, &j->sums, err);
}
static void on_drain(const nodecore_error *err, void *user) {
  job *j = user;
  (void)err;
  j->index.blocked = j->sums.blocked = false;
  step(j);
}

/* How much of the tree is walked, each directory weighing as much as its siblings. */
static double walked(const frame *f) {
  double done = 0;
  for (; f != NULL; f = f->up)
    done = f->count == 0 ? 1 : ((f->next == 0 ? 0 : (double)(f->next - 1)) + done) / (double)f->count;
  return done;
}

static void on_tick(void *user) {
  job *j = user;
  double now = seconds(), waited = (now - j->last_tick) * 1e3 - TICK_MS;
  if (waited > j->worst_wait) j->worst_wait = waited;
  j->last_tick = now;
  if (interrupt_flag && !j->failed) {
    j->failed = j->interrupted = true;
    stop(j);
    return;
  }
  if (j->terminal && now - j->last_draw >= 0.1) {
    char bar[31];
    double done = j->ended ? 1 : walked(j->top);
    for (int i = 0; i < 30; i++) bar[i] = i < (int)(done * 30) ? '#' : '.';
    bar[30] = 0;
    fprintf(stderr, "\r[%s] %3d%%  %" PRIu64 " files  %.1f MB  %.1f MB/s\033[K", bar, (int)(done * 100),
            j->files, (double)j->bytes_in / 1e6, (double)j->bytes_in / 1e6 / (now - j->began));
    j->drawn = true;
    j->last_draw = now;
  }
}

/* Creates the file under its passing name. */
static bool output_open(job *j, output *o, const char *name, const char *suffix) {
  char part[48];
  snprintf(part, sizeof part, ".%ld.part", (long)getpid());
  text_puts(&o->final, name);
  text_puts(&o->final, suffix);
  text_puts(&o->part, o->final.data);
  text_puts(&o->part, part);
  nodecore_error *err = NULL;
  nodecore_fd fd = -1;
  nodecore_stats stats = NODECORE_STATS_INIT;
  if (nodecore_fs_lstat_sync(o->final.data, o->final.len, &stats, NULL) == NODECORE_OK) {
    o->had_old = true;
    o->old_dev = stats.dev;
    o->old_ino = stats.ino;
  }
  if (nodecore_fs_open_sync(o->part.data, o->part.len, O_WRONLY | O_CREAT | O_EXCL, 0, &fd, &err) !=
      NODECORE_OK) {
    fail(j, &o->final, err);
    nodecore_error_free(err);
    return false;
  }
  o->exists = true;
  bool good = nodecore_fs_fstat_sync(fd, &stats, &err) == NODECORE_OK;
  nodecore_fs_close_sync(fd, NULL);
  o->dev = stats.dev;
  o->ino = stats.ino;
  good = good && nodecore_fs_create_write_stream(j->loop, o->part.data, o->part.len, NULL, &o->stream,
                                                 &err) == NODECORE_OK;
  if (!good) {
    fail(j, &o->final, err);
    nodecore_error_free(err);
  }
  return good;
}

static bool output_keep(job *j, output *o) {
  nodecore_error *err = NULL;
  if (nodecore_fs_rename_sync(o->part.data, o->part.len, o->final.data, o->final.len, &err) == NODECORE_OK) {
    o->exists = false;
    return true;
  }
  fail(j, &o->final, err);
  nodecore_error_free(err);
  return false;
}

static void output_drop(output *o) {
  if (o->exists) nodecore_fs_unlink_sync(o->part.data, o->part.len, NULL);
  nodecore_stream_free(o->stream);
  free(o->part.data);
  free(o->final.data);
}

static void summary(const job *j) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  nodecore_stats stats = NODECORE_STATS_INIT;
  nodecore_fs_stat_sync(j->archive.final.data, j->archive.final.len, &stats, NULL);
  double took = seconds() - j->began;
  printf("%" PRIu64 " files in %" PRIu64 " entries, %" PRIu64 " bytes in, %" PRIu64
         " bytes out, %.2f s, %.1f MB/s, peak memory %.1f MB, longest wait of a timer %.1f ms\n",
         j->files, j->entries, j->bytes_in, stats.size, took, (double)j->bytes_in / 1e6 / took,
         (double)usage.ru_maxrss / 1024, j->worst_wait);
}

static bool begin(job *j, const char *dir, const char *out) {
  nodecore_error *err = NULL;
  text named = {0};
  text_puts(&named, dir);
  nodecore_str part = {dir, strlen(dir)};
  nodecore_buf full = NODECORE_BUF_INIT;
  bool good = nodecore_path_resolve(&part, 1, NULL, 0, &full, &err) == NODECORE_OK &&
              nodecore_fs_stat_sync(full.data, full.len, &j->stats, &err) == NODECORE_OK &&
              nodecore_loop_new(&j->loop, &err) == NODECORE_OK;
  if (good && j->stats.type != NODECORE_FS_DIRECTORY)
    good = nodecore_error_new(NODECORE_ENOTDIR, NULL, 0, &err) != NODECORE_OK;
  if (!good) {
    fail(j, &named, err);
    nodecore_error_free(err);
    nodecore_buf_free(&full);
    free(named.data);
    return false;
  }
  nodecore_str base = nodecore_path_basename(full.data, full.len, NULL, 0);
  j->path = text_of((nodecore_str){full.data, full.len});
  j->member = base.len == 0 ? text_of((nodecore_str){".", 1}) : text_of(base);
  nodecore_buf_free(&full);
  free(named.data);

  if (!output_open(j, &j->archive, out, "") || !output_open(j, &j->index, out, ".index.jsonl") ||
      !output_open(j, &j->sums, out, ".sha256"))
    return false;
  nodecore_stream_on(j->index.stream, NODECORE_EVENT_FINISH, 0, on_index_end, j, NULL, NULL);
  nodecore_stream_on(j->index.stream, NODECORE_EVENT_ERROR, 0, on_index_end, j, NULL, NULL);
  nodecore_stream_on(j->index.stream, NODECORE_EVENT_DRAIN, 0, on_drain, j, NULL, NULL);
  nodecore_stream_on(j->sums.stream, NODECORE_EVENT_FINISH, 0, on_sums_end, j, NULL, NULL);
  nodecore_stream_on(j->sums.stream, NODECORE_EVENT_ERROR, 0, on_sums_end, j, NULL, NULL);
  nodecore_stream_on(j->sums.stream, NODECORE_EVENT_DRAIN, 0, on_drain, j, NULL, NULL);

  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.read = pack_read;
  nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
  options.has_readable_high_water_mark = true;
  options.readable_high_water_mark = 4 * PACK_BUFFER;
  nodecore_zlib_options zlib = NODECORE_ZLIB_OPTIONS_INIT;
  zlib.chunk_size = 65536;
  zlib.threads = 2;
  nodecore_stream *gzip = NULL;
  good = nodecore_zlib_create_gzip(j->loop, &zlib, &gzip, &err) == NODECORE_OK &&
         nodecore_stream_new(j->loop, NODECORE_STREAM_READABLE, &options, &hooks, j, NULL, &j->pack, &err) ==
             NODECORE_OK &&
         nodecore_loop_set_interval(j->loop, TICK_MS, on_tick, j, NULL, &j->timer) == NODECORE_OK;
  if (good) {
    nodecore_stream *const line[] = {j->pack, gzip, j->archive.stream};
    good = nodecore_stream_pipeline(line, 3, NULL, on_archived, j, NULL, &err) == NODECORE_OK;
  }
  nodecore_stream_free(gzip);
  if (!good) {
    fail(j, &j->archive.final, err);
    nodecore_error_free(err);
    return false;
  }
  return true;
}

int main(int argc, char **argv) {
  static job j;
  int first = 1;
  if (argc > 1 && strcmp(argv[1], "--follow") == 0) {
    j.follow = true;
    first = 2;
  }
  if (argc - first != 2) {
    fputs("usage: archive [--follow] DIR OUT.tar.gz\n", stderr);
    return 2;
  }
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);

  j.terminal = isatty(STDERR_FILENO);
  j.began = j.last_tick = seconds();
  j.block = checked(malloc(PACK_BUFFER));
  nodecore_stats empty = NODECORE_STATS_INIT;
  j.stats = empty;
  if (begin(&j, argv[first], argv[first + 1])) {
    /* The first entry is DIR itself; the archive's first wish for data starts the walk. */
    nodecore_stats root = j.stats;
    j.stepping = true;
    on_stats(NULL, &root, &j);
    nodecore_loop_run(j.loop, NODECORE_RUN_DEFAULT, NULL, NULL);
    clear_line(&j);
    if (j.interrupted) {
      fprintf(stderr, "archive: %s: interrupted; nothing was written\n", j.archive.final.data);
      j.status = 130;
    } else if (!j.failed && output_keep(&j, &j.sums) && output_keep(&j, &j.index) &&
               output_keep(&j, &j.archive)) {
      summary(&j);
    }
  }
  while (j.top != NULL) pop_frame(&j);
  drop_file(&j);
  nodecore_stream_free(j.pack);
  nodecore_timer_free(j.timer);
  output_drop(&j.archive);
  output_drop(&j.index);
  output_drop(&j.sums);
  nodecore_loop_free(j.loop);
  free(j.block);
  free(j.path.data);
  free(j.member.data);
  return j.status;
}
