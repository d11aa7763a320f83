/** @file zlib_constants.h The numbers of zlib. Included by zlib.h.
 *
 *  NODECORE_ZLIB_ and Node's name, with Node's value, of all of zlib.constants.
 *
 *  Node       https://nodejs.org/api/zlib.html#zlib-constants */
#ifndef NODECORE_ZLIB_CONSTANTS_H
#define NODECORE_ZLIB_CONSTANTS_H

#include <stddef.h>

/** Flushes of the deflate family: flush and finish_flush of nodecore_zlib_options,
 *  nodecore_zlib_stream_flush(). */
enum {
  NODECORE_ZLIB_Z_NO_FLUSH = 0,      /**< as the codec likes */
  NODECORE_ZLIB_Z_PARTIAL_FLUSH = 1, /**< all output so far, without aligning it to a byte */
  NODECORE_ZLIB_Z_SYNC_FLUSH = 2,    /**< all output so far, up to a byte boundary */
  /** as NODECORE_ZLIB_Z_SYNC_FLUSH, and what follows refers to nothing before it */
  NODECORE_ZLIB_Z_FULL_FLUSH = 3,
  NODECORE_ZLIB_Z_FINISH = 4,        /**< the input ends here */
  NODECORE_ZLIB_Z_BLOCK = 5          /**< up to the end of a block */
};

/** zlib's results: what nodecore_error_errno() gives for an error that zlib finds; see
 *  nodecore_zlib_code_name(). They are not statuses: that of Z_DATA_ERROR is NODECORE_Z_DATA_ERROR
 *  (error.h). */
enum {
  NODECORE_ZLIB_Z_OK = 0,             /**< nothing is wrong */
  NODECORE_ZLIB_Z_STREAM_END = 1,     /**< the compressed data has ended */
  NODECORE_ZLIB_Z_NEED_DICT = 2,      /**< a dictionary is needed */
  NODECORE_ZLIB_Z_ERRNO = -1,         /**< the system has failed */
  NODECORE_ZLIB_Z_STREAM_ERROR = -2,  /**< the state is inconsistent */
  NODECORE_ZLIB_Z_DATA_ERROR = -3,    /**< the data is not what it should be */
  NODECORE_ZLIB_Z_MEM_ERROR = -4,     /**< no memory */
  NODECORE_ZLIB_Z_BUF_ERROR = -5,     /**< "Unexpected end of file" and its like */
  NODECORE_ZLIB_Z_VERSION_ERROR = -6  /**< the library is of another version */
};

/** Levels. */
enum {
  NODECORE_ZLIB_Z_NO_COMPRESSION = 0,   /**< store only */
  NODECORE_ZLIB_Z_BEST_SPEED = 1,       /**< the fastest level */
  NODECORE_ZLIB_Z_BEST_COMPRESSION = 9, /**< the level with the smallest output */
  /** the level that zlib takes for a good compromise: 6 */
  NODECORE_ZLIB_Z_DEFAULT_COMPRESSION = -1
};

/** Strategies. */
enum {
  NODECORE_ZLIB_Z_FILTERED = 1,         /**< for data of a filter, many small values */
  NODECORE_ZLIB_Z_HUFFMAN_ONLY = 2,     /**< no string matching */
  NODECORE_ZLIB_Z_RLE = 3,              /**< matches at distance one only */
  NODECORE_ZLIB_Z_FIXED = 4,            /**< no dynamic Huffman tables */
  NODECORE_ZLIB_Z_DEFAULT_STRATEGY = 0  /**< the normal one */
};

/** The version of zlib that Node 26 has, 1.3.2.1; the codecs here are others. */
enum {
  NODECORE_ZLIB_ZLIB_VERNUM = 4897
};

/** What is done to the bytes: nodecore_zlib_stream_state.mode. */
enum {
  NODECORE_ZLIB_DEFLATE = 1,          /**< compress to the zlib format */
  NODECORE_ZLIB_INFLATE = 2,          /**< decompress the zlib format */
  NODECORE_ZLIB_GZIP = 3,             /**< compress to a gzip member */
  NODECORE_ZLIB_GUNZIP = 4,           /**< decompress gzip members */
  NODECORE_ZLIB_DEFLATERAW = 5,       /**< compress to deflate's blocks alone */
  NODECORE_ZLIB_INFLATERAW = 6,       /**< decompress deflate's blocks alone */
  NODECORE_ZLIB_UNZIP = 7,            /**< decompress gzip or the zlib format, as the data says */
  NODECORE_ZLIB_BROTLI_DECODE = 8,    /**< decompress brotli */
  NODECORE_ZLIB_BROTLI_ENCODE = 9,    /**< compress to brotli */
  NODECORE_ZLIB_ZSTD_COMPRESS = 10,   /**< compress to a Zstandard frame */
  NODECORE_ZLIB_ZSTD_DECOMPRESS = 11  /**< decompress Zstandard frames */
};

/** Bounds and defaults of options of the deflate family; those of chunk_size, in bytes, are of all. */
enum {
  NODECORE_ZLIB_Z_MIN_WINDOWBITS = 8,      /**< the smallest window_bits; gzip begins at 9 */
  NODECORE_ZLIB_Z_MAX_WINDOWBITS = 15,     /**< the largest window_bits */
  NODECORE_ZLIB_Z_DEFAULT_WINDOWBITS = 15, /**< the window_bits where none is given */
  NODECORE_ZLIB_Z_MIN_CHUNK = 64,          /**< the smallest chunk_size, in bytes */
  NODECORE_ZLIB_Z_DEFAULT_CHUNK = 16384,   /**< the chunk_size where none is given, in bytes */
  NODECORE_ZLIB_Z_MIN_MEMLEVEL = 1,        /**< the smallest mem_level */
  NODECORE_ZLIB_Z_MAX_MEMLEVEL = 9,        /**< the largest mem_level */
  NODECORE_ZLIB_Z_DEFAULT_MEMLEVEL = 8,    /**< the mem_level where none is given */
  NODECORE_ZLIB_Z_MIN_LEVEL = -1,          /**< the smallest level */
  NODECORE_ZLIB_Z_MAX_LEVEL = 9,           /**< the largest level */
  NODECORE_ZLIB_Z_DEFAULT_LEVEL = -1       /**< the level where none is given */
};

/** The largest chunk_size: there is none. Node has infinity. */
#define NODECORE_ZLIB_Z_MAX_CHUNK ((size_t)-1)

/** Flushes of brotli. */
enum {
  NODECORE_ZLIB_BROTLI_OPERATION_PROCESS = 0, /**< as the codec likes */
  NODECORE_ZLIB_BROTLI_OPERATION_FLUSH = 1,   /**< all output so far */
  NODECORE_ZLIB_BROTLI_OPERATION_FINISH = 2,  /**< the input ends here */
  /** the input is metadata, which decompressing leaves out */
  NODECORE_ZLIB_BROTLI_OPERATION_EMIT_METADATA = 3
};

/** Keys of nodecore_brotli_options.params, of compressors. */
enum {
  /** what the input is, one of the NODECORE_ZLIB_BROTLI_MODE_* */
  NODECORE_ZLIB_BROTLI_PARAM_MODE = 0,
  NODECORE_ZLIB_BROTLI_PARAM_QUALITY = 1,   /**< how hard to compress, 0 to 11 */
  NODECORE_ZLIB_BROTLI_PARAM_LGWIN = 2,     /**< the base two logarithm of the window */
  /** the base two logarithm of the largest input block; 0 leaves it to the codec */
  NODECORE_ZLIB_BROTLI_PARAM_LGBLOCK = 3,
  /** 1 gives up context modelling, for faster decompression */
  NODECORE_ZLIB_BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING = 4,
  NODECORE_ZLIB_BROTLI_PARAM_SIZE_HINT = 5, /**< about how much input there will be, in bytes */
  /** 1 makes the large window format, which is not RFC 7932 */
  NODECORE_ZLIB_BROTLI_PARAM_LARGE_WINDOW = 6,
  NODECORE_ZLIB_BROTLI_PARAM_NPOSTFIX = 7,  /**< the number of postfix bits of distances, 0 to 3 */
  /** the number of direct distance codes, 0 to 15 times 2 to the power of the postfix bits */
  NODECORE_ZLIB_BROTLI_PARAM_NDIRECT = 8
};

/** Values of those keys: modes, bounds and defaults. */
enum {
  NODECORE_ZLIB_BROTLI_MODE_GENERIC = 0,          /**< any input */
  NODECORE_ZLIB_BROTLI_MODE_TEXT = 1,             /**< UTF-8 text */
  NODECORE_ZLIB_BROTLI_MODE_FONT = 2,             /**< a WOFF 2 font */
  NODECORE_ZLIB_BROTLI_DEFAULT_MODE = 0,          /**< the mode where none is given */
  NODECORE_ZLIB_BROTLI_MIN_QUALITY = 0,           /**< the fastest quality */
  NODECORE_ZLIB_BROTLI_MAX_QUALITY = 11,          /**< the quality with the smallest output */
  NODECORE_ZLIB_BROTLI_DEFAULT_QUALITY = 11,      /**< the quality where none is given */
  NODECORE_ZLIB_BROTLI_MIN_WINDOW_BITS = 10,      /**< the smallest window */
  NODECORE_ZLIB_BROTLI_MAX_WINDOW_BITS = 24,      /**< the largest window */
  /** the largest window with NODECORE_ZLIB_BROTLI_PARAM_LARGE_WINDOW */
  NODECORE_ZLIB_BROTLI_LARGE_MAX_WINDOW_BITS = 30,
  NODECORE_ZLIB_BROTLI_DEFAULT_WINDOW = 22,       /**< the window where none is given */
  NODECORE_ZLIB_BROTLI_MIN_INPUT_BLOCK_BITS = 16, /**< the smallest input block */
  NODECORE_ZLIB_BROTLI_MAX_INPUT_BLOCK_BITS = 24  /**< the largest input block */
};

/** Keys of nodecore_brotli_options.params, of decompressors. */
enum {
  /** 1 takes the whole window at once */
  NODECORE_ZLIB_BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION = 0,
  NODECORE_ZLIB_BROTLI_DECODER_PARAM_LARGE_WINDOW = 1  /**< 1 takes the large window format too */
};

/** What brotli's own functions return; nothing here does. */
enum {
  NODECORE_ZLIB_BROTLI_DECODER_RESULT_ERROR = 0,             /**< the data is not sound */
  NODECORE_ZLIB_BROTLI_DECODER_RESULT_SUCCESS = 1,           /**< done */
  NODECORE_ZLIB_BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT = 2,  /**< the input is used up */
  NODECORE_ZLIB_BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT = 3  /**< the output is full */
};

/** brotli's codes: what nodecore_error_errno() gives for an error that brotli finds. */
enum {
  NODECORE_ZLIB_BROTLI_DECODER_NO_ERROR = 0,                       /**< nothing is wrong */
  NODECORE_ZLIB_BROTLI_DECODER_SUCCESS = 1,                        /**< done */
  NODECORE_ZLIB_BROTLI_DECODER_NEEDS_MORE_INPUT = 2,               /**< the input is used up */
  NODECORE_ZLIB_BROTLI_DECODER_NEEDS_MORE_OUTPUT = 3,              /**< the output is full */
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_NIBBLE = -1,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_RESERVED = -2,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_META_NIBBLE = -3,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET = -4,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_SAME = -5,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_CL_SPACE = -6,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_HUFFMAN_SPACE = -7,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_CONTEXT_MAP_REPEAT = -8,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_1 = -9,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_2 = -10,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_TRANSFORM = -11,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_DICTIONARY = -12,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_WINDOW_BITS = -13,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_PADDING_1 = -14,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_PADDING_2 = -15,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_DISTANCE = -16,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_DICTIONARY_NOT_SET = -19,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_INVALID_ARGUMENTS = -20,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES = -21,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_ALLOC_TREE_GROUPS = -22,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MAP = -25,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_1 = -26,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_2 = -27,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES = -30,
  NODECORE_ZLIB_BROTLI_DECODER_ERROR_UNREACHABLE = -31
};

/** Flushes of Zstandard. */
enum {
  NODECORE_ZLIB_ZSTD_e_continue = 0, /**< as the codec likes */
  NODECORE_ZLIB_ZSTD_e_flush = 1,    /**< all output so far */
  NODECORE_ZLIB_ZSTD_e_end = 2       /**< the frame ends here */
};

/** Strategies of Zstandard, values of NODECORE_ZLIB_ZSTD_c_strategy, from the fastest to the best. */
enum {
  NODECORE_ZLIB_ZSTD_fast = 1,
  NODECORE_ZLIB_ZSTD_dfast = 2,
  NODECORE_ZLIB_ZSTD_greedy = 3,
  NODECORE_ZLIB_ZSTD_lazy = 4,
  NODECORE_ZLIB_ZSTD_lazy2 = 5,
  NODECORE_ZLIB_ZSTD_btlazy2 = 6,
  NODECORE_ZLIB_ZSTD_btopt = 7,
  NODECORE_ZLIB_ZSTD_btultra = 8,
  NODECORE_ZLIB_ZSTD_btultra2 = 9
};

/** Keys of nodecore_zstd_options.params, of compressors. */
enum {
  /** how hard to compress, down to -131072 and up to 22 */
  NODECORE_ZLIB_ZSTD_c_compressionLevel = 100,
  NODECORE_ZLIB_ZSTD_c_windowLog = 101,                  /**< the base two logarithm of the window */
  NODECORE_ZLIB_ZSTD_c_hashLog = 102,                    /**< the base two logarithm of the hash table */
  NODECORE_ZLIB_ZSTD_c_chainLog = 103,                   /**< the base two logarithm of the search table */
  /** the base two logarithm of the number of tries */
  NODECORE_ZLIB_ZSTD_c_searchLog = 104,
  NODECORE_ZLIB_ZSTD_c_minMatch = 105,                   /**< the length of the shortest match */
  NODECORE_ZLIB_ZSTD_c_targetLength = 106,               /**< the length of a match that is good enough */
  /** one of NODECORE_ZLIB_ZSTD_fast to NODECORE_ZLIB_ZSTD_btultra2 */
  NODECORE_ZLIB_ZSTD_c_strategy = 107,
  NODECORE_ZLIB_ZSTD_c_enableLongDistanceMatching = 160, /**< 1 finds matches far back */
  /** the base two logarithm of the table for long distances */
  NODECORE_ZLIB_ZSTD_c_ldmHashLog = 161,
  /** the length of the shortest match at a long distance */
  NODECORE_ZLIB_ZSTD_c_ldmMinMatch = 162,
  /** the base two logarithm of the buckets of that table */
  NODECORE_ZLIB_ZSTD_c_ldmBucketSizeLog = 163,
  NODECORE_ZLIB_ZSTD_c_ldmHashRateLog = 164,             /**< how often that table is filled */
  /** 0 leaves the size of the content out of the frame */
  NODECORE_ZLIB_ZSTD_c_contentSizeFlag = 200,
  NODECORE_ZLIB_ZSTD_c_checksumFlag = 201,               /**< 1 puts a checksum at the end of the frame */
  /** 0 leaves the dictionary's number out of the frame */
  NODECORE_ZLIB_ZSTD_c_dictIDFlag = 202,
  /** the number of threads beside the one that calls; Node looks at it and stays on one */
  NODECORE_ZLIB_ZSTD_c_nbWorkers = 400,
  /** the input that one thread takes at a time, in bytes */
  NODECORE_ZLIB_ZSTD_c_jobSize = 401,
  /** how much of the job before it a thread looks at */
  NODECORE_ZLIB_ZSTD_c_overlapLog = 402
};

/** Keys of nodecore_zstd_options.params, of decompressors. */
enum {
  NODECORE_ZLIB_ZSTD_d_windowLogMax = 100  /**< the base two logarithm of the largest window */
};

/** The level where none is given. */
enum {
  NODECORE_ZLIB_ZSTD_CLEVEL_DEFAULT = 3
};

/** Zstandard's errors: what nodecore_error_errno() gives for an error that Zstandard finds. */
enum {
  NODECORE_ZLIB_ZSTD_error_no_error = 0,
  NODECORE_ZLIB_ZSTD_error_GENERIC = 1,
  NODECORE_ZLIB_ZSTD_error_prefix_unknown = 10,
  NODECORE_ZLIB_ZSTD_error_version_unsupported = 12,
  NODECORE_ZLIB_ZSTD_error_frameParameter_unsupported = 14,
  NODECORE_ZLIB_ZSTD_error_frameParameter_windowTooLarge = 16,
  NODECORE_ZLIB_ZSTD_error_corruption_detected = 20,
  NODECORE_ZLIB_ZSTD_error_checksum_wrong = 22,
  NODECORE_ZLIB_ZSTD_error_literals_headerWrong = 24,
  NODECORE_ZLIB_ZSTD_error_dictionary_corrupted = 30,
  NODECORE_ZLIB_ZSTD_error_dictionary_wrong = 32,
  NODECORE_ZLIB_ZSTD_error_dictionaryCreation_failed = 34,
  NODECORE_ZLIB_ZSTD_error_parameter_unsupported = 40,
  NODECORE_ZLIB_ZSTD_error_parameter_combination_unsupported = 41,
  NODECORE_ZLIB_ZSTD_error_parameter_outOfBound = 42,
  NODECORE_ZLIB_ZSTD_error_tableLog_tooLarge = 44,
  NODECORE_ZLIB_ZSTD_error_maxSymbolValue_tooLarge = 46,
  NODECORE_ZLIB_ZSTD_error_maxSymbolValue_tooSmall = 48,
  NODECORE_ZLIB_ZSTD_error_stabilityCondition_notRespected = 50,
  NODECORE_ZLIB_ZSTD_error_stage_wrong = 60,
  NODECORE_ZLIB_ZSTD_error_init_missing = 62,
  NODECORE_ZLIB_ZSTD_error_memory_allocation = 64,
  NODECORE_ZLIB_ZSTD_error_workSpace_tooSmall = 66,
  NODECORE_ZLIB_ZSTD_error_dstSize_tooSmall = 70,
  NODECORE_ZLIB_ZSTD_error_srcSize_wrong = 72,
  NODECORE_ZLIB_ZSTD_error_dstBuffer_null = 74,
  NODECORE_ZLIB_ZSTD_error_noForwardProgress_destFull = 80,
  NODECORE_ZLIB_ZSTD_error_noForwardProgress_inputEmpty = 82
};

#endif
