#include "signatures.h"

int main(void) { return bench("ec", "sha256", verify_many); }
