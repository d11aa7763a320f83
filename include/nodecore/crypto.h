/** @file crypto.h Cryptography: what all of it shares. Digests are in crypto_hash.h, ciphers in
 *  crypto_cipher.h.
 *
 *  The algorithms are those of OpenSSL 3.6's default provider, which is built into the library and reads no openssl.cnf
 *  of the system. Keys and what is derived from them are cleared before their memory is given back; what a function
 *  gives to the caller, the caller clears.
 *
 *  Errors     what OpenSSL refuses is NODECORE_ERR_OSSL: error.h says how to learn the library, the reason and the rest.
 *  Node       https://nodejs.org/api/crypto.html */
#ifndef NODECORE_CRYPTO_H
#define NODECORE_CRYPTO_H

#include "error.h"
#include "export.h"

#endif
