#include "streams.h"

static size_t once(void) { return send_through(chunks(1 << 30), counter()); }

int main(void) { return measure_streams(once); }
