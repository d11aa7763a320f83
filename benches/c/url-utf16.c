#include "urls.h"

int main(void) { return measure_each(transcoded(real_urls(), false), parse_utf16); }
