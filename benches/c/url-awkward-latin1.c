#include "urls.h"

int main(void) { return measure_each(transcoded(awkward_urls(), true), parse_latin1); }
