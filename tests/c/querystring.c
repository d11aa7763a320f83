/* querystring.h; what is expected is what Node 26 gives. */
#include "check.h"

static nodecore_querystring_pair pair(const char *key, const char *value) {
  nodecore_querystring_pair p = {{key, strlen(key)}, NODECORE_QUERYSTRING_TEXT_INIT(value, strlen(value))};
  return p;
}

static nodecore_querystring_value value_of(int32_t kind) {
  nodecore_querystring_value v = NODECORE_QUERYSTRING_TEXT_INIT(NULL, 0);
  v.kind = kind;
  return v;
}

static nodecore_str str(const char *text) {
  nodecore_str s = {text, strlen(text)};
  return s;
}

/* UTF-16 of ASCII, in memory of its own; `wide_free` ends them all. */
static uint16_t *wides[64];
static size_t wide_count;
static nodecore_str16 wide(const char *text) {
  size_t len = strlen(text);
  uint16_t *units = malloc(len == 0 ? 1 : len * sizeof(uint16_t));
  CHECK(units != NULL && wide_count < 64);
  for (size_t i = 0; i < len; i++) units[i] = (unsigned char)text[i];
  wides[wide_count++] = units;
  nodecore_str16 s = {units, len};
  return s;
}
static void wide_free(void) {
  while (wide_count > 0) free(wides[--wide_count]);
}

static bool is16(nodecore_str16 s, const uint16_t *units, size_t len) {
  return s.data != NULL && s.len == len && memcmp(s.data, units, len * sizeof *units) == 0;
}
static bool is_ascii16(nodecore_str16 s, const char *text) {
  if (s.data == NULL || s.len != strlen(text)) return false;
  for (size_t i = 0; i < s.len; i++)
    if (s.data[i] != (unsigned char)text[i]) return false;
  return true;
}
static bool gave16(nodecore_buf16 *buf, const uint16_t *units, size_t len) {
  nodecore_str16 s = {buf->data, buf->len};
  bool same = is16(s, units, len);
  nodecore_buf16_free(buf);
  return same;
}

/* The text between < and >; refuses what has a z. */
static nodecore_status mark(nodecore_str text, nodecore_str *out, void *user) {
  char *room = user;
  if (memchr(text.data, 'z', text.len) != NULL) return NODECORE_ERR_OPERATION_FAILED;
  CHECK(text.len < 60);
  room[0] = '<';
  if (text.len != 0) memcpy(room + 1, text.data, text.len);
  room[text.len + 1] = '>';
  out->data = room;
  out->len = text.len + 2;
  return NODECORE_OK;
}
static nodecore_status mark16(nodecore_str16 text, nodecore_str16 *out, void *user) {
  uint16_t *room = user;
  CHECK(text.len < 30);
  for (size_t i = 0; i < text.len; i++) {
    if (text.data[i] == 'z') return NODECORE_ERR_OPERATION_FAILED;
    room[i + 1] = text.data[i];
  }
  room[0] = '<';
  room[text.len + 1] = '>';
  out->data = room;
  out->len = text.len + 2;
  return NODECORE_OK;
}
static nodecore_status mark_wide(nodecore_str16 text, nodecore_str *out, void *user) {
  char *room = user;
  CHECK(text.len < 60);
  room[0] = '<';
  for (size_t i = 0; i < text.len; i++) room[i + 1] = (char)text.data[i];
  room[text.len + 1] = '>';
  out->data = room;
  out->len = text.len + 2;
  return NODECORE_OK;
}
static nodecore_status not_text(nodecore_str text, nodecore_str *out, void *user) {
  (void)text;
  (void)user;
  out->data = "\xff";
  out->len = 1;
  return NODECORE_OK;
}

static void parsing(void) {
  nodecore_querystring *query = NULL;
  nodecore_error *err = NULL;
  const char *text = "foo=bar&abc=xyz%20123&abc=1&x+y=%C3%A9+%zz&&=&k";
  char *copy = exact(text, strlen(text));
  CHECK_OK(nodecore_querystring_parse(copy, strlen(text), NULL, &query, &err));
  memset(copy, '?', strlen(text));
  free(copy);
  CHECK(nodecore_querystring_count(query) == 5);
  CHECK(is(nodecore_querystring_key_at(query, 0), "foo"));
  CHECK(is(nodecore_querystring_value_at(query, 0, 0), "bar"));
  size_t abc = nodecore_querystring_find(query, "abc", NODECORE_AUTO_LEN);
  CHECK(abc == 1 && nodecore_querystring_value_count(query, abc) == 2);
  CHECK(is(nodecore_querystring_value_at(query, abc, 0), "xyz 123"));
  CHECK(is(nodecore_querystring_value_at(query, abc, 1), "1"));
  CHECK(nodecore_querystring_value_at(query, abc, 2).data == NULL);
  CHECK(is(nodecore_querystring_key_at(query, 2), "x y"));
  CHECK(is(nodecore_querystring_value_at(query, 2, 0), "\xc3\xa9 %zz"));
  CHECK(nodecore_querystring_find(query, NULL, 0) == 3);
  CHECK(is(nodecore_querystring_value_at(query, 3, 0), ""));
  CHECK(is(nodecore_querystring_value_at(query, 4, 0), ""));
  CHECK(nodecore_querystring_find(query, "none", 4) == NODECORE_QUERYSTRING_NONE);
  CHECK(nodecore_querystring_value_count(query, NODECORE_QUERYSTRING_NONE) == 0);
  CHECK(nodecore_querystring_key_at(query, 5).data == NULL);
  nodecore_querystring_free(query);

  nodecore_querystring_parse_options opts = NODECORE_QUERYSTRING_PARSE_OPTIONS_INIT;
  opts.sep = str(";");
  opts.eq = str(":");
  opts.has_max_keys = true;
  opts.max_keys = 2;
  CHECK_OK(nodecore_querystring_parse("a:1;b:x+y;a:2", NODECORE_AUTO_LEN, &opts, &query, &err));
  CHECK(nodecore_querystring_count(query) == 2 && nodecore_querystring_value_count(query, 0) == 1);
  CHECK(is(nodecore_querystring_value_at(query, 1, 0), "x y"));
  nodecore_querystring_free(query);
  opts.max_keys = 0;
  CHECK_OK(nodecore_querystring_parse("a:1;b:x+y;a:2", NODECORE_AUTO_LEN, &opts, &query, &err));
  CHECK(nodecore_querystring_value_count(query, 0) == 2);
  nodecore_querystring_free(query);

  char room[64];
  nodecore_querystring_parse_options custom = NODECORE_QUERYSTRING_PARSE_OPTIONS_INIT;
  custom.decode = mark;
  custom.user = room;
  CHECK_OK(nodecore_querystring_parse("a=1+x&b=%zz", NODECORE_AUTO_LEN, &custom, &query, &err));
  CHECK(is(nodecore_querystring_key_at(query, 0), "<a>"));
  CHECK(is(nodecore_querystring_value_at(query, 0, 0), "<1%20x>"));
  CHECK(is(nodecore_querystring_value_at(query, 1, 0), "%zz"));
  nodecore_querystring_free(query);

  CHECK_OK(nodecore_querystring_parse(NULL, 0, NULL, &query, NULL));
  CHECK(nodecore_querystring_count(query) == 0);
  nodecore_querystring_free(query);
  CHECK_STATUS(nodecore_querystring_parse("\xff", 1, NULL, &query, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'query' must be valid UTF-8. Received bytes"));
  CHECK_STATUS(nodecore_querystring_parse(NULL, 1, NULL, &query, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_querystring_parse("a", 1, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  opts.struct_size = 1;
  CHECK_STATUS(nodecore_querystring_parse("a", 1, &opts, &query, NULL), NODECORE_ERR_OUT_OF_RANGE);
  nodecore_querystring_free(NULL);
  CHECK(nodecore_querystring_count(NULL) == 0 && nodecore_querystring_value_count(NULL, 0) == 0);
  CHECK(nodecore_querystring_key_at(NULL, 0).data == NULL);
  CHECK(nodecore_querystring_value_at(NULL, 0, 0).data == NULL);
  CHECK(nodecore_querystring_find(NULL, "a", 1) == NODECORE_QUERYSTRING_NONE);
}

static void parsing16(void) {
  nodecore_querystring16 *query = NULL;
  nodecore_error *err = NULL;
  /* k=é%ff€ and a high surrogate, which Node reads byte by byte. */
  const uint16_t odd[] = {'k', '=', 0xe9, '%', 'f', 'f', 0x20ac, 0xd800, '&', 0x20ac, '=', '1'};
  const uint16_t replaced[] = {0xfffd, 0xfffd, 0xfffd, 0}, euro[] = {0x20ac};
  CHECK_OK(nodecore_querystring_parse_utf16(odd, 12, NULL, &query, &err));
  CHECK(nodecore_querystring16_count(query) == 2);
  CHECK(is_ascii16(nodecore_querystring16_key_at(query, 0), "k"));
  CHECK(is16(nodecore_querystring16_value_at(query, 0, 0), replaced, 4));
  CHECK(nodecore_querystring16_find(query, euro, 1) == 1);
  CHECK(nodecore_querystring16_find(query, euro, 0) == NODECORE_QUERYSTRING_NONE);
  nodecore_querystring16_free(query);

  uint16_t room[32];
  nodecore_querystring_parse_options16 opts = NODECORE_QUERYSTRING_PARSE_OPTIONS16_INIT;
  opts.sep = wide(";");
  opts.eq = wide(":");
  opts.has_max_keys = true;
  opts.max_keys = 3;
  opts.decode = mark16;
  opts.user = room;
  nodecore_str16 text = wide("a:1+x;b:%zz;a:2;c:3");
  CHECK_OK(nodecore_querystring_parse_utf16(text.data, text.len, &opts, &query, &err));
  CHECK(nodecore_querystring16_count(query) == 2 && nodecore_querystring16_value_count(query, 0) == 2);
  CHECK(is_ascii16(nodecore_querystring16_key_at(query, 0), "<a>"));
  CHECK(is_ascii16(nodecore_querystring16_value_at(query, 0, 0), "<1%20x>"));
  CHECK(is_ascii16(nodecore_querystring16_value_at(query, 0, 1), "<2>"));
  CHECK(is_ascii16(nodecore_querystring16_value_at(query, 1, 0), "%zz"));
  CHECK(nodecore_querystring16_value_at(query, 1, 1).data == NULL);
  nodecore_querystring16_free(query);

  const uint16_t mixed[] = {0xe9, 0x20ac};
  CHECK_OK(nodecore_querystring_parse_latin1("\xe9=\xe9%E2%82%AC", 12, NULL, &query, &err));
  CHECK(is16(nodecore_querystring16_key_at(query, 0), mixed, 1));
  CHECK(is16(nodecore_querystring16_value_at(query, 0, 0), mixed, 2));
  nodecore_querystring16_free(query);
  CHECK_STATUS(nodecore_querystring_parse_latin1(NULL, 1, NULL, &query, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_querystring_parse_utf16(NULL, 1, NULL, &query, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_querystring16_free(NULL);
  CHECK(nodecore_querystring16_count(NULL) == 0 && nodecore_querystring16_value_count(NULL, 0) == 0);
  CHECK(nodecore_querystring16_key_at(NULL, 0).data == NULL);
  CHECK(nodecore_querystring16_value_at(NULL, 0, 0).data == NULL);
  CHECK(nodecore_querystring16_find(NULL, euro, 1) == NODECORE_QUERYSTRING_NONE);
}

static void writing(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  nodecore_querystring_pair pairs[] = {pair("foo", "bar"), pair("baz", "qux"), pair("baz", "a b&c=d/\xc3\xbc"), pair("", "")};
  CHECK_OK(nodecore_querystring_stringify(pairs, 4, NULL, &out, &err));
  CHECK(gave(&out, "foo=bar&baz=qux&baz=a%20b%26c%3Dd%2F%C3%BC&="));
  nodecore_querystring_stringify_options opts = NODECORE_QUERYSTRING_STRINGIFY_OPTIONS_INIT;
  opts.sep = str(";");
  opts.eq = str("->");
  CHECK_OK(nodecore_querystring_stringify(pairs, 2, &opts, &out, &err));
  CHECK(gave(&out, "foo->bar;baz->qux"));
  CHECK_OK(nodecore_querystring_stringify(NULL, 0, NULL, &out, &err));
  CHECK(gave(&out, ""));

  nodecore_querystring_value list[5], inner = pair("", "y").value;
  list[0] = pair("", "x").value;
  list[1] = value_of(NODECORE_QUERYSTRING_NUMBER);
  list[1].number = 2;
  list[2] = value_of(NODECORE_QUERYSTRING_BOOLEAN);
  list[3] = value_of(NODECORE_QUERYSTRING_BIGINT);
  list[3].text = str("3");
  list[4] = value_of(NODECORE_QUERYSTRING_LIST);
  list[4].list = &inner;
  list[4].count = 1;
  nodecore_querystring_pair typed[9] = {pair("t", "a b/\xc3\xa9"), pair("n", ""), pair("i", "12345678901234567890"),
                                        pair("b", ""), pair("l", ""), pair("e", ""), pair("o", ""), pair("nan", ""),
                                        pair("big", "")};
  typed[1].value.kind = NODECORE_QUERYSTRING_NUMBER;
  typed[1].value.number = 1.5;
  typed[2].value.kind = NODECORE_QUERYSTRING_BIGINT;
  typed[3].value.kind = NODECORE_QUERYSTRING_BOOLEAN;
  typed[3].value.boolean = true;
  typed[4].value.kind = NODECORE_QUERYSTRING_LIST;
  typed[4].value.list = list;
  typed[4].value.count = 5;
  typed[5].value.kind = NODECORE_QUERYSTRING_LIST;
  typed[6].value.kind = NODECORE_QUERYSTRING_OTHER;
  typed[7].value.kind = NODECORE_QUERYSTRING_NUMBER;
  typed[7].value.number = strtod("nan", NULL);
  typed[8].value.kind = NODECORE_QUERYSTRING_NUMBER;
  typed[8].value.number = 1e21;
  CHECK_OK(nodecore_querystring_stringify(typed, 9, NULL, &out, &err));
  CHECK(gave(&out, "t=a%20b%2F%C3%A9&n=1.5&i=12345678901234567890&b=true&l=x&l=2&l=false&l=3&l=&o=&nan=&big=1e%2B21"));

  char room[64];
  opts.encode = mark;
  opts.user = room;
  nodecore_querystring_pair two[] = {pair("a", "x"), pair("b", "")};
  two[1].value = list[1];
  CHECK_OK(nodecore_querystring_stringify(two, 2, &opts, &out, &err));
  CHECK(gave(&out, "<a>-><x>;<b>-><2>"));
  two[0].value.text = str("z");
  CHECK_STATUS(nodecore_querystring_stringify(two, 2, &opts, &out, &err), NODECORE_ERR_OPERATION_FAILED);
  CHECK(failed_with(&err, "ERR_OPERATION_FAILED", "Operation failed: encode said so"));
  opts.encode = not_text;
  CHECK_STATUS(nodecore_querystring_stringify(two, 2, &opts, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);

  nodecore_querystring_pair latin1[] = {pair("\xe9", "\xfc z")};
  CHECK_OK(nodecore_querystring_stringify_latin1(latin1, 1, NULL, &out, &err));
  CHECK(gave(&out, "%C3%A9=%C3%BC%20z"));
  opts.encode = mark;
  latin1[0] = pair("k", "x");
  CHECK_OK(nodecore_querystring_stringify_latin1(latin1, 1, &opts, &out, &err));
  CHECK(gave(&out, "<k>-><x>"));
  latin1[0] = pair("\xe9", "x");
  CHECK_STATUS(nodecore_querystring_stringify_latin1(latin1, 1, &opts, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);

  pairs[0].value.text.data = "\xff";
  pairs[0].value.text.len = 1;
  CHECK_STATUS(nodecore_querystring_stringify(pairs, 1, NULL, &out, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'value' must be valid UTF-8. Received bytes"));
  pairs[0].value.kind = 9;
  CHECK_STATUS(nodecore_querystring_stringify(pairs, 1, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  typed[2].value.text = str("1&x=2");
  CHECK_STATUS(nodecore_querystring_stringify(typed, 9, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  typed[4].value.list = NULL;
  CHECK_STATUS(nodecore_querystring_stringify(typed + 4, 1, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_querystring_stringify(NULL, 1, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_querystring_stringify(pairs, 1, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
}

static void writing16(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  char room[64];
  const uint16_t lone[] = {'a', 0xd800};
  nodecore_querystring_value16 none = NODECORE_QUERYSTRING_TEXT_INIT(NULL, 0), list[2] = {none, none};
  list[0].text = wide("-7");
  list[0].kind = NODECORE_QUERYSTRING_BIGINT;
  list[1].text = wide("y");
  nodecore_querystring_pair16 pairs[] = {{wide("a b"), none}, {wide("n"), none}, {wide("l"), none}};
  pairs[0].value.text = wide("\xe9");
  pairs[1].value.kind = NODECORE_QUERYSTRING_NUMBER;
  pairs[1].value.number = -0.5;
  pairs[2].value.kind = NODECORE_QUERYSTRING_LIST;
  pairs[2].value.list = list;
  pairs[2].value.count = 2;
  CHECK_OK(nodecore_querystring_stringify_utf16(pairs, 3, NULL, &out, &err));
  CHECK(gave(&out, "a%20b=%C3%A9&n=-0.5&l=-7&l=y"));
  nodecore_querystring_stringify_options opts = NODECORE_QUERYSTRING_STRINGIFY_OPTIONS_INIT;
  opts.encode16 = mark_wide;
  opts.user = room;
  CHECK_OK(nodecore_querystring_stringify_utf16(pairs + 1, 2, &opts, &out, &err));
  CHECK(gave(&out, "<n>=<-0.5>&<l>=<-7>&<l>=<y>"));
  pairs[0].value.text.data = lone;
  pairs[0].value.text.len = 2;
  CHECK_STATUS(nodecore_querystring_stringify_utf16(pairs, 1, NULL, &out, &err), NODECORE_ERR_INVALID_URI);
  CHECK(failed_with(&err, "ERR_INVALID_URI", "URI malformed"));
}

static void percent_encoding(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_buf16 out16 = NODECORE_BUF16_INIT;
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_querystring_escape("\xf0\x9f\x98\x80 \xc3\xa9-_.!~*'()", NODECORE_AUTO_LEN, &out, &err));
  CHECK(gave(&out, "%F0%9F%98%80%20%C3%A9-_.!~*'()"));
  CHECK_OK(nodecore_querystring_escape(NULL, 0, &out, &err));
  CHECK(gave(&out, ""));
  CHECK_STATUS(nodecore_querystring_escape("\xc3", 1, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  const uint16_t odd[] = {0xd83d, 'x'}, smile[] = {'a', ' ', 'b', 0xd83d, 0xde00, 0xe9};
  CHECK_OK(nodecore_querystring_escape_utf16(odd, 2, &out, &err));
  CHECK(gave(&out, "%F0%9F%91%B8"));
  CHECK_STATUS(nodecore_querystring_escape_utf16(odd, 1, &out, &err), NODECORE_ERR_INVALID_URI);
  CHECK(failed_with(&err, "ERR_INVALID_URI", "URI malformed"));
  CHECK_OK(nodecore_querystring_escape_latin1("a\xe9", 2, &out, &err));
  CHECK(gave(&out, "a%C3%A9"));

  const char *coded = "a%20b%F0%9F%98%80%C3%A9";
  nodecore_str16 coded16 = wide(coded);
  CHECK_OK(nodecore_querystring_unescape(coded, NODECORE_AUTO_LEN, &out, &err));
  CHECK(gave(&out, "a b\xf0\x9f\x98\x80\xc3\xa9"));
  CHECK_OK(nodecore_querystring_unescape("a%zz", 4, &out, &err));
  CHECK(gave(&out, "a%zz"));
  CHECK_OK(nodecore_querystring_unescape("\xc3\xa9%ff", 5, &out, &err));
  CHECK(gave(&out, "\xef\xbf\xbd\xef\xbf\xbd"));
  CHECK_STATUS(nodecore_querystring_unescape("\xff", 1, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_OK(nodecore_querystring_unescape_utf16(coded16.data, coded16.len, &out16, &err));
  CHECK(gave16(&out16, smile, 6));
  CHECK_OK(nodecore_querystring_unescape_latin1(coded, strlen(coded), &out16, &err));
  CHECK(gave16(&out16, smile, 6));
  CHECK_OK(nodecore_querystring_unescape_latin1("\xe9%E9", 4, &out16, &err));
  const uint16_t replaced[] = {0xfffd, 0xfffd};
  CHECK(gave16(&out16, replaced, 2));
  CHECK_OK(nodecore_querystring_unescape_latin1("%C3%A9", 6, &out16, &err));
  CHECK(gave16(&out16, smile + 5, 1));

  /* a+%ff%2é€ */
  const uint16_t raw[] = {'a', '+', '%', 'f', 'f', '%', '2', 0xe9, 0x20ac};
  CHECK_OK(nodecore_querystring_unescape_buffer("a+%ff%2\xc3\xa9\xe2\x82\xac", NODECORE_AUTO_LEN, true, &out, &err));
  CHECK(gave(&out, "a \xff%2\xe9\xac"));
  CHECK_OK(nodecore_querystring_unescape_buffer("a+", 2, false, &out, &err));
  CHECK(gave(&out, "a+"));
  CHECK_OK(nodecore_querystring_unescape_buffer_utf16(raw, 9, true, &out, &err));
  CHECK(gave(&out, "a \xff%2\xe9\xac"));
  CHECK_OK(nodecore_querystring_unescape_buffer_latin1("+%ff%2\xe9", 7, false, &out, &err));
  CHECK(gave(&out, "+\xff%2\xe9"));
  CHECK_STATUS(nodecore_querystring_unescape_buffer(NULL, 1, false, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_querystring_unescape_utf16(raw, 9, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
}

int main(void) {
  parsing();
  parsing16();
  writing();
  writing16();
  percent_encoding();
  wide_free();
  return 0;
}
