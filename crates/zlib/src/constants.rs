//! All numbers of `zlib.constants` (<https://nodejs.org/api/zlib.html#zlib-constants>), in Node's order, and the names that
//! `zlib.codes` has for some.

#![allow(non_upper_case_globals, reason = "zstd's own spelling")]

/// Flush: as the codec likes.
pub const Z_NO_FLUSH: i32 = 0;
/// Flush: all output so far, without aligning it to a byte.
pub const Z_PARTIAL_FLUSH: i32 = 1;
/// Flush: all output so far, up to a byte boundary.
pub const Z_SYNC_FLUSH: i32 = 2;
/// Flush: as [`Z_SYNC_FLUSH`], and what follows refers to nothing before it.
pub const Z_FULL_FLUSH: i32 = 3;
/// Flush: the input ends here.
pub const Z_FINISH: i32 = 4;
/// Flush: up to the end of a block.
pub const Z_BLOCK: i32 = 5;
/// Nothing is wrong.
pub const Z_OK: i32 = 0;
/// The compressed data has ended.
pub const Z_STREAM_END: i32 = 1;
/// A dictionary is needed.
pub const Z_NEED_DICT: i32 = 2;
/// The system has failed.
pub const Z_ERRNO: i32 = -1;
/// The state is inconsistent.
pub const Z_STREAM_ERROR: i32 = -2;
/// The data is not what it should be.
pub const Z_DATA_ERROR: i32 = -3;
/// No memory.
pub const Z_MEM_ERROR: i32 = -4;
/// "Unexpected end of file" and its like.
pub const Z_BUF_ERROR: i32 = -5;
/// The library is of another version.
pub const Z_VERSION_ERROR: i32 = -6;
/// Store only.
pub const Z_NO_COMPRESSION: i32 = 0;
/// The fastest level.
pub const Z_BEST_SPEED: i32 = 1;
/// The level with the smallest output.
pub const Z_BEST_COMPRESSION: i32 = 9;
/// The level that zlib takes for a good compromise: 6.
pub const Z_DEFAULT_COMPRESSION: i32 = -1;
/// Strategy: for data of a filter, many small values.
pub const Z_FILTERED: i32 = 1;
/// Strategy: no string matching.
pub const Z_HUFFMAN_ONLY: i32 = 2;
/// Strategy: matches at distance one only.
pub const Z_RLE: i32 = 3;
/// Strategy: no dynamic Huffman tables.
pub const Z_FIXED: i32 = 4;
/// Strategy: the normal one.
pub const Z_DEFAULT_STRATEGY: i32 = 0;
/// The version of zlib that Node 26 has, 1.3.2.1; this crate's codecs are others.
pub const ZLIB_VERNUM: i32 = 4897;
/// [`Mode::Deflate`](crate::Mode::Deflate)'s number.
pub const DEFLATE: i32 = 1;
/// [`Mode::Inflate`](crate::Mode::Inflate)'s number.
pub const INFLATE: i32 = 2;
/// [`Mode::Gzip`](crate::Mode::Gzip)'s number.
pub const GZIP: i32 = 3;
/// [`Mode::Gunzip`](crate::Mode::Gunzip)'s number.
pub const GUNZIP: i32 = 4;
/// [`Mode::DeflateRaw`](crate::Mode::DeflateRaw)'s number.
pub const DEFLATERAW: i32 = 5;
/// [`Mode::InflateRaw`](crate::Mode::InflateRaw)'s number.
pub const INFLATERAW: i32 = 6;
/// [`Mode::Unzip`](crate::Mode::Unzip)'s number.
pub const UNZIP: i32 = 7;
/// [`Mode::BrotliDecompress`](crate::Mode::BrotliDecompress)'s number.
pub const BROTLI_DECODE: i32 = 8;
/// [`Mode::BrotliCompress`](crate::Mode::BrotliCompress)'s number.
pub const BROTLI_ENCODE: i32 = 9;
/// [`Mode::ZstdDecompress`](crate::Mode::ZstdDecompress)'s number.
pub const ZSTD_DECOMPRESS: i32 = 11;
/// [`Mode::ZstdCompress`](crate::Mode::ZstdCompress)'s number.
pub const ZSTD_COMPRESS: i32 = 10;
/// The smallest `windowBits`; gzip begins at 9.
pub const Z_MIN_WINDOWBITS: i32 = 8;
/// The largest `windowBits`.
pub const Z_MAX_WINDOWBITS: i32 = 15;
/// The `windowBits` where none is given.
pub const Z_DEFAULT_WINDOWBITS: i32 = 15;
/// The smallest `chunkSize`, in bytes.
pub const Z_MIN_CHUNK: usize = 64;
/// The largest `chunkSize`: there is none.
pub const Z_MAX_CHUNK: f64 = f64::INFINITY;
/// The `chunkSize` where none is given, in bytes.
pub const Z_DEFAULT_CHUNK: usize = 16384;
/// The smallest `memLevel`.
pub const Z_MIN_MEMLEVEL: i32 = 1;
/// The largest `memLevel`.
pub const Z_MAX_MEMLEVEL: i32 = 9;
/// The `memLevel` where none is given.
pub const Z_DEFAULT_MEMLEVEL: i32 = 8;
/// The smallest `level`.
pub const Z_MIN_LEVEL: i32 = -1;
/// The largest `level`.
pub const Z_MAX_LEVEL: i32 = 9;
/// The `level` where none is given.
pub const Z_DEFAULT_LEVEL: i32 = -1;
/// Brotli flush: as the codec likes.
pub const BROTLI_OPERATION_PROCESS: i32 = 0;
/// Brotli flush: all output so far.
pub const BROTLI_OPERATION_FLUSH: i32 = 1;
/// Brotli flush: the input ends here.
pub const BROTLI_OPERATION_FINISH: i32 = 2;
/// Brotli flush: the input is metadata, which decompressing leaves out.
pub const BROTLI_OPERATION_EMIT_METADATA: i32 = 3;
/// Brotli parameter: what the input is, one of the `BROTLI_MODE_*`.
pub const BROTLI_PARAM_MODE: i32 = 0;
/// Brotli mode: any input.
pub const BROTLI_MODE_GENERIC: i32 = 0;
/// Brotli mode: UTF-8 text.
pub const BROTLI_MODE_TEXT: i32 = 1;
/// Brotli mode: a WOFF 2 font.
pub const BROTLI_MODE_FONT: i32 = 2;
/// The mode where none is given.
pub const BROTLI_DEFAULT_MODE: i32 = 0;
/// Brotli parameter: how hard to compress, 0 to 11.
pub const BROTLI_PARAM_QUALITY: i32 = 1;
/// The fastest quality.
pub const BROTLI_MIN_QUALITY: i32 = 0;
/// The quality with the smallest output.
pub const BROTLI_MAX_QUALITY: i32 = 11;
/// The quality where none is given.
pub const BROTLI_DEFAULT_QUALITY: i32 = 11;
/// Brotli parameter: the base two logarithm of the window.
pub const BROTLI_PARAM_LGWIN: i32 = 2;
/// The smallest window.
pub const BROTLI_MIN_WINDOW_BITS: i32 = 10;
/// The largest window.
pub const BROTLI_MAX_WINDOW_BITS: i32 = 24;
/// The largest window with [`BROTLI_PARAM_LARGE_WINDOW`].
pub const BROTLI_LARGE_MAX_WINDOW_BITS: i32 = 30;
/// The window where none is given.
pub const BROTLI_DEFAULT_WINDOW: i32 = 22;
/// Brotli parameter: the base two logarithm of the largest input block; 0 leaves it to the codec.
pub const BROTLI_PARAM_LGBLOCK: i32 = 3;
/// The smallest input block.
pub const BROTLI_MIN_INPUT_BLOCK_BITS: i32 = 16;
/// The largest input block.
pub const BROTLI_MAX_INPUT_BLOCK_BITS: i32 = 24;
/// Brotli parameter: 1 gives up context modelling, for faster decompression.
pub const BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING: i32 = 4;
/// Brotli parameter: about how much input there will be, in bytes.
pub const BROTLI_PARAM_SIZE_HINT: i32 = 5;
/// Brotli parameter: 1 makes the large window format, which is not RFC 7932.
pub const BROTLI_PARAM_LARGE_WINDOW: i32 = 6;
/// Brotli parameter: the number of postfix bits of distances, 0 to 3.
pub const BROTLI_PARAM_NPOSTFIX: i32 = 7;
/// Brotli parameter: the number of direct distance codes, 0 to 15 times 2 to the power of the postfix bits.
pub const BROTLI_PARAM_NDIRECT: i32 = 8;
/// Brotli decoder result: the data is not sound.
pub const BROTLI_DECODER_RESULT_ERROR: i32 = 0;
/// Brotli decoder result: done.
pub const BROTLI_DECODER_RESULT_SUCCESS: i32 = 1;
/// Brotli decoder result: the input is used up.
pub const BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: i32 = 2;
/// Brotli decoder result: the output is full.
pub const BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: i32 = 3;
/// Brotli decoder parameter: 1 takes the whole window at once.
pub const BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION: i32 = 0;
/// Brotli decoder parameter: 1 takes the large window format too.
pub const BROTLI_DECODER_PARAM_LARGE_WINDOW: i32 = 1;
/// Brotli decoder code: nothing is wrong.
pub const BROTLI_DECODER_NO_ERROR: i32 = 0;
/// Brotli decoder code: done.
pub const BROTLI_DECODER_SUCCESS: i32 = 1;
/// Brotli decoder code: the input is used up.
pub const BROTLI_DECODER_NEEDS_MORE_INPUT: i32 = 2;
/// Brotli decoder code: the output is full.
pub const BROTLI_DECODER_NEEDS_MORE_OUTPUT: i32 = 3;
/// Brotli decoder code: format exuberant nibble.
pub const BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_NIBBLE: i32 = -1;
/// Brotli decoder code: format reserved.
pub const BROTLI_DECODER_ERROR_FORMAT_RESERVED: i32 = -2;
/// Brotli decoder code: format exuberant meta nibble.
pub const BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_META_NIBBLE: i32 = -3;
/// Brotli decoder code: format simple huffman alphabet.
pub const BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET: i32 = -4;
/// Brotli decoder code: format simple huffman same.
pub const BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_SAME: i32 = -5;
/// Brotli decoder code: format cl space.
pub const BROTLI_DECODER_ERROR_FORMAT_CL_SPACE: i32 = -6;
/// Brotli decoder code: format huffman space.
pub const BROTLI_DECODER_ERROR_FORMAT_HUFFMAN_SPACE: i32 = -7;
/// Brotli decoder code: format context map repeat.
pub const BROTLI_DECODER_ERROR_FORMAT_CONTEXT_MAP_REPEAT: i32 = -8;
/// Brotli decoder code: format block length 1.
pub const BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_1: i32 = -9;
/// Brotli decoder code: format block length 2.
pub const BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_2: i32 = -10;
/// Brotli decoder code: format transform.
pub const BROTLI_DECODER_ERROR_FORMAT_TRANSFORM: i32 = -11;
/// Brotli decoder code: format dictionary.
pub const BROTLI_DECODER_ERROR_FORMAT_DICTIONARY: i32 = -12;
/// Brotli decoder code: format window bits.
pub const BROTLI_DECODER_ERROR_FORMAT_WINDOW_BITS: i32 = -13;
/// Brotli decoder code: format padding 1.
pub const BROTLI_DECODER_ERROR_FORMAT_PADDING_1: i32 = -14;
/// Brotli decoder code: format padding 2.
pub const BROTLI_DECODER_ERROR_FORMAT_PADDING_2: i32 = -15;
/// Brotli decoder code: format distance.
pub const BROTLI_DECODER_ERROR_FORMAT_DISTANCE: i32 = -16;
/// Brotli decoder code: dictionary not set.
pub const BROTLI_DECODER_ERROR_DICTIONARY_NOT_SET: i32 = -19;
/// Brotli decoder code: invalid arguments.
pub const BROTLI_DECODER_ERROR_INVALID_ARGUMENTS: i32 = -20;
/// Brotli decoder code: alloc context modes.
pub const BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES: i32 = -21;
/// Brotli decoder code: alloc tree groups.
pub const BROTLI_DECODER_ERROR_ALLOC_TREE_GROUPS: i32 = -22;
/// Brotli decoder code: alloc context map.
pub const BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MAP: i32 = -25;
/// Brotli decoder code: alloc ring buffer 1.
pub const BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_1: i32 = -26;
/// Brotli decoder code: alloc ring buffer 2.
pub const BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_2: i32 = -27;
/// Brotli decoder code: alloc block type trees.
pub const BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES: i32 = -30;
/// Brotli decoder code: unreachable.
pub const BROTLI_DECODER_ERROR_UNREACHABLE: i32 = -31;
/// Zstd flush: as the codec likes.
pub const ZSTD_e_continue: i32 = 0;
/// Zstd flush: all output so far.
pub const ZSTD_e_flush: i32 = 1;
/// Zstd flush: the frame ends here.
pub const ZSTD_e_end: i32 = 2;
/// Zstd strategy: fast.
pub const ZSTD_fast: i32 = 1;
/// Zstd strategy: dfast.
pub const ZSTD_dfast: i32 = 2;
/// Zstd strategy: greedy.
pub const ZSTD_greedy: i32 = 3;
/// Zstd strategy: lazy.
pub const ZSTD_lazy: i32 = 4;
/// Zstd strategy: lazy2.
pub const ZSTD_lazy2: i32 = 5;
/// Zstd strategy: btlazy2.
pub const ZSTD_btlazy2: i32 = 6;
/// Zstd strategy: btopt.
pub const ZSTD_btopt: i32 = 7;
/// Zstd strategy: btultra.
pub const ZSTD_btultra: i32 = 8;
/// Zstd strategy: btultra2.
pub const ZSTD_btultra2: i32 = 9;
/// Zstd parameter: how hard to compress, down to -131072 and up to 22.
pub const ZSTD_c_compressionLevel: i32 = 100;
/// Zstd parameter: the base two logarithm of the window.
pub const ZSTD_c_windowLog: i32 = 101;
/// Zstd parameter: the base two logarithm of the hash table.
pub const ZSTD_c_hashLog: i32 = 102;
/// Zstd parameter: the base two logarithm of the search table.
pub const ZSTD_c_chainLog: i32 = 103;
/// Zstd parameter: the base two logarithm of the number of tries.
pub const ZSTD_c_searchLog: i32 = 104;
/// Zstd parameter: the length of the shortest match.
pub const ZSTD_c_minMatch: i32 = 105;
/// Zstd parameter: the length of a match that is good enough.
pub const ZSTD_c_targetLength: i32 = 106;
/// Zstd parameter: one of [`ZSTD_fast`] to [`ZSTD_btultra2`].
pub const ZSTD_c_strategy: i32 = 107;
/// Zstd parameter: 1 finds matches far back.
pub const ZSTD_c_enableLongDistanceMatching: i32 = 160;
/// Zstd parameter: the base two logarithm of the table for long distances.
pub const ZSTD_c_ldmHashLog: i32 = 161;
/// Zstd parameter: the length of the shortest match at a long distance.
pub const ZSTD_c_ldmMinMatch: i32 = 162;
/// Zstd parameter: the base two logarithm of the buckets of that table.
pub const ZSTD_c_ldmBucketSizeLog: i32 = 163;
/// Zstd parameter: how often that table is filled.
pub const ZSTD_c_ldmHashRateLog: i32 = 164;
/// Zstd parameter: 0 leaves the size of the content out of the frame.
pub const ZSTD_c_contentSizeFlag: i32 = 200;
/// Zstd parameter: 1 puts a checksum at the end of the frame.
pub const ZSTD_c_checksumFlag: i32 = 201;
/// Zstd parameter: 0 leaves the dictionary's number out of the frame.
pub const ZSTD_c_dictIDFlag: i32 = 202;
/// Zstd parameter: the number of threads beside the one that calls; Node looks at it and stays on one.
pub const ZSTD_c_nbWorkers: i32 = 400;
/// Zstd parameter: the input that one thread takes at a time, in bytes.
pub const ZSTD_c_jobSize: i32 = 401;
/// Zstd parameter: how much of the job before it a thread looks at.
pub const ZSTD_c_overlapLog: i32 = 402;
/// Zstd decoder parameter: the base two logarithm of the largest window.
pub const ZSTD_d_windowLogMax: i32 = 100;
/// The compression level where none is given.
pub const ZSTD_CLEVEL_DEFAULT: i32 = 3;
/// Zstd error: no error.
pub const ZSTD_error_no_error: i32 = 0;
/// Zstd error: generic.
pub const ZSTD_error_GENERIC: i32 = 1;
/// Zstd error: prefix unknown.
pub const ZSTD_error_prefix_unknown: i32 = 10;
/// Zstd error: version unsupported.
pub const ZSTD_error_version_unsupported: i32 = 12;
/// Zstd error: frame parameter unsupported.
pub const ZSTD_error_frameParameter_unsupported: i32 = 14;
/// Zstd error: frame parameter window too large.
pub const ZSTD_error_frameParameter_windowTooLarge: i32 = 16;
/// Zstd error: corruption detected.
pub const ZSTD_error_corruption_detected: i32 = 20;
/// Zstd error: checksum wrong.
pub const ZSTD_error_checksum_wrong: i32 = 22;
/// Zstd error: literals header wrong.
pub const ZSTD_error_literals_headerWrong: i32 = 24;
/// Zstd error: dictionary corrupted.
pub const ZSTD_error_dictionary_corrupted: i32 = 30;
/// Zstd error: dictionary wrong.
pub const ZSTD_error_dictionary_wrong: i32 = 32;
/// Zstd error: dictionary creation failed.
pub const ZSTD_error_dictionaryCreation_failed: i32 = 34;
/// Zstd error: parameter unsupported.
pub const ZSTD_error_parameter_unsupported: i32 = 40;
/// Zstd error: parameter combination unsupported.
pub const ZSTD_error_parameter_combination_unsupported: i32 = 41;
/// Zstd error: parameter out of bound.
pub const ZSTD_error_parameter_outOfBound: i32 = 42;
/// Zstd error: table log too large.
pub const ZSTD_error_tableLog_tooLarge: i32 = 44;
/// Zstd error: max symbol value too large.
pub const ZSTD_error_maxSymbolValue_tooLarge: i32 = 46;
/// Zstd error: max symbol value too small.
pub const ZSTD_error_maxSymbolValue_tooSmall: i32 = 48;
/// Zstd error: stability condition not respected.
pub const ZSTD_error_stabilityCondition_notRespected: i32 = 50;
/// Zstd error: stage wrong.
pub const ZSTD_error_stage_wrong: i32 = 60;
/// Zstd error: init missing.
pub const ZSTD_error_init_missing: i32 = 62;
/// Zstd error: memory allocation.
pub const ZSTD_error_memory_allocation: i32 = 64;
/// Zstd error: work space too small.
pub const ZSTD_error_workSpace_tooSmall: i32 = 66;
/// Zstd error: dst size too small.
pub const ZSTD_error_dstSize_tooSmall: i32 = 70;
/// Zstd error: src size wrong.
pub const ZSTD_error_srcSize_wrong: i32 = 72;
/// Zstd error: dst buffer null.
pub const ZSTD_error_dstBuffer_null: i32 = 74;
/// Zstd error: no forward progress dest full.
pub const ZSTD_error_noForwardProgress_destFull: i32 = 80;
/// Zstd error: no forward progress input empty.
pub const ZSTD_error_noForwardProgress_inputEmpty: i32 = 82;

/// Zlib's results with their names. Node: `zlib.codes`, which finds both from either.
///
/// ```
/// use nodecore_zlib::constants::{CODES, code_name};
///
/// assert_eq!(CODES.len(), 9);
/// assert_eq!(code_name(-3), Some("Z_DATA_ERROR"));
/// assert_eq!(code_name(9), None);
/// ```
pub const CODES: [(&str, i32); 9] = [
    ("Z_OK", Z_OK),
    ("Z_STREAM_END", Z_STREAM_END),
    ("Z_NEED_DICT", Z_NEED_DICT),
    ("Z_ERRNO", Z_ERRNO),
    ("Z_STREAM_ERROR", Z_STREAM_ERROR),
    ("Z_DATA_ERROR", Z_DATA_ERROR),
    ("Z_MEM_ERROR", Z_MEM_ERROR),
    ("Z_BUF_ERROR", Z_BUF_ERROR),
    ("Z_VERSION_ERROR", Z_VERSION_ERROR),
];

/// The name of one of zlib's results. Node: `zlib.codes[number]`.
pub fn code_name(number: i32) -> Option<&'static str> {
    CODES.iter().find(|(_, code)| *code == number).map(|(name, _)| *name)
}
