#include "signatures.h"

int main(void) { return bench("ml-dsa-65", NULL, verify_many); }
