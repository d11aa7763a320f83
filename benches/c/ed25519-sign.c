#include "signatures.h"

int main(void) { return bench("ed25519", NULL, sign_many); }
