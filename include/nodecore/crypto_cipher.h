/** @file crypto_cipher.h Encryption and decryption.
 *
 *  A cipher encrypts or decrypts piece by piece, and gives each piece as bytes of its own or into memory of
 *  the caller's. A nodecore_aead does whole messages in place.
 *
 *  Node       https://nodejs.org/api/crypto.html#class-cipheriv */
#ifndef NODECORE_CRYPTO_CIPHER_H
#define NODECORE_CRYPTO_CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"
#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A cipher or a decipher.     Threads  exclusive: one thread at a time. */
typedef struct nodecore_cipher nodecore_cipher;

/** Options of nodecore_cipher_new() and nodecore_decipher_new(). NULL = all defaults. */
typedef struct nodecore_cipher_options {
  size_t struct_size;       /**< set by NODECORE_CIPHER_OPTIONS_INIT */
  bool has_auth_tag_length; /**< CCM and OCB need one */
  uint32_t auth_tag_length; /**< Node's authTagLength, in bytes; without it 16 */
} nodecore_cipher_options;

#define NODECORE_CIPHER_OPTIONS_INIT \
  { sizeof(nodecore_cipher_options), false, 0 }

/** Begins to encrypt. `algorithm` is a name of nodecore_cipher_name(), in any case; `iv` has length 0 for a
 *  cipher that takes none. Key and vector are copied.
 *  Returns    NODECORE_OK, or what Errors says.
 *  Ownership  caller frees `*out` (nodecore_cipher_free).
 *  Nullable   iv with iv_len 0, opts, err.
 *  Errors     NODECORE_ERR_CRYPTO_UNKNOWN_CIPHER; NODECORE_ERR_CRYPTO_INVALID_KEYLEN,
 *             NODECORE_ERR_CRYPTO_INVALID_IV, NODECORE_ERR_CRYPTO_INVALID_AUTH_TAG for lengths that the
 *             cipher does not take; NODECORE_ERR_OUT_OF_RANGE for lengths from 2^31 on.
 *  Node       crypto.createCipheriv                              Since    0.1 */
NODECORE_API nodecore_status nodecore_cipher_new(const char *algorithm, size_t algorithm_len,
                                                 const void *key, size_t key_len, const void *iv,
                                                 size_t iv_len,
                                                 const nodecore_cipher_options *opts,
                                                 nodecore_cipher **out, nodecore_error **err);

/** Begins to decrypt.
 *  Returns, Ownership, Nullable, Errors  as nodecore_cipher_new().
 *  Node       crypto.createDecipheriv                            Since    0.1 */
NODECORE_API nodecore_status nodecore_decipher_new(const char *algorithm, size_t algorithm_len,
                                                   const void *key, size_t key_len, const void *iv,
                                                   size_t iv_len,
                                                   const nodecore_cipher_options *opts,
                                                   nodecore_cipher **out, nodecore_error **err);

/** Frees the handle, and clears the key.     Nullable   cipher.     Since    0.1 */
NODECORE_API void nodecore_cipher_free(nodecore_cipher *cipher);

/** Takes `len` bytes, and gives what comes of them. Of an authenticated cipher, what a decipher gives is not
 *  to be trusted before nodecore_cipher_final() has succeeded.
 *  Returns    NODECORE_OK, or what Errors says.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   data with len 0, err.
 *  Errors     NODECORE_UNCODED ("Trying to add data in unsupported state") after the end, or if the cipher
 *             does not take the data: SIV, GCM-SIV, XTS, wrapping of keys and ciphertext stealing take all of
 *             it in one call; NODECORE_ERR_CRYPTO_INVALID_MESSAGELEN for what is too long for CCM;
 *             NODECORE_ERR_OUT_OF_RANGE from 2^31 bytes on; NODECORE_ERR_INVALID_STATE if it is a stream.
 *  Node       cipher.update                                      Since    0.1 */
NODECORE_API nodecore_status nodecore_cipher_update(nodecore_cipher *cipher, const void *data,
                                                    size_t len, nodecore_buf *out,
                                                    nodecore_error **err);

/** As nodecore_cipher_update(), into `out`, which has room for nodecore_cipher_room() of `len` bytes and does
 *  not overlap `data`; `*written` says how many there are. Takes no memory.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE if `out_len` is too small, and then nothing has been
 *             taken; otherwise as there.
 *  Nullable   data with len 0, out with out_len 0, err.          Since    0.1 */
NODECORE_API nodecore_status nodecore_cipher_update_into(nodecore_cipher *cipher, const void *data,
                                                         size_t len, void *out, size_t out_len,
                                                         size_t *written, nodecore_error **err);

/** Ends it, checks a decipher's tag, and gives the rest.
 *  Returns    NODECORE_OK, or what Errors says.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.
 *  Errors     NODECORE_ERR_CRYPTO_INVALID_STATE the second time; NODECORE_UNCODED ("Unsupported state or
 *             unable to authenticate data") if the tag is wrong or missing; NODECORE_ERR_OSSL, such as
 *             ERR_OSSL_BAD_DECRYPT and ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH; NODECORE_ERR_INVALID_STATE if it is
 *             a stream.
 *  Node       cipher.final                                       Since    0.1 */
NODECORE_API nodecore_status nodecore_cipher_final(nodecore_cipher *cipher, nodecore_buf *out,
                                                   nodecore_error **err);

/** As nodecore_cipher_final(), into `out`, which has room for nodecore_cipher_room() of 0 bytes.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE if `out_len` is too small, and then it has not ended;
 *             otherwise as there.
 *  Nullable   out with out_len 0, err.                           Since    0.1 */
NODECORE_API nodecore_status nodecore_cipher_final_into(nodecore_cipher *cipher, void *out,
                                                        size_t out_len, size_t *written,
                                                        nodecore_error **err);

/** The most bytes that an update with `len` bytes can give, or the end with 0; SIZE_MAX without a cipher, and
 *  of a stream.
 *  Nullable   cipher.                                            Since    0.1 */
NODECORE_API size_t nodecore_cipher_room(const nodecore_cipher *cipher, size_t len);

/** Says whether the last block is padded, which it is by default.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_STATE after the end; NODECORE_ERR_INVALID_STATE while
 *             a chunk of its stream is on the pool.
 *  Nullable   err.             Node     cipher.setAutoPadding    Since    0.1 */
NODECORE_API nodecore_status nodecore_cipher_set_auto_padding(nodecore_cipher *cipher, bool padding,
                                                              nodecore_error **err);

/** Adds data that is authenticated and not encrypted. For CCM, `text_len` is the length of the text, Node's
 *  plaintextLength; for others it is not looked at, and -1 will do.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_STATE if the cipher has no tag, or it is too late;
 *             NODECORE_ERR_MISSING_ARGS and NODECORE_ERR_CRYPTO_INVALID_MESSAGELEN for the length that CCM
 *             needs; NODECORE_ERR_INVALID_STATE while a chunk of its stream is on the pool.
 *  Nullable   data with len 0, err.    Node     cipher.setAAD     Since    0.1 */
NODECORE_API nodecore_status nodecore_cipher_set_aad(nodecore_cipher *cipher, const void *data,
                                                     size_t len, int64_t text_len,
                                                     nodecore_error **err);

/** Gives the tag of what was encrypted, after the end.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_STATE before the end, for a decipher, and if the
 *             cipher has no tag; NODECORE_ERR_INVALID_STATE while a chunk of its stream is on the pool.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Node     cipher.getAuthTag        Since    0.1 */
NODECORE_API nodecore_status nodecore_cipher_get_auth_tag(const nodecore_cipher *cipher,
                                                          nodecore_buf *out, nodecore_error **err);

/** Says which tag a decipher's data has to have.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_INVALID_AUTH_TAG for another length than that of the options,
 *             or 16; NODECORE_ERR_CRYPTO_INVALID_STATE for a cipher, the second time, if it is too late, and
 *             if there is no tag; NODECORE_ERR_INVALID_STATE while a chunk of its stream is on the pool.
 *  Nullable   tag with len 0, err.     Node     decipher.setAuthTag       Since    0.1 */
NODECORE_API nodecore_status nodecore_cipher_set_auth_tag(nodecore_cipher *cipher, const void *tag,
                                                          size_t len, nodecore_error **err);

/** Gives the cipher as a transform: what is written or piped into it is encrypted or decrypted, and read from
 *  it. It does large chunks on the pool. From here on it is fed through the stream only; a decipher's tag may
 *  be set until the end, and a cipher's tag be got from then on.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE if it is a stream already.
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Nullable   err.             Threads  the loop's, from here on.
 *  Node       cipher as a stream.Transform                       Since    0.1 */
NODECORE_API nodecore_status nodecore_cipher_stream(nodecore_loop *loop, nodecore_cipher *cipher,
                                                    nodecore_stream **out, nodecore_error **err);

/** How many ciphers there are.     Threads  any.     Node     crypto.getCiphers     Since    0.1 */
NODECORE_API size_t nodecore_cipher_count(void);

/** The name of the cipher of that index, in order; NULL and 0 from nodecore_cipher_count() on. Valid for
 *  good.
 *  Threads    any.             Node     crypto.getCiphers        Since    0.1 */
NODECORE_API nodecore_str nodecore_cipher_name(size_t index);

/** What is known of a cipher. New fields are only ever added at the end. */
typedef struct nodecore_cipher_info {
  size_t struct_size; /**< set by NODECORE_CIPHER_INFO_INIT */
  nodecore_str name;  /**< valid for good */
  nodecore_str mode;  /**< "cbc", "gcm" and so on; valid for good */
  uint32_t nid;       /**< OpenSSL's number; 0: there is none */
  size_t block_size;  /**< in bytes; 0 for a cipher that is nothing but a stream */
  size_t iv_length;   /**< in bytes; 0: it takes none */
  size_t key_length;  /**< in bytes */
} nodecore_cipher_info;

#define NODECORE_CIPHER_INFO_INIT \
  { sizeof(nodecore_cipher_info), {NULL, 0}, {NULL, 0}, 0, 0, 0, 0 }

/** Says what is known of the cipher of that name. A `key_length` or `iv_length` that is not negative is
 *  tested, too.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_UNKNOWN_CIPHER if there is none, or if it does not take these
 *             lengths: where Node gives undefined; NODECORE_ERR_OUT_OF_RANGE for a length over 4294967295.
 *  Nullable   err.             Threads  any.
 *  Node       crypto.getCipherInfo(name, options)                Since    0.1 */
NODECORE_API nodecore_status nodecore_cipher_get_info(const char *name, size_t name_len,
                                                      int64_t key_length, int64_t iv_length,
                                                      nodecore_cipher_info *out,
                                                      nodecore_error **err);

/** As nodecore_cipher_get_info(), of OpenSSL's number.
 *  Node       crypto.getCipherInfo(nid, options)                 Since    0.1 */
NODECORE_API nodecore_status nodecore_cipher_get_info_by_nid(uint32_t nid, int64_t key_length,
                                                             int64_t iv_length,
                                                             nodecore_cipher_info *out,
                                                             nodecore_error **err);

/** The bytes of a nodecore_aead's tags and vectors. */
#define NODECORE_AEAD_TAG 16
#define NODECORE_AEAD_IV 12

/** An authenticated cipher with its key, for whole messages, in place and without taking memory. Node has no
 *  such thing.
 *  Threads    exclusive: one thread at a time. */
typedef struct nodecore_aead nodecore_aead;

/** `algorithm` is chacha20-poly1305, aes-256-gcm, or another cipher in Galois counter mode.
 *  Returns    NODECORE_OK; NODECORE_ERR_CRYPTO_UNKNOWN_CIPHER; NODECORE_ERR_CRYPTO_UNSUPPORTED_OPERATION for
 *             a cipher of another kind; NODECORE_ERR_CRYPTO_INVALID_KEYLEN.
 *  Ownership  caller frees `*out` (nodecore_aead_free).
 *  Nullable   err.             Since    0.1 */
NODECORE_API nodecore_status nodecore_aead_new(const char *algorithm, size_t algorithm_len,
                                               const void *key, size_t key_len, nodecore_aead **out,
                                               nodecore_error **err);

/** Frees the handle, and clears the key.     Nullable   aead.       Since    0.1 */
NODECORE_API void nodecore_aead_free(nodecore_aead *aead);

/** Encrypts `len` bytes in place, and writes the tag of them and of the `aad_len` bytes to `tag`. No two
 *  messages of a key may have the same `iv`, of NODECORE_AEAD_IV bytes.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE from 2^31 bytes on.
 *  Nullable   aad with aad_len 0, data with len 0, err.          Since    0.1 */
NODECORE_API nodecore_status nodecore_aead_seal(nodecore_aead *aead, const void *iv,
                                                const void *aad, size_t aad_len, void *data,
                                                size_t len, void *tag, nodecore_error **err);

/** Decrypts `len` bytes in place if `tag`, of NODECORE_AEAD_TAG bytes, is theirs and that of the `aad_len`
 *  bytes. If it is not, they are zeroed.
 *  Returns    NODECORE_OK; NODECORE_UNCODED ("Unsupported state or unable to authenticate data") for a wrong
 *             tag; NODECORE_ERR_OUT_OF_RANGE from 2^31 bytes on.
 *  Nullable   aad with aad_len 0, data with len 0, err.          Since    0.1 */
NODECORE_API nodecore_status nodecore_aead_open(nodecore_aead *aead, const void *iv,
                                                const void *aad, size_t aad_len, void *data,
                                                size_t len, const void *tag, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
