/* Runs random programs over a scratch tree through C, for crates/fs/tests/differential (its program.rs says what a
 * program is): `fs_programs --calls` prints the calls it has, `fs_programs FORM FILE ROOT` runs the programs of FILE,
 * FORM being sync or callback. Program N runs in ROOT/N/w/w/w, which is there; what comes of its calls is printed, a
 * line each. What calls there are is in fs_programs_calls.c. */
#include "fs_programs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

nodecore_loop *lp;
bool callback;
char *here;
nodecore_fd slots[3];
nodecore_error *err;
struct text args[8];

static char *base;

void *must(void *memory) {
  if (memory == NULL) abort();
  return memory;
}

/* ---- What a call gives -------------------------------------------------------------------------- */

/* What is printed behind "ok". */
static char *out;
static size_t out_len;

static void add(const void *bytes, size_t len) {
  out = must(realloc(out, out_len + len + 1));
  if (len > 0) memcpy(out + out_len, bytes, len);
  out_len += len;
  out[out_len] = '\0';
}
void add_text(const char *text) { add(text, strlen(text)); }

void add_number(size_t number) {
  char text[32];
  add(text, (size_t)snprintf(text, sizeof text, "%zu", number));
}

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

/* A text in which the program's folders have short names; the caller's to free. */
static struct text shown(const char *text, size_t len) {
  const struct {
    const char *what, *as;
  } folders[] = {{here, "$"}, {base, "^"}};
  struct text made = {must(malloc(len + 1)), 0};
  for (size_t at = 0; at < len;) {
    size_t which = 0, size = 0;
    for (; which < 2; which++) {
      size = strlen(folders[which].what);
      if (len - at >= size && memcmp(text + at, folders[which].what, size) == 0) break;
    }
    made.data[made.len++] = which < 2 ? *folders[which].as : text[at];
    at += which < 2 ? size : 1;
  }
  return made;
}

void add_shown(const char *text, size_t len) {
  struct text as = shown(text, len);
  add_escaped(as.data, as.len);
  free(as.data);
}

void add_content(const char *bytes, size_t len) {
  if (len < 200) {
    add_escaped(bytes, len);
    return;
  }
  add_number(len);
  add_text(" ");
  add_escaped(bytes, 50);
  add_text(" ");
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

void add_stats(const nodecore_stats *of) {
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

/* The list there is so far, as it is shown. */
static struct text *list;
static size_t list_len;

static void list_add(const char *text, size_t len) {
  list = must(realloc(list, (list_len + 1) * sizeof *list));
  list[list_len++] = shown(text, len);
}

void list_path(nodecore_str path) { list_add(path.data, path.len); }

void list_entry(const nodecore_dirent *entry) {
  nodecore_str name = entry->name, parent = entry->parent_path;
  char *text;
  int len = asprintf(&text, "%.*s %.*s %s", (int)name.len, name.data, (int)parent.len, parent.data, kind(entry->type));
  if (len < 0) abort();
  list_add(text, (size_t)len);
  free(text);
}

static int by_bytes(const void *one, const void *other) {
  const struct text *a = one, *b = other;
  int order = memcmp(a->data, b->data, a->len < b->len ? a->len : b->len);
  return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

void list_end(bool sorted) {
  if (sorted && list_len > 0) qsort(list, list_len, sizeof *list, by_bytes);
  for (size_t index = 0; index < list_len; index++) {
    if (index > 0) add_text("|");
    add_escaped(list[index].data, list[index].len);
    free(list[index].data);
  }
  free(list);
  list = NULL;
  list_len = 0;
}

/* ---- Links to directories: program.rs says why one asks ------------------------------------------ */

static bool follows(void) {
  const char *name = args[0].data;
  if (strcmp(name, "readdir") == 0) return strcmp(args[3].data, "true") == 0;
  if (strcmp(name, "opendir") == 0) return strcmp(args[2].data, "true") == 0;
  return strcmp(name, "cp") == 0 && strchr(args[3].data, 'd') != NULL;
}

/* Whether there is a link to a directory in `dir`, or nobody can tell. */
static bool leads(const char *dir) {
  DIR *open = opendir(dir);
  if (open == NULL) return true;
  bool found = false;
  for (struct dirent *entry; !found && (entry = readdir(open)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    struct stat stats;
    char *below;
    if (asprintf(&below, "%s/%s", dir, entry->d_name) < 0) abort();
    if (lstat(below, &stats) != 0) {
      found = true;
    } else if (!S_ISLNK(stats.st_mode)) {
      found = S_ISDIR(stats.st_mode) && leads(below);
    } else if (stat(below, &stats) == 0) {
      found = S_ISDIR(stats.st_mode);
    } else {
      /* What is not there is none; a loop of links might be anything. */
      found = errno != ENOENT && errno != ENOTDIR;
    }
    free(below);
  }
  closedir(open);
  return found;
}

/* ---- Programs ------------------------------------------------------------------------------------ */

void close_quietly(int slot) {
  if (slots[slot] != NONE) close(slots[slot]);
  slots[slot] = NONE;
}

/* Parts a line into `args`. */
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
  while (row < call_count && strcmp(calls[row].name, args[0].data) != 0) row++;
  if (row == call_count) {
    fprintf(stderr, "no such call: %s\n", args[0].data);
    exit(2);
  }
  if (follows() && leads(base)) {
    puts("not run");
    return;
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
    for (size_t row = 0; row < call_count; row++) puts(calls[row].name);
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
