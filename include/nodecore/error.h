/** @file error.h Status numbers and error details.
 *
 *  A function that can fail returns a nodecore_status: NODECORE_OK (0) or a negative number of
 *  nodecore's own, the same on every system and never reused. Where there is more to say it also takes
 *  a nullable `nodecore_error **err` as its last parameter and, on failure only, gives the caller an
 *  error object that carries what Node puts on its Error objects. */
#ifndef NODECORE_ERROR_H
#define NODECORE_ERROR_H

#include <stddef.h>
#include <stdint.h>

#include "chunk.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 0, or a negative number out of NODECORE_ERROR_MAP. */
typedef int32_t nodecore_status;

#define NODECORE_OK 0

/** Every status: X(NAME, number, "Node's err.code", "text"). `{}` in a text stands for an argument.
 *  The constants are NODECORE_<NAME>. */
#define NODECORE_ERROR_MAP(X) \
  X(E2BIG, -1, "E2BIG", "argument list too long")                                                   \
  X(EACCES, -2, "EACCES", "permission denied")                                                      \
  X(EADDRINUSE, -3, "EADDRINUSE", "address already in use")                                         \
  X(EADDRNOTAVAIL, -4, "EADDRNOTAVAIL", "address not available")                                    \
  X(EAFNOSUPPORT, -5, "EAFNOSUPPORT", "address family not supported")                               \
  X(EAGAIN, -6, "EAGAIN", "resource temporarily unavailable")                                       \
  X(EAI_ADDRFAMILY, -7, "EAI_ADDRFAMILY", "address family not supported")                           \
  X(EAI_AGAIN, -8, "EAI_AGAIN", "temporary failure")                                                \
  X(EAI_BADFLAGS, -9, "EAI_BADFLAGS", "bad ai_flags value")                                         \
  X(EAI_BADHINTS, -10, "EAI_BADHINTS", "invalid value for hints")                                   \
  X(EAI_CANCELED, -11, "EAI_CANCELED", "request canceled")                                          \
  X(EAI_FAIL, -12, "EAI_FAIL", "permanent failure")                                                 \
  X(EAI_FAMILY, -13, "EAI_FAMILY", "ai_family not supported")                                       \
  X(EAI_MEMORY, -14, "EAI_MEMORY", "out of memory")                                                 \
  X(EAI_NODATA, -15, "EAI_NODATA", "no address")                                                    \
  X(EAI_NONAME, -16, "EAI_NONAME", "unknown node or service")                                       \
  X(EAI_OVERFLOW, -17, "EAI_OVERFLOW", "argument buffer overflow")                                  \
  X(EAI_PROTOCOL, -18, "EAI_PROTOCOL", "resolved protocol is unknown")                              \
  X(EAI_SERVICE, -19, "EAI_SERVICE", "service not available for socket type")                       \
  X(EAI_SOCKTYPE, -20, "EAI_SOCKTYPE", "socket type not supported")                                 \
  X(EALREADY, -21, "EALREADY", "connection already in progress")                                    \
  X(EBADF, -22, "EBADF", "bad file descriptor")                                                     \
  X(EBUSY, -23, "EBUSY", "resource busy or locked")                                                 \
  X(ECANCELED, -24, "ECANCELED", "operation canceled")                                              \
  X(ECHARSET, -25, "ECHARSET", "invalid Unicode character")                                         \
  X(ECONNABORTED, -26, "ECONNABORTED", "software caused connection abort")                          \
  X(ECONNREFUSED, -27, "ECONNREFUSED", "connection refused")                                        \
  X(ECONNRESET, -28, "ECONNRESET", "connection reset by peer")                                      \
  X(EDESTADDRREQ, -29, "EDESTADDRREQ", "destination address required")                              \
  X(EEXIST, -30, "EEXIST", "file already exists")                                                   \
  X(EFAULT, -31, "EFAULT", "bad address in system call argument")                                   \
  X(EFBIG, -32, "EFBIG", "file too large")                                                          \
  X(EHOSTUNREACH, -33, "EHOSTUNREACH", "host is unreachable")                                       \
  X(EINTR, -34, "EINTR", "interrupted system call")                                                 \
  X(EINVAL, -35, "EINVAL", "invalid argument")                                                      \
  X(EIO, -36, "EIO", "i/o error")                                                                   \
  X(EISCONN, -37, "EISCONN", "socket is already connected")                                         \
  X(EISDIR, -38, "EISDIR", "illegal operation on a directory")                                      \
  X(ELOOP, -39, "ELOOP", "too many symbolic links encountered")                                     \
  X(EMFILE, -40, "EMFILE", "too many open files")                                                   \
  X(EMSGSIZE, -41, "EMSGSIZE", "message too long")                                                  \
  X(ENAMETOOLONG, -42, "ENAMETOOLONG", "name too long")                                             \
  X(ENETDOWN, -43, "ENETDOWN", "network is down")                                                   \
  X(ENETUNREACH, -44, "ENETUNREACH", "network is unreachable")                                      \
  X(ENFILE, -45, "ENFILE", "file table overflow")                                                   \
  X(ENOBUFS, -46, "ENOBUFS", "no buffer space available")                                           \
  X(ENODEV, -47, "ENODEV", "no such device")                                                        \
  X(ENOENT, -48, "ENOENT", "no such file or directory")                                             \
  X(ENOMEM, -49, "ENOMEM", "not enough memory")                                                     \
  X(ENONET, -50, "ENONET", "machine is not on the network")                                         \
  X(ENOPROTOOPT, -51, "ENOPROTOOPT", "protocol not available")                                      \
  X(ENOSPC, -52, "ENOSPC", "no space left on device")                                               \
  X(ENOSYS, -53, "ENOSYS", "function not implemented")                                              \
  X(ENOTCONN, -54, "ENOTCONN", "socket is not connected")                                           \
  X(ENOTDIR, -55, "ENOTDIR", "not a directory")                                                     \
  X(ENOTEMPTY, -56, "ENOTEMPTY", "directory not empty")                                             \
  X(ENOTSOCK, -57, "ENOTSOCK", "socket operation on non-socket")                                    \
  X(ENOTSUP, -58, "ENOTSUP", "operation not supported on socket")                                   \
  X(EOVERFLOW, -59, "EOVERFLOW", "value too large for defined data type")                           \
  X(EPERM, -60, "EPERM", "operation not permitted")                                                 \
  X(EPIPE, -61, "EPIPE", "broken pipe")                                                             \
  X(EPROTO, -62, "EPROTO", "protocol error")                                                        \
  X(EPROTONOSUPPORT, -63, "EPROTONOSUPPORT", "protocol not supported")                              \
  X(EPROTOTYPE, -64, "EPROTOTYPE", "protocol wrong type for socket")                                \
  X(ERANGE, -65, "ERANGE", "result too large")                                                      \
  X(EROFS, -66, "EROFS", "read-only file system")                                                   \
  X(ESHUTDOWN, -67, "ESHUTDOWN", "cannot send after transport endpoint shutdown")                   \
  X(ESPIPE, -68, "ESPIPE", "invalid seek")                                                          \
  X(ESRCH, -69, "ESRCH", "no such process")                                                         \
  X(ETIMEDOUT, -70, "ETIMEDOUT", "connection timed out")                                            \
  X(ETXTBSY, -71, "ETXTBSY", "text file is busy")                                                   \
  X(EXDEV, -72, "EXDEV", "cross-device link not permitted")                                         \
  X(EOF, -73, "EOF", "end of file")                                                                 \
  X(ENXIO, -74, "ENXIO", "no such device or address")                                               \
  X(EMLINK, -75, "EMLINK", "too many links")                                                        \
  X(EHOSTDOWN, -76, "EHOSTDOWN", "host is down")                                                    \
  X(EREMOTEIO, -77, "EREMOTEIO", "remote I/O error")                                                \
  X(ENOTTY, -78, "ENOTTY", "inappropriate ioctl for device")                                        \
  X(EFTYPE, -79, "EFTYPE", "inappropriate file type or format")                                     \
  X(EILSEQ, -80, "EILSEQ", "illegal byte sequence")                                                 \
  X(ESOCKTNOSUPPORT, -81, "ESOCKTNOSUPPORT", "socket type not supported")                           \
  X(ENODATA, -82, "ENODATA", "no data available")                                                   \
  X(EUNATCH, -83, "EUNATCH", "protocol driver not attached")                                        \
  X(ENOEXEC, -84, "ENOEXEC", "exec format error")                                                   \
  X(UNKNOWN, -85, "UNKNOWN", "unknown error")                                                       \
  X(ERR_AMBIGUOUS_ARGUMENT, -1001, "ERR_AMBIGUOUS_ARGUMENT", "The \"{}\" argument is ambiguous. {}") \
  X(ERR_BUFFER_OUT_OF_BOUNDS, -1002, "ERR_BUFFER_OUT_OF_BOUNDS", "Attempt to access memory outside buffer bounds") \
  X(ERR_BUFFER_TOO_LARGE, -1003, "ERR_BUFFER_TOO_LARGE", "Cannot create a Buffer larger than {} bytes") \
  X(ERR_CRYPTO_HASH_FINALIZED, -1004, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called")         \
  X(ERR_CRYPTO_HASH_UPDATE_FAILED, -1005, "ERR_CRYPTO_HASH_UPDATE_FAILED", "Hash update failed")    \
  X(ERR_CRYPTO_INVALID_DIGEST, -1006, "ERR_CRYPTO_INVALID_DIGEST", "Invalid digest: {}")            \
  X(ERR_DIR_CLOSED, -1007, "ERR_DIR_CLOSED", "Directory handle was closed")                         \
  X(ERR_DIR_CONCURRENT_OPERATION, -1008, "ERR_DIR_CONCURRENT_OPERATION", "Cannot do synchronous work on directory handle with concurrent asynchronous operations") \
  X(ERR_ENCODING_INVALID_ENCODED_DATA, -1009, "ERR_ENCODING_INVALID_ENCODED_DATA", "The encoded data was not valid for encoding {}") \
  X(ERR_ENCODING_NOT_SUPPORTED, -1010, "ERR_ENCODING_NOT_SUPPORTED", "The \"{}\" encoding is not supported") \
  X(ERR_EVENT_RECURSION, -1011, "ERR_EVENT_RECURSION", "The event \"{}\" is already being dispatched") \
  X(ERR_FEATURE_UNAVAILABLE_ON_PLATFORM, -1012, "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", "The feature {} is unavailable on the current platform, which is being used to run Node.js") \
  X(ERR_FS_CP_DIR_TO_NON_DIR, -1013, "ERR_FS_CP_DIR_TO_NON_DIR", "Cannot overwrite non-directory with directory") \
  X(ERR_FS_CP_EEXIST, -1014, "ERR_FS_CP_EEXIST", "Target already exists")                           \
  X(ERR_FS_CP_EINVAL, -1015, "ERR_FS_CP_EINVAL", "Invalid src or dest")                             \
  X(ERR_FS_CP_NON_DIR_TO_DIR, -1016, "ERR_FS_CP_NON_DIR_TO_DIR", "Cannot overwrite directory with non-directory") \
  X(ERR_FS_EISDIR, -1017, "ERR_FS_EISDIR", "Path is a directory")                                   \
  X(ERR_FS_FILE_TOO_LARGE, -1018, "ERR_FS_FILE_TOO_LARGE", "File size ({}) is greater than 2 GiB")  \
  X(ERR_ILLEGAL_CONSTRUCTOR, -1019, "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor")               \
  X(ERR_INVALID_ARG_TYPE, -1020, "ERR_INVALID_ARG_TYPE", "The \"{}\" argument must be {}. Received {}") \
  X(ERR_INVALID_ARG_VALUE, -1021, "ERR_INVALID_ARG_VALUE", "The argument '{}' {}. Received {}")     \
  X(ERR_INVALID_FILE_URL_HOST, -1022, "ERR_INVALID_FILE_URL_HOST", "File URL host must be \"localhost\" or empty on {}") \
  X(ERR_INVALID_FILE_URL_PATH, -1023, "ERR_INVALID_FILE_URL_PATH", "File URL path {}")              \
  X(ERR_INVALID_RETURN_VALUE, -1024, "ERR_INVALID_RETURN_VALUE", "Expected {} to be returned from the \"{}\" function but got {}.") \
  X(ERR_INVALID_STATE, -1025, "ERR_INVALID_STATE", "Invalid state: {}")                             \
  X(ERR_INVALID_THIS, -1026, "ERR_INVALID_THIS", "Value of \"this\" must be of type {}")            \
  X(ERR_INVALID_TUPLE, -1027, "ERR_INVALID_TUPLE", "{} must be an iterable {} tuple")               \
  X(ERR_INVALID_URI, -1028, "ERR_INVALID_URI", "URI malformed")                                     \
  X(ERR_INVALID_URL, -1029, "ERR_INVALID_URL", "Invalid URL")                                       \
  X(ERR_INVALID_URL_PATTERN, -1030, "ERR_INVALID_URL_PATTERN", "Failed to construct URLPattern")    \
  X(ERR_INVALID_URL_SCHEME, -1031, "ERR_INVALID_URL_SCHEME", "The URL must be of scheme {}")        \
  X(ERR_METHOD_NOT_IMPLEMENTED, -1032, "ERR_METHOD_NOT_IMPLEMENTED", "The {} method is not implemented") \
  X(ERR_MISSING_ARGS, -1033, "ERR_MISSING_ARGS", "The {} must be specified")                        \
  X(ERR_MULTIPLE_CALLBACK, -1034, "ERR_MULTIPLE_CALLBACK", "Callback called multiple times")        \
  X(ERR_OPERATION_FAILED, -1035, "ERR_OPERATION_FAILED", "Operation failed: {}")                    \
  X(ERR_OUT_OF_RANGE, -1036, "ERR_OUT_OF_RANGE", "The value of \"{}\" is out of range. It must be {}. Received {}") \
  X(ERR_STREAM_ALREADY_FINISHED, -1037, "ERR_STREAM_ALREADY_FINISHED", "Cannot call {} after a stream was finished") \
  X(ERR_STREAM_CANNOT_PIPE, -1038, "ERR_STREAM_CANNOT_PIPE", "Cannot pipe, not readable")           \
  X(ERR_STREAM_DESTROYED, -1039, "ERR_STREAM_DESTROYED", "Cannot call {} after a stream was destroyed") \
  X(ERR_STREAM_NULL_VALUES, -1040, "ERR_STREAM_NULL_VALUES", "May not write null values to stream") \
  X(ERR_STREAM_PREMATURE_CLOSE, -1041, "ERR_STREAM_PREMATURE_CLOSE", "Premature close")             \
  X(ERR_STREAM_PUSH_AFTER_EOF, -1042, "ERR_STREAM_PUSH_AFTER_EOF", "stream.push() after EOF")       \
  X(ERR_STREAM_UNABLE_TO_PIPE, -1043, "ERR_STREAM_UNABLE_TO_PIPE", "Cannot pipe to a closed or destroyed stream") \
  X(ERR_STREAM_UNSHIFT_AFTER_END_EVENT, -1044, "ERR_STREAM_UNSHIFT_AFTER_END_EVENT", "stream.unshift() after end event") \
  X(ERR_STREAM_WRAP, -1045, "ERR_STREAM_WRAP", "Stream has StringDecoder set or is in objectMode")  \
  X(ERR_STREAM_WRITE_AFTER_END, -1046, "ERR_STREAM_WRITE_AFTER_END", "write after end")             \
  X(ERR_UNHANDLED_ERROR, -1047, "ERR_UNHANDLED_ERROR", "Unhandled error. ({})")                     \
  X(ERR_UNKNOWN_ENCODING, -1048, "ERR_UNKNOWN_ENCODING", "Unknown encoding: {}")                    \
  X(ERR_USE_AFTER_CLOSE, -1049, "ERR_USE_AFTER_CLOSE", "{} was closed")                             \
  X(ERR_ZLIB_INITIALIZATION_FAILED, -1050, "ERR_ZLIB_INITIALIZATION_FAILED", "Initialization failed") \
  X(ABORT_ERR, -1051, "ABORT_ERR", "The operation was aborted")                                     \
  X(ERR_PANIC, -1052, "ERR_PANIC", "A panic was caught at the library's boundary: {}")              \
  X(U_ILLEGAL_ARGUMENT_ERROR, -1053, "U_ILLEGAL_ARGUMENT_ERROR", "Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]") \
  X(U_INVALID_CHAR_FOUND, -1054, "U_INVALID_CHAR_FOUND", "Unable to transcode Buffer [U_INVALID_CHAR_FOUND]") \
  X(ERR_TRAILING_JUNK_AFTER_STREAM_END, -1055, "ERR_TRAILING_JUNK_AFTER_STREAM_END", "Trailing junk found after the end of the compressed stream") \
  X(ERR_MEMORY_ALLOCATION_FAILED, -1056, "ERR_MEMORY_ALLOCATION_FAILED", "Failed to allocate memory") \
  X(ERR_FS_CP_FIFO_PIPE, -1057, "ERR_FS_CP_FIFO_PIPE", "Cannot copy a FIFO pipe")                    \
  X(ERR_FS_CP_SOCKET, -1058, "ERR_FS_CP_SOCKET", "Cannot copy a socket file")                        \
  X(ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY, -1059, "ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY", "Cannot overwrite symlink in subdirectory of self") \
  X(ERR_FS_CP_UNKNOWN, -1060, "ERR_FS_CP_UNKNOWN", "Cannot copy an unknown file type")               \
  X(ERR_INCOMPATIBLE_OPTION_PAIR, -1061, "ERR_INCOMPATIBLE_OPTION_PAIR", "Option \"{}\" cannot be used in combination with option \"{}\"") \
  X(ERR_FS_WATCH_QUEUE_OVERFLOW, -1062, "ERR_FS_WATCH_QUEUE_OVERFLOW", "fs.watch() queued more than {} events") \
  X(ERR_BROTLI_INVALID_PARAM, -1063, "ERR_BROTLI_INVALID_PARAM", "{} is not a valid Brotli parameter") \
  X(ERR_ZSTD_INVALID_PARAM, -1064, "ERR_ZSTD_INVALID_PARAM", "{} is not a valid zstd parameter")    \
  X(ERR_OSSL, -1100, "ERR_OSSL", "{}")                                                              \
  X(ERR_CRYPTO_ARGON2_NOT_SUPPORTED, -1101, "ERR_CRYPTO_ARGON2_NOT_SUPPORTED", "Argon2 algorithm not supported")\
  X(ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED, -1102, "ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED", "Custom engines not supported by this OpenSSL")\
  X(ERR_CRYPTO_ECDH_INVALID_FORMAT, -1103, "ERR_CRYPTO_ECDH_INVALID_FORMAT", "Invalid ECDH format: {}")\
  X(ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY, -1104, "ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY", "Public key is not valid for specified curve")\
  X(ERR_CRYPTO_ENGINE_UNKNOWN, -1105, "ERR_CRYPTO_ENGINE_UNKNOWN", "Engine \"{}\" was not found")   \
  X(ERR_CRYPTO_FIPS_FORCED, -1106, "ERR_CRYPTO_FIPS_FORCED", "Cannot set FIPS mode, it was forced with --force-fips at startup.")\
  X(ERR_CRYPTO_FIPS_UNAVAILABLE, -1107, "ERR_CRYPTO_FIPS_UNAVAILABLE", "Cannot set FIPS mode in a non-FIPS build.")\
  X(ERR_CRYPTO_INCOMPATIBLE_KEY, -1108, "ERR_CRYPTO_INCOMPATIBLE_KEY", "Incompatible {}: {}")       \
  X(ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS, -1109, "ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS", "The selected key encoding {} {}.")\
  X(ERR_CRYPTO_INVALID_AUTH_TAG, -1110, "ERR_CRYPTO_INVALID_AUTH_TAG", "{}")                        \
  X(ERR_CRYPTO_INVALID_COUNTER, -1111, "ERR_CRYPTO_INVALID_COUNTER", "{}")                          \
  X(ERR_CRYPTO_INVALID_CURVE, -1112, "ERR_CRYPTO_INVALID_CURVE", "{}")                              \
  X(ERR_CRYPTO_INVALID_IV, -1113, "ERR_CRYPTO_INVALID_IV", "{}")                                    \
  X(ERR_CRYPTO_INVALID_JWK, -1114, "ERR_CRYPTO_INVALID_JWK", "{}")                                  \
  X(ERR_CRYPTO_INVALID_KEYLEN, -1115, "ERR_CRYPTO_INVALID_KEYLEN", "{}")                            \
  X(ERR_CRYPTO_INVALID_KEYPAIR, -1116, "ERR_CRYPTO_INVALID_KEYPAIR", "{}")                          \
  X(ERR_CRYPTO_INVALID_KEYTYPE, -1117, "ERR_CRYPTO_INVALID_KEYTYPE", "{}")                          \
  X(ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE, -1118, "ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE", "Invalid key object type {}, expected {}.")\
  X(ERR_CRYPTO_INVALID_MAC, -1119, "ERR_CRYPTO_INVALID_MAC", "Invalid MAC: {}")                     \
  X(ERR_CRYPTO_INVALID_MESSAGELEN, -1120, "ERR_CRYPTO_INVALID_MESSAGELEN", "{}")                    \
  X(ERR_CRYPTO_INVALID_SCRYPT_PARAMS, -1121, "ERR_CRYPTO_INVALID_SCRYPT_PARAMS", "{}")              \
  X(ERR_CRYPTO_INVALID_STATE, -1122, "ERR_CRYPTO_INVALID_STATE", "Invalid state for operation {}")  \
  X(ERR_CRYPTO_INVALID_TAG_LENGTH, -1123, "ERR_CRYPTO_INVALID_TAG_LENGTH", "{}")                    \
  X(ERR_CRYPTO_JWK_UNSUPPORTED_CURVE, -1124, "ERR_CRYPTO_JWK_UNSUPPORTED_CURVE", "{}")              \
  X(ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE, -1125, "ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE", "{}")        \
  X(ERR_CRYPTO_KEM_NOT_SUPPORTED, -1126, "ERR_CRYPTO_KEM_NOT_SUPPORTED", "KEM is not supported")    \
  X(ERR_CRYPTO_MAC_FINALIZED, -1127, "ERR_CRYPTO_MAC_FINALIZED", "MAC already finalized")           \
  X(ERR_CRYPTO_MAC_NOT_SUPPORTED, -1128, "ERR_CRYPTO_MAC_NOT_SUPPORTED", "MAC is not supported")    \
  X(ERR_CRYPTO_MAC_UPDATE_FAILED, -1129, "ERR_CRYPTO_MAC_UPDATE_FAILED", "MAC update failed")       \
  X(ERR_CRYPTO_OPERATION_FAILED, -1130, "ERR_CRYPTO_OPERATION_FAILED", "{}")                        \
  X(ERR_CRYPTO_PBKDF2_ERROR, -1131, "ERR_CRYPTO_PBKDF2_ERROR", "PBKDF2 error")                      \
  X(ERR_CRYPTO_SCRYPT_NOT_SUPPORTED, -1132, "ERR_CRYPTO_SCRYPT_NOT_SUPPORTED", "Scrypt algorithm not supported")\
  X(ERR_CRYPTO_SIGN_KEY_REQUIRED, -1133, "ERR_CRYPTO_SIGN_KEY_REQUIRED", "No key provided to sign") \
  X(ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH, -1134, "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH", "Input buffers must have the same byte length")\
  X(ERR_CRYPTO_UNKNOWN_CIPHER, -1135, "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher")                \
  X(ERR_CRYPTO_UNKNOWN_DH_GROUP, -1136, "ERR_CRYPTO_UNKNOWN_DH_GROUP", "Unknown DH group")          \
  X(ERR_CRYPTO_UNSUPPORTED_OPERATION, -1137, "ERR_CRYPTO_UNSUPPORTED_OPERATION", "{}")              \
  X(ERR_MISSING_OPTION, -1138, "ERR_MISSING_OPTION", "{} is required")                              \
  X(ERR_MISSING_PASSPHRASE, -1170, "ERR_MISSING_PASSPHRASE", "Passphrase required for encrypted key")\
  X(NOT_SUPPORTED_ERROR, -1200, "NotSupportedError", "{}")                                          \
  X(SYNTAX_ERROR, -1201, "SyntaxError", "{}")                                                       \
  X(INVALID_ACCESS_ERROR, -1202, "InvalidAccessError", "{}")                                        \
  X(DATA_ERROR, -1203, "DataError", "{}")                                                           \
  X(OPERATION_ERROR, -1204, "OperationError", "The operation failed for an operation-specific reason")\
  X(ERR_ZIP_ARCHIVE_TOO_LARGE, -1065, "ERR_ZIP_ARCHIVE_TOO_LARGE", "ZIP archive structure exceeds the allowed size: {}")\
  X(ERR_ZIP_ENTRY_CORRUPT, -1066, "ERR_ZIP_ENTRY_CORRUPT", "ZIP entry is corrupt: {}")              \
  X(ERR_ZIP_ENTRY_NOT_FOUND, -1067, "ERR_ZIP_ENTRY_NOT_FOUND", "no such entry {} in the archive")   \
  X(ERR_ZIP_ENTRY_TOO_LARGE, -1068, "ERR_ZIP_ENTRY_TOO_LARGE", "ZIP entry exceeds the allowed size: {}")\
  X(ERR_ZIP_INVALID_ARCHIVE, -1069, "ERR_ZIP_INVALID_ARCHIVE", "invalid ZIP archive: {}")           \
  X(ERR_ZIP_NOT_WRITABLE, -1070, "ERR_ZIP_NOT_WRITABLE", "this archive was not opened for writing") \
  X(ERR_ZIP_UNSUPPORTED_FEATURE, -1071, "ERR_ZIP_UNSUPPORTED_FEATURE", "unsupported ZIP feature: {}")\
  X(Z_STREAM_END, -2001, "Z_STREAM_END", "stream end")                                              \
  X(Z_NEED_DICT, -2002, "Z_NEED_DICT", "Missing dictionary")                                        \
  X(Z_ERRNO, -2003, "Z_ERRNO", "file error")                                                        \
  X(Z_STREAM_ERROR, -2004, "Z_STREAM_ERROR", "stream error")                                        \
  X(Z_DATA_ERROR, -2005, "Z_DATA_ERROR", "{}")                                                      \
  X(Z_MEM_ERROR, -2006, "Z_MEM_ERROR", "{}")                                                        \
  X(Z_BUF_ERROR, -2007, "Z_BUF_ERROR", "{}")                                                        \
  X(Z_VERSION_ERROR, -2008, "Z_VERSION_ERROR", "incompatible version")                              \
  X(ERR__ERROR_FORMAT_EXUBERANT_NIBBLE, -2009, "ERR__ERROR_FORMAT_EXUBERANT_NIBBLE", "Decompression failed") \
  X(ERR__ERROR_FORMAT_RESERVED, -2010, "ERR__ERROR_FORMAT_RESERVED", "Decompression failed")        \
  X(ERR__ERROR_FORMAT_EXUBERANT_META_NIBBLE, -2011, "ERR__ERROR_FORMAT_EXUBERANT_META_NIBBLE", "Decompression failed") \
  X(ERR__ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET, -2012, "ERR__ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET", "Decompression failed") \
  X(ERR__ERROR_FORMAT_SIMPLE_HUFFMAN_SAME, -2013, "ERR__ERROR_FORMAT_SIMPLE_HUFFMAN_SAME", "Decompression failed") \
  X(ERR__ERROR_FORMAT_CL_SPACE, -2014, "ERR__ERROR_FORMAT_CL_SPACE", "Decompression failed")        \
  X(ERR__ERROR_FORMAT_HUFFMAN_SPACE, -2015, "ERR__ERROR_FORMAT_HUFFMAN_SPACE", "Decompression failed") \
  X(ERR__ERROR_FORMAT_CONTEXT_MAP_REPEAT, -2016, "ERR__ERROR_FORMAT_CONTEXT_MAP_REPEAT", "Decompression failed") \
  X(ERR__ERROR_FORMAT_BLOCK_LENGTH_1, -2017, "ERR__ERROR_FORMAT_BLOCK_LENGTH_1", "Decompression failed") \
  X(ERR__ERROR_FORMAT_BLOCK_LENGTH_2, -2018, "ERR__ERROR_FORMAT_BLOCK_LENGTH_2", "Decompression failed") \
  X(ERR__ERROR_FORMAT_TRANSFORM, -2019, "ERR__ERROR_FORMAT_TRANSFORM", "Decompression failed")      \
  X(ERR__ERROR_FORMAT_DICTIONARY, -2020, "ERR__ERROR_FORMAT_DICTIONARY", "Decompression failed")    \
  X(ERR__ERROR_FORMAT_WINDOW_BITS, -2021, "ERR__ERROR_FORMAT_WINDOW_BITS", "Decompression failed")  \
  X(ERR__ERROR_FORMAT_PADDING_1, -2022, "ERR__ERROR_FORMAT_PADDING_1", "Decompression failed")      \
  X(ERR__ERROR_FORMAT_PADDING_2, -2023, "ERR__ERROR_FORMAT_PADDING_2", "Decompression failed")      \
  X(ERR__ERROR_FORMAT_DISTANCE, -2024, "ERR__ERROR_FORMAT_DISTANCE", "Decompression failed")        \
  X(ERR__ERROR_FORMAT_BLOCK_SWITCH, -2025, "ERR__ERROR_FORMAT_BLOCK_SWITCH", "Decompression failed") \
  X(ERR__ERROR_COMPOUND_DICTIONARY, -2026, "ERR__ERROR_COMPOUND_DICTIONARY", "Decompression failed") \
  X(ERR__ERROR_DICTIONARY_NOT_SET, -2027, "ERR__ERROR_DICTIONARY_NOT_SET", "Decompression failed")  \
  X(ERR__ERROR_INVALID_ARGUMENTS, -2028, "ERR__ERROR_INVALID_ARGUMENTS", "Decompression failed")    \
  X(ERR__ERROR_ALLOC_CONTEXT_MODES, -2029, "ERR__ERROR_ALLOC_CONTEXT_MODES", "Decompression failed") \
  X(ERR__ERROR_ALLOC_TREE_GROUPS, -2030, "ERR__ERROR_ALLOC_TREE_GROUPS", "Decompression failed")    \
  X(ERR__ERROR_ALLOC_CONTEXT_MAP, -2031, "ERR__ERROR_ALLOC_CONTEXT_MAP", "Decompression failed")    \
  X(ERR__ERROR_ALLOC_RING_BUFFER_1, -2032, "ERR__ERROR_ALLOC_RING_BUFFER_1", "Decompression failed") \
  X(ERR__ERROR_ALLOC_RING_BUFFER_2, -2033, "ERR__ERROR_ALLOC_RING_BUFFER_2", "Decompression failed") \
  X(ERR__ERROR_ALLOC_BLOCK_TYPE_TREES, -2034, "ERR__ERROR_ALLOC_BLOCK_TYPE_TREES", "Decompression failed") \
  X(ERR__ERROR_UNREACHABLE, -2035, "ERR__ERROR_UNREACHABLE", "Decompression failed")                \
  X(ERR_BROTLI_COMPRESSION_FAILED, -2036, "ERR_BROTLI_COMPRESSION_FAILED", "Compression failed")    \
  X(ZSTD_error_GENERIC, -2037, "ZSTD_error_GENERIC", "Error (generic)")                             \
  X(ZSTD_error_prefix_unknown, -2038, "ZSTD_error_prefix_unknown", "Unknown frame descriptor")      \
  X(ZSTD_error_version_unsupported, -2039, "ZSTD_error_version_unsupported", "Version not supported") \
  X(ZSTD_error_frameParameter_unsupported, -2040, "ZSTD_error_frameParameter_unsupported", "Unsupported frame parameter") \
  X(ZSTD_error_frameParameter_windowTooLarge, -2041, "ZSTD_error_frameParameter_windowTooLarge", "Frame requires too much memory for decoding") \
  X(ZSTD_error_corruption_detected, -2042, "ZSTD_error_corruption_detected", "Data corruption detected") \
  X(ZSTD_error_checksum_wrong, -2043, "ZSTD_error_checksum_wrong", "Restored data doesn't match checksum") \
  X(ZSTD_error_literals_headerWrong, -2044, "ZSTD_error_literals_headerWrong", "Header of Literals' block doesn't respect format specification") \
  X(ZSTD_error_dictionary_corrupted, -2045, "ZSTD_error_dictionary_corrupted", "Dictionary is corrupted") \
  X(ZSTD_error_dictionary_wrong, -2046, "ZSTD_error_dictionary_wrong", "Dictionary mismatch")       \
  X(ZSTD_error_dictionaryCreation_failed, -2047, "ZSTD_error_dictionaryCreation_failed", "Cannot create Dictionary from provided samples") \
  X(ZSTD_error_parameter_unsupported, -2048, "ZSTD_error_parameter_unsupported", "Unsupported parameter") \
  X(ZSTD_error_parameter_combination_unsupported, -2049, "ZSTD_error_parameter_combination_unsupported", "Unsupported combination of parameters") \
  X(ZSTD_error_parameter_outOfBound, -2050, "ZSTD_error_parameter_outOfBound", "Parameter is out of bound") \
  X(ZSTD_error_tableLog_tooLarge, -2051, "ZSTD_error_tableLog_tooLarge", "tableLog requires too much memory : unsupported") \
  X(ZSTD_error_maxSymbolValue_tooLarge, -2052, "ZSTD_error_maxSymbolValue_tooLarge", "Unsupported max Symbol Value : too large") \
  X(ZSTD_error_maxSymbolValue_tooSmall, -2053, "ZSTD_error_maxSymbolValue_tooSmall", "Specified maxSymbolValue is too small") \
  X(ZSTD_error_stabilityCondition_notRespected, -2054, "ZSTD_error_stabilityCondition_notRespected", "pledged buffer stability condition is not respected") \
  X(ZSTD_error_stage_wrong, -2055, "ZSTD_error_stage_wrong", "Operation not authorized at current processing stage") \
  X(ZSTD_error_init_missing, -2056, "ZSTD_error_init_missing", "Context should be init first")      \
  X(ZSTD_error_memory_allocation, -2057, "ZSTD_error_memory_allocation", "Allocation error : not enough memory") \
  X(ZSTD_error_workSpace_tooSmall, -2058, "ZSTD_error_workSpace_tooSmall", "workSpace buffer is not large enough") \
  X(ZSTD_error_dstSize_tooSmall, -2059, "ZSTD_error_dstSize_tooSmall", "Destination buffer is too small") \
  X(ZSTD_error_srcSize_wrong, -2060, "ZSTD_error_srcSize_wrong", "Src size is incorrect")           \
  X(ZSTD_error_dstBuffer_null, -2061, "ZSTD_error_dstBuffer_null", "Operation on NULL destination buffer") \
  X(ZSTD_error_noForwardProgress_destFull, -2062, "ZSTD_error_noForwardProgress_destFull", "Operation made no progress over multiple calls, due to output buffer being full") \
  X(ZSTD_error_noForwardProgress_inputEmpty, -2063, "ZSTD_error_noForwardProgress_inputEmpty", "Operation made no progress over multiple calls, due to input being empty") \
  X(UNCODED, -3001, "", "{}")                                                                      

/** The constants: NODECORE_ENOENT, NODECORE_ERR_INVALID_ARG_VALUE, NODECORE_Z_DATA_ERROR … */
enum {
#define NODECORE_ERROR_CONSTANT(name, number, code, text) NODECORE_##name = number,
  NODECORE_ERROR_MAP(NODECORE_ERROR_CONSTANT)
#undef NODECORE_ERROR_CONSTANT
  NODECORE_ERROR_LAST_ = -0x7fffffff
};

/** What failed, in full.
 *  Ownership  given by functions through their `err` parameter; freed by nodecore_error_free(). In a
 *             callback an error is borrowed for the call; nodecore_error_copy() keeps it.
 *  Threads    immutable: a const pointer may be shared between threads. */
typedef struct nodecore_error nodecore_error;

/** Frees an error; NULL is allowed.
 *  Since      0.1 */
NODECORE_API void nodecore_error_free(nodecore_error *err);

/** Returns a copy that the caller frees; NULL for NULL.
 *  Since      0.1 */
NODECORE_API nodecore_error *nodecore_error_copy(const nodecore_error *err);

/** Creates an error, for a hook of the caller's (a stream's read, write …) that fails.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE if `status` is not in NODECORE_ERROR_MAP;
 *             NODECORE_ERR_INVALID_ARG_VALUE if `message` is not UTF-8.
 *  Ownership  caller frees `*out`. `message` is copied.
 *  Nullable   message (then the map's text).
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_error_new(nodecore_status status, const char *message,
                                                size_t message_len, nodecore_error **out);

/** Returns the status number, never NODECORE_OK.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_error_status(const nodecore_error *err);

/** Returns the system's own number as libuv has it (negative; -2 for ENOENT on Linux), zlib's for a
 *  codec's error, or 0.
 *  Node       err.errno        Since    0.1 */
NODECORE_API int32_t nodecore_error_errno(const nodecore_error *err);

/** The parts of an error, each borrowed until the error is freed; `{NULL, 0}` where there is none.
 *  `path`, `dest`, `input` and `base` are bytes as they were given; the others are UTF-8.
 *  Node       err.name, err.code, err.message, err.syscall, err.path, err.dest, err.input, err.base
 *  Since      0.1 */
NODECORE_API nodecore_str nodecore_error_name(const nodecore_error *err);
NODECORE_API nodecore_str nodecore_error_code(const nodecore_error *err);
NODECORE_API nodecore_str nodecore_error_message(const nodecore_error *err);
NODECORE_API nodecore_str nodecore_error_syscall(const nodecore_error *err);
NODECORE_API nodecore_str nodecore_error_path(const nodecore_error *err);
NODECORE_API nodecore_str nodecore_error_dest(const nodecore_error *err);
NODECORE_API nodecore_str nodecore_error_input(const nodecore_error *err);
NODECORE_API nodecore_str nodecore_error_base(const nodecore_error *err);

/** What OpenSSL said, where the status is NODECORE_ERR_OSSL or another of crypto's; as the parts above. The status is
 *  one for all reasons; nodecore_error_code() has what Node makes of the reason, such as "ERR_OSSL_BAD_DECRYPT".
 *  `_openssl_stack` gives the errors that OpenSSL left, newest first, and `{NULL, 0}` from the end of them on.
 *  Node       err.library, err.reason, err.opensslErrorStack[index]
 *  Since      0.1 */
NODECORE_API nodecore_str nodecore_error_library(const nodecore_error *err);
NODECORE_API nodecore_str nodecore_error_reason(const nodecore_error *err);
NODECORE_API nodecore_str nodecore_error_openssl_stack(const nodecore_error *err, size_t index);

/** Returns the error behind this one, borrowed from it, or NULL.
 *  Node       err.cause        Since    0.1 */
NODECORE_API const nodecore_error *nodecore_error_cause(const nodecore_error *err);

/** Attaches an object of the caller's to an error of its own, before it is given to the library: the exception of a host
 *  language, say, which comes back by identity wherever the error does (destroy, callbacks, events). One that was
 *  attached before is released.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE for a NULL error or object.
 *  Ownership  the object is retained once for the error and all its copies, and released with the last of them, on the
 *             thread that frees it.
 *  Nullable   type.            Since    0.1 */
NODECORE_API nodecore_status nodecore_error_set_object(nodecore_error *err, void *object,
                                                       const nodecore_object_type *type);

/** Returns the object that was attached with this same `type`; NULL if there is none.
 *  Ownership  borrowed from the error; no reference is taken.
 *  Nullable   err, type.       Since    0.1 */
NODECORE_API void *nodecore_error_object(const nodecore_error *err, const nodecore_object_type *type);

/** Returns Node's code of a status, such as "ENOENT"; static; "" where Node has none, NULL for a number
 *  that is no status.
 *  Since      0.1 */
NODECORE_API const char *nodecore_status_name(nodecore_status status);

#ifdef __cplusplus
}
#endif

#endif
