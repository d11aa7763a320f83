/* What the two halves of fs_programs.c share: the arguments of a call, and what is printed behind "ok". */
#ifndef FS_PROGRAMS_H
#define FS_PROGRAMS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdbool.h>
#include <stddef.h>

#include <nodecore.h>

/* A descriptor that nothing has. */
#define NONE 9999

struct text {
  char *data;
  size_t len;
};

/* ---- fs_programs.c ------------------------------------------------------------------------------ */

extern nodecore_loop *lp;
/* Which of the two forms. */
extern bool callback;
/* The current directory of the program. */
extern char *here;
extern nodecore_fd slots[3];
/* What a call failed with. */
extern nodecore_error *err;
/* The call's name and its arguments, each ended by NUL besides. */
extern struct text args[8];

void *must(void *memory);
void close_quietly(int slot);

void add_text(const char *text);
void add_number(size_t number);
/* Adds a text in which the program's folders have short names. */
void add_shown(const char *text, size_t len);
/* Adds long contents by their length and ends. */
void add_content(const char *bytes, size_t len);
void add_stats(const nodecore_stats *of);

/* A list, printed by its end. */
void list_path(nodecore_str path);
void list_entry(const nodecore_dirent *entry);
void list_end(bool sorted);

/* ---- fs_programs_calls.c ------------------------------------------------------------------------- */

struct call {
  const char *name;
  void (*run)(void);
};
extern const struct call calls[];
extern const size_t call_count;

#endif
