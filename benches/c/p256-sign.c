#include "signatures.h"

int main(void) { return bench("ec", "sha256", sign_many); }
