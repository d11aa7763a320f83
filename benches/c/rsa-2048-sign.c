#include "signatures.h"

int main(void) { return bench("rsa", "sha256", sign_many); }
