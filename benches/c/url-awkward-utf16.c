#include "urls.h"

int main(void) { return measure_each(transcoded(awkward_urls(), false), parse_utf16); }
