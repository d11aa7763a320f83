/* links BASE [FILE]
 *
 * Reads links, one a line, from FILE or standard input, and prints what each leads to from the page BASE: the URL,
 * without user, password and fragment and with its query sorted, a tab, and what is known of it as a query string:
 * scheme, host in Unicode or path of a file:, directory, name and extension. Empty lines are left out.
 *
 * A link that is none is told on standard error, by its line's number, code and message.
 * Exit: 0 all were good; 1 some were not; 2 nothing was done. links.cc and links.rs are the same program. */
#include <nodecore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FACTS = 5 };

static nodecore_str str(const char *text) {
  nodecore_str view = {text, strlen(text)};
  return view;
}

static bool is(nodecore_str text, const char *expected) {
  return text.len == strlen(expected) && memcmp(text.data, expected, text.len) == 0;
}

/* "NAME: CODE: message", and the error is gone. */
static void complain(const char *name, nodecore_error *err) {
  nodecore_str code = nodecore_error_code(err), message = nodecore_error_message(err);
  fprintf(stderr, "links: %s: ", name);
  /* A system's error says its code itself, and a URIError has none. */
  if (code.len != 0 && (message.len < code.len || memcmp(message.data, code.data, code.len) != 0))
    fprintf(stderr, "%.*s: ", (int)code.len, code.data);
  fwrite(message.data, 1, message.len, stderr);
  fputc('\n', stderr);
  nodecore_error_free(err);
}

static nodecore_querystring_pair pair(const char *key, nodecore_str value) {
  return (nodecore_querystring_pair){str(key), NODECORE_QUERYSTRING_TEXT_INIT(value.data, value.len)};
}

/* What is known of a URL, as a query string. */
static nodecore_status facts_of(const nodecore_url *url, nodecore_buf *out, nodecore_error **err) {
  nodecore_buf where = NODECORE_BUF_INIT;
  nodecore_querystring_pair facts[MOST_FACTS];
  size_t count = 0;
  nodecore_str scheme = nodecore_url_protocol(url), host = nodecore_url_hostname(url), path = {NULL, 0};
  scheme.len--; /* its colon */
  facts[count++] = pair("scheme", scheme);
  nodecore_status status = NODECORE_OK;
  if (is(scheme, "file")) {
    nodecore_str href = nodecore_url_href(url);
    status = nodecore_url_file_url_to_path(href.data, href.len, NULL, &where, err);
    path = (nodecore_str){where.data, where.len};
    facts[count++] = pair("path", path);
  } else if (host.len != 0) {
    status = nodecore_url_domain_to_unicode(host.data, host.len, &where, err);
    path = nodecore_url_pathname(url);
    facts[count++] = pair("host", (nodecore_str){where.data, where.len});
  }
  if (status == NODECORE_OK && path.len != 0) {
    nodecore_str ext = nodecore_path_extname(path.data, path.len);
    facts[count++] = pair("dir", nodecore_path_dirname(path.data, path.len));
    facts[count++] = pair("name", nodecore_path_basename(path.data, path.len, ext.data, ext.len));
    facts[count++] = pair("ext", ext);
  }
  if (status == NODECORE_OK) status = nodecore_querystring_stringify(facts, count, NULL, out, err);
  nodecore_buf_free(&where);
  return status;
}

/* Prints what a link leads to. */
static nodecore_status follow(nodecore_str link, const nodecore_url *base, nodecore_error **err) {
  nodecore_url *url = NULL;
  nodecore_buf facts = NODECORE_BUF_INIT;
  nodecore_status status = nodecore_url_parse(link.data, link.len, base, &url, err);
  if (status != NODECORE_OK) return status;
  /* Where there can be no user these are refused, as they may be. */
  nodecore_url_set_username(url, NULL, 0);
  nodecore_url_set_password(url, NULL, 0);
  nodecore_url_set_hash(url, NULL, 0);
  /* A change writes the query anew, so a URL without one is left alone. */
  nodecore_url_search_params *params = nodecore_url_search_params_of(url);
  if (nodecore_url_search_params_size(params) != 0) nodecore_url_search_params_sort(params);
  status = facts_of(url, &facts, err);
  if (status == NODECORE_OK) {
    nodecore_str href = nodecore_url_href(url);
    fwrite(href.data, 1, href.len, stdout);
    putchar('\t');
    fwrite(facts.data, 1, facts.len, stdout);
    putchar('\n');
  }
  nodecore_buf_free(&facts);
  nodecore_url_free(url);
  return status;
}

/* All of standard input, which the caller frees; NULL if it cannot be read. */
static char *standard_input(size_t *len) {
  size_t room = 1 << 16;
  char *data = malloc(room);
  for (*len = 0; data != NULL;) {
    *len += fread(data + *len, 1, room - *len, stdin);
    if (*len < room) break;
    char *more = realloc(data, room *= 2);
    if (more == NULL) free(data);
    data = more;
  }
  if (data != NULL && !ferror(stdin)) return data;
  free(data);
  return NULL;
}

static int follow_all(const char *text, size_t len, const nodecore_url *base) {
  int status = 0;
  unsigned long number = 0;
  for (const char *at = text, *end; at != text + len; at = end + (end != text + len)) {
    end = memchr(at, '\n', (size_t)(text + len - at));
    if (end == NULL) end = text + len;
    number++;
    nodecore_error *err = NULL;
    nodecore_str link = {at, (size_t)(end - at)};
    if (link.len == 0 || follow(link, base, &err) == NODECORE_OK) continue;
    char name[32];
    snprintf(name, sizeof name, "line %lu", number);
    complain(name, err);
    status = 1;
  }
  return status;
}

int main(int argc, char **argv) {
  if (argc < 2 || argc > 3) {
    fputs("usage: links BASE [FILE]\n", stderr);
    return 2;
  }
  nodecore_error *err = NULL;
  nodecore_url *base = NULL;
  if (nodecore_url_parse(argv[1], NODECORE_AUTO_LEN, NULL, &base, &err) != NODECORE_OK) {
    complain(argv[1], err);
    return 2;
  }
  int status = 2;
  if (argc == 3) {
    nodecore_buf text = NODECORE_BUF_INIT;
    if (nodecore_fs_read_file_sync(argv[2], NODECORE_AUTO_LEN, NULL, &text, &err) == NODECORE_OK)
      status = follow_all(text.data, text.len, base);
    else
      complain(argv[2], err);
    nodecore_buf_free(&text);
  } else {
    size_t len;
    char *text = standard_input(&len);
    if (text != NULL)
      status = follow_all(text, len, base);
    else
      fputs("links: standard input cannot be read\n", stderr);
    free(text);
  }
  nodecore_url_free(base);
  if (fflush(stdout) == 0 && !ferror(stdout)) return status;
  fputs("links: standard output cannot be written\n", stderr);
  return 2;
}
