//! Constants that only callers use; the values are those of `nodecore_zlib::constants`.

#![allow(dead_code, reason = "cargo xtask abi holds them against the header")]
#![allow(non_upper_case_globals, reason = "zstd's own spelling")]

use nodecore_zlib::constants;

pub const NODECORE_ZLIB_Z_NO_FLUSH: i32 = constants::Z_NO_FLUSH;
pub const NODECORE_ZLIB_Z_PARTIAL_FLUSH: i32 = constants::Z_PARTIAL_FLUSH;
pub const NODECORE_ZLIB_Z_SYNC_FLUSH: i32 = constants::Z_SYNC_FLUSH;
pub const NODECORE_ZLIB_Z_FULL_FLUSH: i32 = constants::Z_FULL_FLUSH;
pub const NODECORE_ZLIB_Z_FINISH: i32 = constants::Z_FINISH;
pub const NODECORE_ZLIB_Z_BLOCK: i32 = constants::Z_BLOCK;
pub const NODECORE_ZLIB_Z_OK: i32 = constants::Z_OK;
pub const NODECORE_ZLIB_Z_STREAM_END: i32 = constants::Z_STREAM_END;
pub const NODECORE_ZLIB_Z_NEED_DICT: i32 = constants::Z_NEED_DICT;
pub const NODECORE_ZLIB_Z_ERRNO: i32 = constants::Z_ERRNO;
pub const NODECORE_ZLIB_Z_STREAM_ERROR: i32 = constants::Z_STREAM_ERROR;
pub const NODECORE_ZLIB_Z_DATA_ERROR: i32 = constants::Z_DATA_ERROR;
pub const NODECORE_ZLIB_Z_MEM_ERROR: i32 = constants::Z_MEM_ERROR;
pub const NODECORE_ZLIB_Z_BUF_ERROR: i32 = constants::Z_BUF_ERROR;
pub const NODECORE_ZLIB_Z_VERSION_ERROR: i32 = constants::Z_VERSION_ERROR;
pub const NODECORE_ZLIB_Z_NO_COMPRESSION: i32 = constants::Z_NO_COMPRESSION;
pub const NODECORE_ZLIB_Z_BEST_SPEED: i32 = constants::Z_BEST_SPEED;
pub const NODECORE_ZLIB_Z_BEST_COMPRESSION: i32 = constants::Z_BEST_COMPRESSION;
pub const NODECORE_ZLIB_Z_DEFAULT_COMPRESSION: i32 = constants::Z_DEFAULT_COMPRESSION;
pub const NODECORE_ZLIB_Z_FILTERED: i32 = constants::Z_FILTERED;
pub const NODECORE_ZLIB_Z_HUFFMAN_ONLY: i32 = constants::Z_HUFFMAN_ONLY;
pub const NODECORE_ZLIB_Z_RLE: i32 = constants::Z_RLE;
pub const NODECORE_ZLIB_Z_FIXED: i32 = constants::Z_FIXED;
pub const NODECORE_ZLIB_Z_DEFAULT_STRATEGY: i32 = constants::Z_DEFAULT_STRATEGY;
pub const NODECORE_ZLIB_ZLIB_VERNUM: i32 = constants::ZLIB_VERNUM;
pub const NODECORE_ZLIB_DEFLATE: i32 = constants::DEFLATE;
pub const NODECORE_ZLIB_INFLATE: i32 = constants::INFLATE;
pub const NODECORE_ZLIB_GZIP: i32 = constants::GZIP;
pub const NODECORE_ZLIB_GUNZIP: i32 = constants::GUNZIP;
pub const NODECORE_ZLIB_DEFLATERAW: i32 = constants::DEFLATERAW;
pub const NODECORE_ZLIB_INFLATERAW: i32 = constants::INFLATERAW;
pub const NODECORE_ZLIB_UNZIP: i32 = constants::UNZIP;
pub const NODECORE_ZLIB_BROTLI_DECODE: i32 = constants::BROTLI_DECODE;
pub const NODECORE_ZLIB_BROTLI_ENCODE: i32 = constants::BROTLI_ENCODE;
pub const NODECORE_ZLIB_ZSTD_DECOMPRESS: i32 = constants::ZSTD_DECOMPRESS;
pub const NODECORE_ZLIB_ZSTD_COMPRESS: i32 = constants::ZSTD_COMPRESS;
pub const NODECORE_ZLIB_Z_MIN_WINDOWBITS: i32 = constants::Z_MIN_WINDOWBITS;
pub const NODECORE_ZLIB_Z_MAX_WINDOWBITS: i32 = constants::Z_MAX_WINDOWBITS;
pub const NODECORE_ZLIB_Z_DEFAULT_WINDOWBITS: i32 = constants::Z_DEFAULT_WINDOWBITS;
pub const NODECORE_ZLIB_Z_MIN_CHUNK: usize = constants::Z_MIN_CHUNK;
/// Node has infinity, which no integer is.
pub const NODECORE_ZLIB_Z_MAX_CHUNK: usize = usize::MAX;
pub const NODECORE_ZLIB_Z_DEFAULT_CHUNK: usize = constants::Z_DEFAULT_CHUNK;
pub const NODECORE_ZLIB_Z_MIN_MEMLEVEL: i32 = constants::Z_MIN_MEMLEVEL;
pub const NODECORE_ZLIB_Z_MAX_MEMLEVEL: i32 = constants::Z_MAX_MEMLEVEL;
pub const NODECORE_ZLIB_Z_DEFAULT_MEMLEVEL: i32 = constants::Z_DEFAULT_MEMLEVEL;
pub const NODECORE_ZLIB_Z_MIN_LEVEL: i32 = constants::Z_MIN_LEVEL;
pub const NODECORE_ZLIB_Z_MAX_LEVEL: i32 = constants::Z_MAX_LEVEL;
pub const NODECORE_ZLIB_Z_DEFAULT_LEVEL: i32 = constants::Z_DEFAULT_LEVEL;
pub const NODECORE_ZLIB_BROTLI_OPERATION_PROCESS: i32 = constants::BROTLI_OPERATION_PROCESS;
pub const NODECORE_ZLIB_BROTLI_OPERATION_FLUSH: i32 = constants::BROTLI_OPERATION_FLUSH;
pub const NODECORE_ZLIB_BROTLI_OPERATION_FINISH: i32 = constants::BROTLI_OPERATION_FINISH;
pub const NODECORE_ZLIB_BROTLI_OPERATION_EMIT_METADATA: i32 = constants::BROTLI_OPERATION_EMIT_METADATA;
pub const NODECORE_ZLIB_BROTLI_PARAM_MODE: i32 = constants::BROTLI_PARAM_MODE;
pub const NODECORE_ZLIB_BROTLI_MODE_GENERIC: i32 = constants::BROTLI_MODE_GENERIC;
pub const NODECORE_ZLIB_BROTLI_MODE_TEXT: i32 = constants::BROTLI_MODE_TEXT;
pub const NODECORE_ZLIB_BROTLI_MODE_FONT: i32 = constants::BROTLI_MODE_FONT;
pub const NODECORE_ZLIB_BROTLI_DEFAULT_MODE: i32 = constants::BROTLI_DEFAULT_MODE;
pub const NODECORE_ZLIB_BROTLI_PARAM_QUALITY: i32 = constants::BROTLI_PARAM_QUALITY;
pub const NODECORE_ZLIB_BROTLI_MIN_QUALITY: i32 = constants::BROTLI_MIN_QUALITY;
pub const NODECORE_ZLIB_BROTLI_MAX_QUALITY: i32 = constants::BROTLI_MAX_QUALITY;
pub const NODECORE_ZLIB_BROTLI_DEFAULT_QUALITY: i32 = constants::BROTLI_DEFAULT_QUALITY;
pub const NODECORE_ZLIB_BROTLI_PARAM_LGWIN: i32 = constants::BROTLI_PARAM_LGWIN;
pub const NODECORE_ZLIB_BROTLI_MIN_WINDOW_BITS: i32 = constants::BROTLI_MIN_WINDOW_BITS;
pub const NODECORE_ZLIB_BROTLI_MAX_WINDOW_BITS: i32 = constants::BROTLI_MAX_WINDOW_BITS;
pub const NODECORE_ZLIB_BROTLI_LARGE_MAX_WINDOW_BITS: i32 = constants::BROTLI_LARGE_MAX_WINDOW_BITS;
pub const NODECORE_ZLIB_BROTLI_DEFAULT_WINDOW: i32 = constants::BROTLI_DEFAULT_WINDOW;
pub const NODECORE_ZLIB_BROTLI_PARAM_LGBLOCK: i32 = constants::BROTLI_PARAM_LGBLOCK;
pub const NODECORE_ZLIB_BROTLI_MIN_INPUT_BLOCK_BITS: i32 = constants::BROTLI_MIN_INPUT_BLOCK_BITS;
pub const NODECORE_ZLIB_BROTLI_MAX_INPUT_BLOCK_BITS: i32 = constants::BROTLI_MAX_INPUT_BLOCK_BITS;
pub const NODECORE_ZLIB_BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING: i32 =
    constants::BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING;
pub const NODECORE_ZLIB_BROTLI_PARAM_SIZE_HINT: i32 = constants::BROTLI_PARAM_SIZE_HINT;
pub const NODECORE_ZLIB_BROTLI_PARAM_LARGE_WINDOW: i32 = constants::BROTLI_PARAM_LARGE_WINDOW;
pub const NODECORE_ZLIB_BROTLI_PARAM_NPOSTFIX: i32 = constants::BROTLI_PARAM_NPOSTFIX;
pub const NODECORE_ZLIB_BROTLI_PARAM_NDIRECT: i32 = constants::BROTLI_PARAM_NDIRECT;
pub const NODECORE_ZLIB_BROTLI_DECODER_RESULT_ERROR: i32 = constants::BROTLI_DECODER_RESULT_ERROR;
pub const NODECORE_ZLIB_BROTLI_DECODER_RESULT_SUCCESS: i32 = constants::BROTLI_DECODER_RESULT_SUCCESS;
pub const NODECORE_ZLIB_BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: i32 =
    constants::BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT;
pub const NODECORE_ZLIB_BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: i32 =
    constants::BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
pub const NODECORE_ZLIB_BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION: i32 =
    constants::BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION;
pub const NODECORE_ZLIB_BROTLI_DECODER_PARAM_LARGE_WINDOW: i32 = constants::BROTLI_DECODER_PARAM_LARGE_WINDOW;
pub const NODECORE_ZLIB_BROTLI_DECODER_NO_ERROR: i32 = constants::BROTLI_DECODER_NO_ERROR;
pub const NODECORE_ZLIB_BROTLI_DECODER_SUCCESS: i32 = constants::BROTLI_DECODER_SUCCESS;
pub const NODECORE_ZLIB_BROTLI_DECODER_NEEDS_MORE_INPUT: i32 = constants::BROTLI_DECODER_NEEDS_MORE_INPUT;
pub const NODECORE_ZLIB_BROTLI_DECODER_NEEDS_MORE_OUTPUT: i32 = constants::BROTLI_DECODER_NEEDS_MORE_OUTPUT;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_NIBBLE: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_NIBBLE;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_RESERVED: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_RESERVED;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_META_NIBBLE: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_META_NIBBLE;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_SAME: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_SAME;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_CL_SPACE: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_CL_SPACE;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_HUFFMAN_SPACE: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_HUFFMAN_SPACE;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_CONTEXT_MAP_REPEAT: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_CONTEXT_MAP_REPEAT;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_1: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_1;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_2: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_2;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_TRANSFORM: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_TRANSFORM;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_DICTIONARY: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_DICTIONARY;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_WINDOW_BITS: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_WINDOW_BITS;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_PADDING_1: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_PADDING_1;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_PADDING_2: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_PADDING_2;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_DISTANCE: i32 =
    constants::BROTLI_DECODER_ERROR_FORMAT_DISTANCE;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_DICTIONARY_NOT_SET: i32 =
    constants::BROTLI_DECODER_ERROR_DICTIONARY_NOT_SET;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_INVALID_ARGUMENTS: i32 =
    constants::BROTLI_DECODER_ERROR_INVALID_ARGUMENTS;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES: i32 =
    constants::BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_ALLOC_TREE_GROUPS: i32 =
    constants::BROTLI_DECODER_ERROR_ALLOC_TREE_GROUPS;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MAP: i32 =
    constants::BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MAP;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_1: i32 =
    constants::BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_1;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_2: i32 =
    constants::BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_2;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES: i32 =
    constants::BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
pub const NODECORE_ZLIB_BROTLI_DECODER_ERROR_UNREACHABLE: i32 = constants::BROTLI_DECODER_ERROR_UNREACHABLE;
pub const NODECORE_ZLIB_ZSTD_e_continue: i32 = constants::ZSTD_e_continue;
pub const NODECORE_ZLIB_ZSTD_e_flush: i32 = constants::ZSTD_e_flush;
pub const NODECORE_ZLIB_ZSTD_e_end: i32 = constants::ZSTD_e_end;
pub const NODECORE_ZLIB_ZSTD_fast: i32 = constants::ZSTD_fast;
pub const NODECORE_ZLIB_ZSTD_dfast: i32 = constants::ZSTD_dfast;
pub const NODECORE_ZLIB_ZSTD_greedy: i32 = constants::ZSTD_greedy;
pub const NODECORE_ZLIB_ZSTD_lazy: i32 = constants::ZSTD_lazy;
pub const NODECORE_ZLIB_ZSTD_lazy2: i32 = constants::ZSTD_lazy2;
pub const NODECORE_ZLIB_ZSTD_btlazy2: i32 = constants::ZSTD_btlazy2;
pub const NODECORE_ZLIB_ZSTD_btopt: i32 = constants::ZSTD_btopt;
pub const NODECORE_ZLIB_ZSTD_btultra: i32 = constants::ZSTD_btultra;
pub const NODECORE_ZLIB_ZSTD_btultra2: i32 = constants::ZSTD_btultra2;
pub const NODECORE_ZLIB_ZSTD_c_compressionLevel: i32 = constants::ZSTD_c_compressionLevel;
pub const NODECORE_ZLIB_ZSTD_c_windowLog: i32 = constants::ZSTD_c_windowLog;
pub const NODECORE_ZLIB_ZSTD_c_hashLog: i32 = constants::ZSTD_c_hashLog;
pub const NODECORE_ZLIB_ZSTD_c_chainLog: i32 = constants::ZSTD_c_chainLog;
pub const NODECORE_ZLIB_ZSTD_c_searchLog: i32 = constants::ZSTD_c_searchLog;
pub const NODECORE_ZLIB_ZSTD_c_minMatch: i32 = constants::ZSTD_c_minMatch;
pub const NODECORE_ZLIB_ZSTD_c_targetLength: i32 = constants::ZSTD_c_targetLength;
pub const NODECORE_ZLIB_ZSTD_c_strategy: i32 = constants::ZSTD_c_strategy;
pub const NODECORE_ZLIB_ZSTD_c_enableLongDistanceMatching: i32 = constants::ZSTD_c_enableLongDistanceMatching;
pub const NODECORE_ZLIB_ZSTD_c_ldmHashLog: i32 = constants::ZSTD_c_ldmHashLog;
pub const NODECORE_ZLIB_ZSTD_c_ldmMinMatch: i32 = constants::ZSTD_c_ldmMinMatch;
pub const NODECORE_ZLIB_ZSTD_c_ldmBucketSizeLog: i32 = constants::ZSTD_c_ldmBucketSizeLog;
pub const NODECORE_ZLIB_ZSTD_c_ldmHashRateLog: i32 = constants::ZSTD_c_ldmHashRateLog;
pub const NODECORE_ZLIB_ZSTD_c_contentSizeFlag: i32 = constants::ZSTD_c_contentSizeFlag;
pub const NODECORE_ZLIB_ZSTD_c_checksumFlag: i32 = constants::ZSTD_c_checksumFlag;
pub const NODECORE_ZLIB_ZSTD_c_dictIDFlag: i32 = constants::ZSTD_c_dictIDFlag;
pub const NODECORE_ZLIB_ZSTD_c_nbWorkers: i32 = constants::ZSTD_c_nbWorkers;
pub const NODECORE_ZLIB_ZSTD_c_jobSize: i32 = constants::ZSTD_c_jobSize;
pub const NODECORE_ZLIB_ZSTD_c_overlapLog: i32 = constants::ZSTD_c_overlapLog;
pub const NODECORE_ZLIB_ZSTD_d_windowLogMax: i32 = constants::ZSTD_d_windowLogMax;
pub const NODECORE_ZLIB_ZSTD_CLEVEL_DEFAULT: i32 = constants::ZSTD_CLEVEL_DEFAULT;
pub const NODECORE_ZLIB_ZSTD_error_no_error: i32 = constants::ZSTD_error_no_error;
pub const NODECORE_ZLIB_ZSTD_error_GENERIC: i32 = constants::ZSTD_error_GENERIC;
pub const NODECORE_ZLIB_ZSTD_error_prefix_unknown: i32 = constants::ZSTD_error_prefix_unknown;
pub const NODECORE_ZLIB_ZSTD_error_version_unsupported: i32 = constants::ZSTD_error_version_unsupported;
pub const NODECORE_ZLIB_ZSTD_error_frameParameter_unsupported: i32 =
    constants::ZSTD_error_frameParameter_unsupported;
pub const NODECORE_ZLIB_ZSTD_error_frameParameter_windowTooLarge: i32 =
    constants::ZSTD_error_frameParameter_windowTooLarge;
pub const NODECORE_ZLIB_ZSTD_error_corruption_detected: i32 = constants::ZSTD_error_corruption_detected;
pub const NODECORE_ZLIB_ZSTD_error_checksum_wrong: i32 = constants::ZSTD_error_checksum_wrong;
pub const NODECORE_ZLIB_ZSTD_error_literals_headerWrong: i32 = constants::ZSTD_error_literals_headerWrong;
pub const NODECORE_ZLIB_ZSTD_error_dictionary_corrupted: i32 = constants::ZSTD_error_dictionary_corrupted;
pub const NODECORE_ZLIB_ZSTD_error_dictionary_wrong: i32 = constants::ZSTD_error_dictionary_wrong;
pub const NODECORE_ZLIB_ZSTD_error_dictionaryCreation_failed: i32 =
    constants::ZSTD_error_dictionaryCreation_failed;
pub const NODECORE_ZLIB_ZSTD_error_parameter_unsupported: i32 = constants::ZSTD_error_parameter_unsupported;
pub const NODECORE_ZLIB_ZSTD_error_parameter_combination_unsupported: i32 =
    constants::ZSTD_error_parameter_combination_unsupported;
pub const NODECORE_ZLIB_ZSTD_error_parameter_outOfBound: i32 = constants::ZSTD_error_parameter_outOfBound;
pub const NODECORE_ZLIB_ZSTD_error_tableLog_tooLarge: i32 = constants::ZSTD_error_tableLog_tooLarge;
pub const NODECORE_ZLIB_ZSTD_error_maxSymbolValue_tooLarge: i32 =
    constants::ZSTD_error_maxSymbolValue_tooLarge;
pub const NODECORE_ZLIB_ZSTD_error_maxSymbolValue_tooSmall: i32 =
    constants::ZSTD_error_maxSymbolValue_tooSmall;
pub const NODECORE_ZLIB_ZSTD_error_stabilityCondition_notRespected: i32 =
    constants::ZSTD_error_stabilityCondition_notRespected;
pub const NODECORE_ZLIB_ZSTD_error_stage_wrong: i32 = constants::ZSTD_error_stage_wrong;
pub const NODECORE_ZLIB_ZSTD_error_init_missing: i32 = constants::ZSTD_error_init_missing;
pub const NODECORE_ZLIB_ZSTD_error_memory_allocation: i32 = constants::ZSTD_error_memory_allocation;
pub const NODECORE_ZLIB_ZSTD_error_workSpace_tooSmall: i32 = constants::ZSTD_error_workSpace_tooSmall;
pub const NODECORE_ZLIB_ZSTD_error_dstSize_tooSmall: i32 = constants::ZSTD_error_dstSize_tooSmall;
pub const NODECORE_ZLIB_ZSTD_error_srcSize_wrong: i32 = constants::ZSTD_error_srcSize_wrong;
pub const NODECORE_ZLIB_ZSTD_error_dstBuffer_null: i32 = constants::ZSTD_error_dstBuffer_null;
pub const NODECORE_ZLIB_ZSTD_error_noForwardProgress_destFull: i32 =
    constants::ZSTD_error_noForwardProgress_destFull;
pub const NODECORE_ZLIB_ZSTD_error_noForwardProgress_inputEmpty: i32 =
    constants::ZSTD_error_noForwardProgress_inputEmpty;
