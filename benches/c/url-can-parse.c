#include "urls.h"

static size_t can_parse(const line *in) {
  return nodecore_url_can_parse(in->fields[0].data, in->fields[0].len, NULL);
}

int main(void) { return measure_each(real_urls(), can_parse); }
