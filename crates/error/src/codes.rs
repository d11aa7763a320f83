//! The one table of error codes: stable number, name, class and text.
//!
//! System codes and their texts are libuv's (`UV_ERRNO_MAP`, libuv's uv.h); the rest are Node's
//! (<https://nodejs.org/api/errors.html#nodejs-error-codes>). The numbers are nodecore's own: they
//! are part of the C ABI, the same on every system, and are never reused.

use std::ffi::CStr;

use crate::Class;

macro_rules! codes {
    (
        system { $( $sys_number:literal $sys:ident $sys_text:literal ; )* }
        node { $( $number:literal $variant:ident $name:literal $class:ident $text:literal ; )* }
    ) => {
        /// Why an operation failed. [`Code::name`] is what Node shows as `err.code`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(i32)]
        #[allow(clippy::upper_case_acronyms, non_camel_case_types, reason = "errno names are written so everywhere")]
        pub enum Code {
            $( #[doc = $sys_text] $sys = $sys_number, )*
            $( #[doc = concat!("`", $text, "`")] $variant = $number, )*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Code] = &[ $( Code::$sys, )* $( Code::$variant, )* ];

            /// Node's `err.code`, such as `"ENOENT"`; empty for an error to which Node gives none.
            pub const fn name(self) -> &'static str {
                match self {
                    $( Code::$sys => stringify!($sys), )*
                    $( Code::$variant => $name, )*
                }
            }

            /// As [`Code::name`], NUL-terminated, for C.
            pub const fn c_name(self) -> &'static CStr {
                let bytes: &'static [u8] = match self {
                    $( Code::$sys => concat!(stringify!($sys), "\0").as_bytes(), )*
                    $( Code::$variant => concat!($name, "\0").as_bytes(), )*
                };
                match CStr::from_bytes_with_nul(bytes) {
                    Ok(name) => name,
                    Err(_) => c"",
                }
            }

            /// The text of the table, with `{}` where an argument goes.
            pub const fn text(self) -> &'static str {
                match self {
                    $( Code::$sys => $sys_text, )*
                    $( Code::$variant => $text, )*
                }
            }

            /// The JavaScript class Node throws.
            pub const fn class(self) -> Class {
                match self {
                    $( Code::$sys => Class::Error, )*
                    $( Code::$variant => Class::$class, )*
                }
            }

            /// The code of a status number, the reverse of [`Code::number`].
            pub const fn from_number(number: i32) -> Option<Code> {
                match number {
                    $( $sys_number => Some(Code::$sys), )*
                    $( $number => Some(Code::$variant), )*
                    _ => None,
                }
            }

            /// True for the codes that libuv reports.
            pub const fn is_system(self) -> bool {
                self.number() < 1000
            }

            /// The stable number of this code; the C ABI's status is its negative.
            pub const fn number(self) -> i32 {
                self as i32
            }
        }
    };
}

codes! {
    system {
        1 E2BIG "argument list too long";
        2 EACCES "permission denied";
        3 EADDRINUSE "address already in use";
        4 EADDRNOTAVAIL "address not available";
        5 EAFNOSUPPORT "address family not supported";
        6 EAGAIN "resource temporarily unavailable";
        7 EAI_ADDRFAMILY "address family not supported";
        8 EAI_AGAIN "temporary failure";
        9 EAI_BADFLAGS "bad ai_flags value";
        10 EAI_BADHINTS "invalid value for hints";
        11 EAI_CANCELED "request canceled";
        12 EAI_FAIL "permanent failure";
        13 EAI_FAMILY "ai_family not supported";
        14 EAI_MEMORY "out of memory";
        15 EAI_NODATA "no address";
        16 EAI_NONAME "unknown node or service";
        17 EAI_OVERFLOW "argument buffer overflow";
        18 EAI_PROTOCOL "resolved protocol is unknown";
        19 EAI_SERVICE "service not available for socket type";
        20 EAI_SOCKTYPE "socket type not supported";
        21 EALREADY "connection already in progress";
        22 EBADF "bad file descriptor";
        23 EBUSY "resource busy or locked";
        24 ECANCELED "operation canceled";
        25 ECHARSET "invalid Unicode character";
        26 ECONNABORTED "software caused connection abort";
        27 ECONNREFUSED "connection refused";
        28 ECONNRESET "connection reset by peer";
        29 EDESTADDRREQ "destination address required";
        30 EEXIST "file already exists";
        31 EFAULT "bad address in system call argument";
        32 EFBIG "file too large";
        33 EHOSTUNREACH "host is unreachable";
        34 EINTR "interrupted system call";
        35 EINVAL "invalid argument";
        36 EIO "i/o error";
        37 EISCONN "socket is already connected";
        38 EISDIR "illegal operation on a directory";
        39 ELOOP "too many symbolic links encountered";
        40 EMFILE "too many open files";
        41 EMSGSIZE "message too long";
        42 ENAMETOOLONG "name too long";
        43 ENETDOWN "network is down";
        44 ENETUNREACH "network is unreachable";
        45 ENFILE "file table overflow";
        46 ENOBUFS "no buffer space available";
        47 ENODEV "no such device";
        48 ENOENT "no such file or directory";
        49 ENOMEM "not enough memory";
        50 ENONET "machine is not on the network";
        51 ENOPROTOOPT "protocol not available";
        52 ENOSPC "no space left on device";
        53 ENOSYS "function not implemented";
        54 ENOTCONN "socket is not connected";
        55 ENOTDIR "not a directory";
        56 ENOTEMPTY "directory not empty";
        57 ENOTSOCK "socket operation on non-socket";
        58 ENOTSUP "operation not supported on socket";
        59 EOVERFLOW "value too large for defined data type";
        60 EPERM "operation not permitted";
        61 EPIPE "broken pipe";
        62 EPROTO "protocol error";
        63 EPROTONOSUPPORT "protocol not supported";
        64 EPROTOTYPE "protocol wrong type for socket";
        65 ERANGE "result too large";
        66 EROFS "read-only file system";
        67 ESHUTDOWN "cannot send after transport endpoint shutdown";
        68 ESPIPE "invalid seek";
        69 ESRCH "no such process";
        70 ETIMEDOUT "connection timed out";
        71 ETXTBSY "text file is busy";
        72 EXDEV "cross-device link not permitted";
        73 EOF "end of file";
        74 ENXIO "no such device or address";
        75 EMLINK "too many links";
        76 EHOSTDOWN "host is down";
        77 EREMOTEIO "remote I/O error";
        78 ENOTTY "inappropriate ioctl for device";
        79 EFTYPE "inappropriate file type or format";
        80 EILSEQ "illegal byte sequence";
        81 ESOCKTNOSUPPORT "socket type not supported";
        82 ENODATA "no data available";
        83 EUNATCH "protocol driver not attached";
        84 ENOEXEC "exec format error";
        85 UNKNOWN "unknown error";
    }
    node {
        1001 AmbiguousArgument "ERR_AMBIGUOUS_ARGUMENT" TypeError "The \"{}\" argument is ambiguous. {}";
        1002 BufferOutOfBounds "ERR_BUFFER_OUT_OF_BOUNDS" RangeError "Attempt to access memory outside buffer bounds";
        1003 BufferTooLarge "ERR_BUFFER_TOO_LARGE" RangeError "Cannot create a Buffer larger than {} bytes";
        1004 CryptoHashFinalized "ERR_CRYPTO_HASH_FINALIZED" Error "Digest already called";
        1005 CryptoHashUpdateFailed "ERR_CRYPTO_HASH_UPDATE_FAILED" Error "Hash update failed";
        1006 CryptoInvalidDigest "ERR_CRYPTO_INVALID_DIGEST" TypeError "Invalid digest: {}";
        1007 DirClosed "ERR_DIR_CLOSED" Error "Directory handle was closed";
        1008 DirConcurrentOperation "ERR_DIR_CONCURRENT_OPERATION" Error "Cannot do synchronous work on directory handle with concurrent asynchronous operations";
        1009 EncodingInvalidEncodedData "ERR_ENCODING_INVALID_ENCODED_DATA" TypeError "The encoded data was not valid for encoding {}";
        1010 EncodingNotSupported "ERR_ENCODING_NOT_SUPPORTED" RangeError "The \"{}\" encoding is not supported";
        1011 EventRecursion "ERR_EVENT_RECURSION" Error "The event \"{}\" is already being dispatched";
        1012 FeatureUnavailableOnPlatform "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM" TypeError "The feature {} is unavailable on the current platform, which is being used to run Node.js";
        1013 FsCpDirToNonDir "ERR_FS_CP_DIR_TO_NON_DIR" SystemError "Cannot overwrite non-directory with directory";
        1014 FsCpEexist "ERR_FS_CP_EEXIST" SystemError "Target already exists";
        1015 FsCpEinval "ERR_FS_CP_EINVAL" SystemError "Invalid src or dest";
        1016 FsCpNonDirToDir "ERR_FS_CP_NON_DIR_TO_DIR" SystemError "Cannot overwrite directory with non-directory";
        1017 FsEisdir "ERR_FS_EISDIR" SystemError "Path is a directory";
        1018 FsFileTooLarge "ERR_FS_FILE_TOO_LARGE" RangeError "File size ({}) is greater than 2 GiB";
        1019 IllegalConstructor "ERR_ILLEGAL_CONSTRUCTOR" TypeError "Illegal constructor";
        1020 InvalidArgType "ERR_INVALID_ARG_TYPE" TypeError "The \"{}\" argument must be {}. Received {}";
        1021 InvalidArgValue "ERR_INVALID_ARG_VALUE" TypeError "The argument '{}' {}. Received {}";
        1022 InvalidFileUrlHost "ERR_INVALID_FILE_URL_HOST" TypeError "File URL host must be \"localhost\" or empty on {}";
        1023 InvalidFileUrlPath "ERR_INVALID_FILE_URL_PATH" TypeError "File URL path {}";
        1024 InvalidReturnValue "ERR_INVALID_RETURN_VALUE" TypeError "Expected {} to be returned from the \"{}\" function but got {}.";
        1025 InvalidState "ERR_INVALID_STATE" Error "Invalid state: {}";
        1026 InvalidThis "ERR_INVALID_THIS" TypeError "Value of \"this\" must be of type {}";
        1027 InvalidTuple "ERR_INVALID_TUPLE" TypeError "{} must be an iterable {} tuple";
        1028 InvalidUri "ERR_INVALID_URI" URIError "URI malformed";
        1029 InvalidUrl "ERR_INVALID_URL" TypeError "Invalid URL";
        1030 InvalidUrlPattern "ERR_INVALID_URL_PATTERN" TypeError "Failed to construct URLPattern";
        1031 InvalidUrlScheme "ERR_INVALID_URL_SCHEME" TypeError "The URL must be of scheme {}";
        1032 MethodNotImplemented "ERR_METHOD_NOT_IMPLEMENTED" Error "The {} method is not implemented";
        1033 MissingArgs "ERR_MISSING_ARGS" TypeError "The {} must be specified";
        1034 MultipleCallback "ERR_MULTIPLE_CALLBACK" Error "Callback called multiple times";
        1035 OperationFailed "ERR_OPERATION_FAILED" Error "Operation failed: {}";
        1036 OutOfRange "ERR_OUT_OF_RANGE" RangeError "The value of \"{}\" is out of range. It must be {}. Received {}";
        1037 StreamAlreadyFinished "ERR_STREAM_ALREADY_FINISHED" Error "Cannot call {} after a stream was finished";
        1038 StreamCannotPipe "ERR_STREAM_CANNOT_PIPE" Error "Cannot pipe, not readable";
        1039 StreamDestroyed "ERR_STREAM_DESTROYED" Error "Cannot call {} after a stream was destroyed";
        1040 StreamNullValues "ERR_STREAM_NULL_VALUES" TypeError "May not write null values to stream";
        1041 StreamPrematureClose "ERR_STREAM_PREMATURE_CLOSE" Error "Premature close";
        1042 StreamPushAfterEof "ERR_STREAM_PUSH_AFTER_EOF" Error "stream.push() after EOF";
        1043 StreamUnableToPipe "ERR_STREAM_UNABLE_TO_PIPE" Error "Cannot pipe to a closed or destroyed stream";
        1044 StreamUnshiftAfterEndEvent "ERR_STREAM_UNSHIFT_AFTER_END_EVENT" Error "stream.unshift() after end event";
        1045 StreamWrap "ERR_STREAM_WRAP" Error "Stream has StringDecoder set or is in objectMode";
        1046 StreamWriteAfterEnd "ERR_STREAM_WRITE_AFTER_END" Error "write after end";
        1047 UnhandledError "ERR_UNHANDLED_ERROR" Error "Unhandled error. ({})";
        1048 UnknownEncoding "ERR_UNKNOWN_ENCODING" TypeError "Unknown encoding: {}";
        1049 UseAfterClose "ERR_USE_AFTER_CLOSE" Error "{} was closed";
        1050 ZlibInitializationFailed "ERR_ZLIB_INITIALIZATION_FAILED" Error "Initialization failed";
        1051 Abort "ABORT_ERR" AbortError "The operation was aborted";
        1052 Panic "ERR_PANIC" Error "A panic was caught at the library's boundary: {}";
        1053 IcuIllegalArgument "U_ILLEGAL_ARGUMENT_ERROR" Error "Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]";
        1054 IcuInvalidChar "U_INVALID_CHAR_FOUND" Error "Unable to transcode Buffer [U_INVALID_CHAR_FOUND]";
        1055 TrailingJunkAfterStreamEnd "ERR_TRAILING_JUNK_AFTER_STREAM_END" TypeError "Trailing junk found after the end of the compressed stream";
        1056 MemoryAllocationFailed "ERR_MEMORY_ALLOCATION_FAILED" RangeError "Failed to allocate memory";
        1057 FsCpFifoPipe "ERR_FS_CP_FIFO_PIPE" SystemError "Cannot copy a FIFO pipe";
        1058 FsCpSocket "ERR_FS_CP_SOCKET" SystemError "Cannot copy a socket file";
        1059 FsCpSymlinkToSubdirectory "ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY" SystemError "Cannot overwrite symlink in subdirectory of self";
        1060 FsCpUnknown "ERR_FS_CP_UNKNOWN" SystemError "Cannot copy an unknown file type";
        1061 IncompatibleOptionPair "ERR_INCOMPATIBLE_OPTION_PAIR" TypeError "Option \"{}\" cannot be used in combination with option \"{}\"";
        1062 FsWatchQueueOverflow "ERR_FS_WATCH_QUEUE_OVERFLOW" Error "fs.watch() queued more than {} events";
        1063 BrotliInvalidParam "ERR_BROTLI_INVALID_PARAM" RangeError "{} is not a valid Brotli parameter";
        1064 ZstdInvalidParam "ERR_ZSTD_INVALID_PARAM" RangeError "{} is not a valid zstd parameter";
        1100 Openssl "ERR_OSSL" Error "{}";
        1101 CryptoArgon2NotSupported "ERR_CRYPTO_ARGON2_NOT_SUPPORTED" Error "Argon2 algorithm not supported";
        1102 CryptoCustomEngineNotSupported "ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED" Error "Custom engines not supported by this OpenSSL";
        1103 CryptoEcdhInvalidFormat "ERR_CRYPTO_ECDH_INVALID_FORMAT" TypeError "Invalid ECDH format: {}";
        1104 CryptoEcdhInvalidPublicKey "ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY" Error "Public key is not valid for specified curve";
        1105 CryptoEngineUnknown "ERR_CRYPTO_ENGINE_UNKNOWN" Error "Engine \"{}\" was not found";
        1106 CryptoFipsForced "ERR_CRYPTO_FIPS_FORCED" Error "Cannot set FIPS mode, it was forced with --force-fips at startup.";
        1107 CryptoFipsUnavailable "ERR_CRYPTO_FIPS_UNAVAILABLE" Error "Cannot set FIPS mode in a non-FIPS build.";
        1108 CryptoIncompatibleKey "ERR_CRYPTO_INCOMPATIBLE_KEY" Error "Incompatible {}: {}";
        1109 CryptoIncompatibleKeyOptions "ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS" Error "The selected key encoding {} {}.";
        1110 CryptoInvalidAuthTag "ERR_CRYPTO_INVALID_AUTH_TAG" TypeError "{}";
        1111 CryptoInvalidCounter "ERR_CRYPTO_INVALID_COUNTER" TypeError "{}";
        1112 CryptoInvalidCurve "ERR_CRYPTO_INVALID_CURVE" TypeError "{}";
        1113 CryptoInvalidIv "ERR_CRYPTO_INVALID_IV" TypeError "{}";
        1114 CryptoInvalidJwk "ERR_CRYPTO_INVALID_JWK" TypeError "{}";
        1115 CryptoInvalidKeylen "ERR_CRYPTO_INVALID_KEYLEN" RangeError "{}";
        1116 CryptoInvalidKeypair "ERR_CRYPTO_INVALID_KEYPAIR" RangeError "{}";
        1117 CryptoInvalidKeytype "ERR_CRYPTO_INVALID_KEYTYPE" RangeError "{}";
        1118 CryptoInvalidKeyObjectType "ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE" TypeError "Invalid key object type {}, expected {}.";
        1119 CryptoInvalidMac "ERR_CRYPTO_INVALID_MAC" TypeError "Invalid MAC: {}";
        1120 CryptoInvalidMessagelen "ERR_CRYPTO_INVALID_MESSAGELEN" RangeError "{}";
        1121 CryptoInvalidScryptParams "ERR_CRYPTO_INVALID_SCRYPT_PARAMS" RangeError "{}";
        1122 CryptoInvalidState "ERR_CRYPTO_INVALID_STATE" Error "Invalid state for operation {}";
        1123 CryptoInvalidTagLength "ERR_CRYPTO_INVALID_TAG_LENGTH" RangeError "{}";
        1124 CryptoJwkUnsupportedCurve "ERR_CRYPTO_JWK_UNSUPPORTED_CURVE" Error "{}";
        1125 CryptoJwkUnsupportedKeyType "ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE" Error "{}";
        1126 CryptoKemNotSupported "ERR_CRYPTO_KEM_NOT_SUPPORTED" Error "KEM is not supported";
        1127 CryptoMacFinalized "ERR_CRYPTO_MAC_FINALIZED" Error "MAC already finalized";
        1128 CryptoMacNotSupported "ERR_CRYPTO_MAC_NOT_SUPPORTED" Error "MAC is not supported";
        1129 CryptoMacUpdateFailed "ERR_CRYPTO_MAC_UPDATE_FAILED" Error "MAC update failed";
        1130 CryptoOperationFailed "ERR_CRYPTO_OPERATION_FAILED" Error "{}";
        1131 CryptoPbkdf2Error "ERR_CRYPTO_PBKDF2_ERROR" Error "PBKDF2 error";
        1132 CryptoScryptNotSupported "ERR_CRYPTO_SCRYPT_NOT_SUPPORTED" Error "Scrypt algorithm not supported";
        1133 CryptoSignKeyRequired "ERR_CRYPTO_SIGN_KEY_REQUIRED" Error "No key provided to sign";
        1134 CryptoTimingSafeEqualLength "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH" RangeError "Input buffers must have the same byte length";
        1135 CryptoUnknownCipher "ERR_CRYPTO_UNKNOWN_CIPHER" Error "Unknown cipher";
        1136 CryptoUnknownDhGroup "ERR_CRYPTO_UNKNOWN_DH_GROUP" Error "Unknown DH group";
        1137 CryptoUnsupportedOperation "ERR_CRYPTO_UNSUPPORTED_OPERATION" Error "{}";
        1138 MissingOption "ERR_MISSING_OPTION" TypeError "{} is required";
        1170 MissingPassphrase "ERR_MISSING_PASSPHRASE" TypeError "Passphrase required for encrypted key";
        1200 DomNotSupported "NotSupportedError" NotSupportedError "{}";
        1201 DomSyntax "SyntaxError" SyntaxError "{}";
        1202 DomInvalidAccess "InvalidAccessError" InvalidAccessError "{}";
        1203 DomData "DataError" DataError "{}";
        1204 DomOperation "OperationError" OperationError "The operation failed for an operation-specific reason";
        1065 ZipArchiveTooLarge "ERR_ZIP_ARCHIVE_TOO_LARGE" RangeError "ZIP archive structure exceeds the allowed size: {}";
        1066 ZipEntryCorrupt "ERR_ZIP_ENTRY_CORRUPT" Error "ZIP entry is corrupt: {}";
        1067 ZipEntryNotFound "ERR_ZIP_ENTRY_NOT_FOUND" Error "no such entry {} in the archive";
        1068 ZipEntryTooLarge "ERR_ZIP_ENTRY_TOO_LARGE" RangeError "ZIP entry exceeds the allowed size: {}";
        1069 ZipInvalidArchive "ERR_ZIP_INVALID_ARCHIVE" Error "invalid ZIP archive: {}";
        1070 ZipNotWritable "ERR_ZIP_NOT_WRITABLE" TypeError "this archive was not opened for writing";
        1071 ZipUnsupportedFeature "ERR_ZIP_UNSUPPORTED_FEATURE" Error "unsupported ZIP feature: {}";
        2001 ZStreamEnd "Z_STREAM_END" Error "stream end";
        2002 ZNeedDict "Z_NEED_DICT" Error "Missing dictionary";
        2003 ZErrno "Z_ERRNO" Error "file error";
        2004 ZStreamError "Z_STREAM_ERROR" Error "stream error";
        2005 ZDataError "Z_DATA_ERROR" Error "{}";
        2006 ZMemError "Z_MEM_ERROR" Error "{}";
        2007 ZBufError "Z_BUF_ERROR" Error "{}";
        2008 ZVersionError "Z_VERSION_ERROR" Error "incompatible version";
        2009 BrotliFormatExuberantNibble "ERR__ERROR_FORMAT_EXUBERANT_NIBBLE" Error "Decompression failed";
        2010 BrotliFormatReserved "ERR__ERROR_FORMAT_RESERVED" Error "Decompression failed";
        2011 BrotliFormatExuberantMetaNibble "ERR__ERROR_FORMAT_EXUBERANT_META_NIBBLE" Error "Decompression failed";
        2012 BrotliFormatSimpleHuffmanAlphabet "ERR__ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET" Error "Decompression failed";
        2013 BrotliFormatSimpleHuffmanSame "ERR__ERROR_FORMAT_SIMPLE_HUFFMAN_SAME" Error "Decompression failed";
        2014 BrotliFormatClSpace "ERR__ERROR_FORMAT_CL_SPACE" Error "Decompression failed";
        2015 BrotliFormatHuffmanSpace "ERR__ERROR_FORMAT_HUFFMAN_SPACE" Error "Decompression failed";
        2016 BrotliFormatContextMapRepeat "ERR__ERROR_FORMAT_CONTEXT_MAP_REPEAT" Error "Decompression failed";
        2017 BrotliFormatBlockLength1 "ERR__ERROR_FORMAT_BLOCK_LENGTH_1" Error "Decompression failed";
        2018 BrotliFormatBlockLength2 "ERR__ERROR_FORMAT_BLOCK_LENGTH_2" Error "Decompression failed";
        2019 BrotliFormatTransform "ERR__ERROR_FORMAT_TRANSFORM" Error "Decompression failed";
        2020 BrotliFormatDictionary "ERR__ERROR_FORMAT_DICTIONARY" Error "Decompression failed";
        2021 BrotliFormatWindowBits "ERR__ERROR_FORMAT_WINDOW_BITS" Error "Decompression failed";
        2022 BrotliFormatPadding1 "ERR__ERROR_FORMAT_PADDING_1" Error "Decompression failed";
        2023 BrotliFormatPadding2 "ERR__ERROR_FORMAT_PADDING_2" Error "Decompression failed";
        2024 BrotliFormatDistance "ERR__ERROR_FORMAT_DISTANCE" Error "Decompression failed";
        2025 BrotliFormatBlockSwitch "ERR__ERROR_FORMAT_BLOCK_SWITCH" Error "Decompression failed";
        2026 BrotliCompoundDictionary "ERR__ERROR_COMPOUND_DICTIONARY" Error "Decompression failed";
        2027 BrotliDictionaryNotSet "ERR__ERROR_DICTIONARY_NOT_SET" Error "Decompression failed";
        2028 BrotliInvalidArguments "ERR__ERROR_INVALID_ARGUMENTS" Error "Decompression failed";
        2029 BrotliAllocContextModes "ERR__ERROR_ALLOC_CONTEXT_MODES" Error "Decompression failed";
        2030 BrotliAllocTreeGroups "ERR__ERROR_ALLOC_TREE_GROUPS" Error "Decompression failed";
        2031 BrotliAllocContextMap "ERR__ERROR_ALLOC_CONTEXT_MAP" Error "Decompression failed";
        2032 BrotliAllocRingBuffer1 "ERR__ERROR_ALLOC_RING_BUFFER_1" Error "Decompression failed";
        2033 BrotliAllocRingBuffer2 "ERR__ERROR_ALLOC_RING_BUFFER_2" Error "Decompression failed";
        2034 BrotliAllocBlockTypeTrees "ERR__ERROR_ALLOC_BLOCK_TYPE_TREES" Error "Decompression failed";
        2035 BrotliUnreachable "ERR__ERROR_UNREACHABLE" Error "Decompression failed";
        2036 BrotliCompressionFailed "ERR_BROTLI_COMPRESSION_FAILED" Error "Compression failed";
        2037 ZstdError "ZSTD_error_GENERIC" Error "Error (generic)";
        2038 ZstdPrefixUnknown "ZSTD_error_prefix_unknown" Error "Unknown frame descriptor";
        2039 ZstdVersionUnsupported "ZSTD_error_version_unsupported" Error "Version not supported";
        2040 ZstdFrameParameterUnsupported "ZSTD_error_frameParameter_unsupported" Error "Unsupported frame parameter";
        2041 ZstdFrameParameterWindowTooLarge "ZSTD_error_frameParameter_windowTooLarge" Error "Frame requires too much memory for decoding";
        2042 ZstdCorruptionDetected "ZSTD_error_corruption_detected" Error "Data corruption detected";
        2043 ZstdChecksumWrong "ZSTD_error_checksum_wrong" Error "Restored data doesn't match checksum";
        2044 ZstdLiteralsHeaderWrong "ZSTD_error_literals_headerWrong" Error "Header of Literals' block doesn't respect format specification";
        2045 ZstdDictionaryCorrupted "ZSTD_error_dictionary_corrupted" Error "Dictionary is corrupted";
        2046 ZstdDictionaryWrong "ZSTD_error_dictionary_wrong" Error "Dictionary mismatch";
        2047 ZstdDictionaryCreationFailed "ZSTD_error_dictionaryCreation_failed" Error "Cannot create Dictionary from provided samples";
        2048 ZstdParameterUnsupported "ZSTD_error_parameter_unsupported" Error "Unsupported parameter";
        2049 ZstdParameterCombinationUnsupported "ZSTD_error_parameter_combination_unsupported" Error "Unsupported combination of parameters";
        2050 ZstdParameterOutOfBound "ZSTD_error_parameter_outOfBound" Error "Parameter is out of bound";
        2051 ZstdTableLogTooLarge "ZSTD_error_tableLog_tooLarge" Error "tableLog requires too much memory : unsupported";
        2052 ZstdMaxSymbolValueTooLarge "ZSTD_error_maxSymbolValue_tooLarge" Error "Unsupported max Symbol Value : too large";
        2053 ZstdMaxSymbolValueTooSmall "ZSTD_error_maxSymbolValue_tooSmall" Error "Specified maxSymbolValue is too small";
        2054 ZstdStabilityConditionNotRespected "ZSTD_error_stabilityCondition_notRespected" Error "pledged buffer stability condition is not respected";
        2055 ZstdStageWrong "ZSTD_error_stage_wrong" Error "Operation not authorized at current processing stage";
        2056 ZstdInitMissing "ZSTD_error_init_missing" Error "Context should be init first";
        2057 ZstdMemoryAllocation "ZSTD_error_memory_allocation" Error "Allocation error : not enough memory";
        2058 ZstdWorkSpaceTooSmall "ZSTD_error_workSpace_tooSmall" Error "workSpace buffer is not large enough";
        2059 ZstdDstSizeTooSmall "ZSTD_error_dstSize_tooSmall" Error "Destination buffer is too small";
        2060 ZstdSrcSizeWrong "ZSTD_error_srcSize_wrong" Error "Src size is incorrect";
        2061 ZstdDstBufferNull "ZSTD_error_dstBuffer_null" Error "Operation on NULL destination buffer";
        2062 ZstdNoForwardProgressDestFull "ZSTD_error_noForwardProgress_destFull" Error "Operation made no progress over multiple calls, due to output buffer being full";
        2063 ZstdNoForwardProgressInputEmpty "ZSTD_error_noForwardProgress_inputEmpty" Error "Operation made no progress over multiple calls, due to input being empty";
        3001 Uncoded "" Error "{}";
    }
}
