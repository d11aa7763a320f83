#include "urls.h"

int main(void) { return measure_each(transcoded(real_urls(), true), parse_latin1); }
