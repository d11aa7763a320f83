#include "signatures.h"

int main(void) { return bench_agree("x25519"); }
