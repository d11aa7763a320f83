//! The constants are Node's.
#![allow(clippy::unwrap_used)]

use nodecore_testdata::node::Node;
use nodecore_zlib::constants::{self, code_name};

/// Name and value of each.
#[allow(clippy::cast_precision_loss, reason = "small numbers")]
fn all() -> Vec<(&'static str, f64)> {
    vec![
        ("Z_NO_FLUSH", constants::Z_NO_FLUSH.into()),
        ("Z_PARTIAL_FLUSH", constants::Z_PARTIAL_FLUSH.into()),
        ("Z_SYNC_FLUSH", constants::Z_SYNC_FLUSH.into()),
        ("Z_FULL_FLUSH", constants::Z_FULL_FLUSH.into()),
        ("Z_FINISH", constants::Z_FINISH.into()),
        ("Z_BLOCK", constants::Z_BLOCK.into()),
        ("Z_OK", constants::Z_OK.into()),
        ("Z_STREAM_END", constants::Z_STREAM_END.into()),
        ("Z_NEED_DICT", constants::Z_NEED_DICT.into()),
        ("Z_ERRNO", constants::Z_ERRNO.into()),
        ("Z_STREAM_ERROR", constants::Z_STREAM_ERROR.into()),
        ("Z_DATA_ERROR", constants::Z_DATA_ERROR.into()),
        ("Z_MEM_ERROR", constants::Z_MEM_ERROR.into()),
        ("Z_BUF_ERROR", constants::Z_BUF_ERROR.into()),
        ("Z_VERSION_ERROR", constants::Z_VERSION_ERROR.into()),
        ("Z_NO_COMPRESSION", constants::Z_NO_COMPRESSION.into()),
        ("Z_BEST_SPEED", constants::Z_BEST_SPEED.into()),
        ("Z_BEST_COMPRESSION", constants::Z_BEST_COMPRESSION.into()),
        ("Z_DEFAULT_COMPRESSION", constants::Z_DEFAULT_COMPRESSION.into()),
        ("Z_FILTERED", constants::Z_FILTERED.into()),
        ("Z_HUFFMAN_ONLY", constants::Z_HUFFMAN_ONLY.into()),
        ("Z_RLE", constants::Z_RLE.into()),
        ("Z_FIXED", constants::Z_FIXED.into()),
        ("Z_DEFAULT_STRATEGY", constants::Z_DEFAULT_STRATEGY.into()),
        ("ZLIB_VERNUM", constants::ZLIB_VERNUM.into()),
        ("DEFLATE", constants::DEFLATE.into()),
        ("INFLATE", constants::INFLATE.into()),
        ("GZIP", constants::GZIP.into()),
        ("GUNZIP", constants::GUNZIP.into()),
        ("DEFLATERAW", constants::DEFLATERAW.into()),
        ("INFLATERAW", constants::INFLATERAW.into()),
        ("UNZIP", constants::UNZIP.into()),
        ("BROTLI_DECODE", constants::BROTLI_DECODE.into()),
        ("BROTLI_ENCODE", constants::BROTLI_ENCODE.into()),
        ("ZSTD_DECOMPRESS", constants::ZSTD_DECOMPRESS.into()),
        ("ZSTD_COMPRESS", constants::ZSTD_COMPRESS.into()),
        ("Z_MIN_WINDOWBITS", constants::Z_MIN_WINDOWBITS.into()),
        ("Z_MAX_WINDOWBITS", constants::Z_MAX_WINDOWBITS.into()),
        ("Z_DEFAULT_WINDOWBITS", constants::Z_DEFAULT_WINDOWBITS.into()),
        ("Z_MIN_CHUNK", constants::Z_MIN_CHUNK as f64),
        ("Z_MAX_CHUNK", constants::Z_MAX_CHUNK),
        ("Z_DEFAULT_CHUNK", constants::Z_DEFAULT_CHUNK as f64),
        ("Z_MIN_MEMLEVEL", constants::Z_MIN_MEMLEVEL.into()),
        ("Z_MAX_MEMLEVEL", constants::Z_MAX_MEMLEVEL.into()),
        ("Z_DEFAULT_MEMLEVEL", constants::Z_DEFAULT_MEMLEVEL.into()),
        ("Z_MIN_LEVEL", constants::Z_MIN_LEVEL.into()),
        ("Z_MAX_LEVEL", constants::Z_MAX_LEVEL.into()),
        ("Z_DEFAULT_LEVEL", constants::Z_DEFAULT_LEVEL.into()),
        ("BROTLI_OPERATION_PROCESS", constants::BROTLI_OPERATION_PROCESS.into()),
        ("BROTLI_OPERATION_FLUSH", constants::BROTLI_OPERATION_FLUSH.into()),
        ("BROTLI_OPERATION_FINISH", constants::BROTLI_OPERATION_FINISH.into()),
        ("BROTLI_OPERATION_EMIT_METADATA", constants::BROTLI_OPERATION_EMIT_METADATA.into()),
        ("BROTLI_PARAM_MODE", constants::BROTLI_PARAM_MODE.into()),
        ("BROTLI_MODE_GENERIC", constants::BROTLI_MODE_GENERIC.into()),
        ("BROTLI_MODE_TEXT", constants::BROTLI_MODE_TEXT.into()),
        ("BROTLI_MODE_FONT", constants::BROTLI_MODE_FONT.into()),
        ("BROTLI_DEFAULT_MODE", constants::BROTLI_DEFAULT_MODE.into()),
        ("BROTLI_PARAM_QUALITY", constants::BROTLI_PARAM_QUALITY.into()),
        ("BROTLI_MIN_QUALITY", constants::BROTLI_MIN_QUALITY.into()),
        ("BROTLI_MAX_QUALITY", constants::BROTLI_MAX_QUALITY.into()),
        ("BROTLI_DEFAULT_QUALITY", constants::BROTLI_DEFAULT_QUALITY.into()),
        ("BROTLI_PARAM_LGWIN", constants::BROTLI_PARAM_LGWIN.into()),
        ("BROTLI_MIN_WINDOW_BITS", constants::BROTLI_MIN_WINDOW_BITS.into()),
        ("BROTLI_MAX_WINDOW_BITS", constants::BROTLI_MAX_WINDOW_BITS.into()),
        ("BROTLI_LARGE_MAX_WINDOW_BITS", constants::BROTLI_LARGE_MAX_WINDOW_BITS.into()),
        ("BROTLI_DEFAULT_WINDOW", constants::BROTLI_DEFAULT_WINDOW.into()),
        ("BROTLI_PARAM_LGBLOCK", constants::BROTLI_PARAM_LGBLOCK.into()),
        ("BROTLI_MIN_INPUT_BLOCK_BITS", constants::BROTLI_MIN_INPUT_BLOCK_BITS.into()),
        ("BROTLI_MAX_INPUT_BLOCK_BITS", constants::BROTLI_MAX_INPUT_BLOCK_BITS.into()),
        (
            "BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING",
            constants::BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING.into(),
        ),
        ("BROTLI_PARAM_SIZE_HINT", constants::BROTLI_PARAM_SIZE_HINT.into()),
        ("BROTLI_PARAM_LARGE_WINDOW", constants::BROTLI_PARAM_LARGE_WINDOW.into()),
        ("BROTLI_PARAM_NPOSTFIX", constants::BROTLI_PARAM_NPOSTFIX.into()),
        ("BROTLI_PARAM_NDIRECT", constants::BROTLI_PARAM_NDIRECT.into()),
        ("BROTLI_DECODER_RESULT_ERROR", constants::BROTLI_DECODER_RESULT_ERROR.into()),
        ("BROTLI_DECODER_RESULT_SUCCESS", constants::BROTLI_DECODER_RESULT_SUCCESS.into()),
        ("BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT", constants::BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT.into()),
        (
            "BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT",
            constants::BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT.into(),
        ),
        (
            "BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION",
            constants::BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION.into(),
        ),
        ("BROTLI_DECODER_PARAM_LARGE_WINDOW", constants::BROTLI_DECODER_PARAM_LARGE_WINDOW.into()),
        ("BROTLI_DECODER_NO_ERROR", constants::BROTLI_DECODER_NO_ERROR.into()),
        ("BROTLI_DECODER_SUCCESS", constants::BROTLI_DECODER_SUCCESS.into()),
        ("BROTLI_DECODER_NEEDS_MORE_INPUT", constants::BROTLI_DECODER_NEEDS_MORE_INPUT.into()),
        ("BROTLI_DECODER_NEEDS_MORE_OUTPUT", constants::BROTLI_DECODER_NEEDS_MORE_OUTPUT.into()),
        (
            "BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_NIBBLE",
            constants::BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_NIBBLE.into(),
        ),
        ("BROTLI_DECODER_ERROR_FORMAT_RESERVED", constants::BROTLI_DECODER_ERROR_FORMAT_RESERVED.into()),
        (
            "BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_META_NIBBLE",
            constants::BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_META_NIBBLE.into(),
        ),
        (
            "BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET",
            constants::BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET.into(),
        ),
        (
            "BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_SAME",
            constants::BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_SAME.into(),
        ),
        ("BROTLI_DECODER_ERROR_FORMAT_CL_SPACE", constants::BROTLI_DECODER_ERROR_FORMAT_CL_SPACE.into()),
        (
            "BROTLI_DECODER_ERROR_FORMAT_HUFFMAN_SPACE",
            constants::BROTLI_DECODER_ERROR_FORMAT_HUFFMAN_SPACE.into(),
        ),
        (
            "BROTLI_DECODER_ERROR_FORMAT_CONTEXT_MAP_REPEAT",
            constants::BROTLI_DECODER_ERROR_FORMAT_CONTEXT_MAP_REPEAT.into(),
        ),
        (
            "BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_1",
            constants::BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_1.into(),
        ),
        (
            "BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_2",
            constants::BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_2.into(),
        ),
        ("BROTLI_DECODER_ERROR_FORMAT_TRANSFORM", constants::BROTLI_DECODER_ERROR_FORMAT_TRANSFORM.into()),
        ("BROTLI_DECODER_ERROR_FORMAT_DICTIONARY", constants::BROTLI_DECODER_ERROR_FORMAT_DICTIONARY.into()),
        (
            "BROTLI_DECODER_ERROR_FORMAT_WINDOW_BITS",
            constants::BROTLI_DECODER_ERROR_FORMAT_WINDOW_BITS.into(),
        ),
        ("BROTLI_DECODER_ERROR_FORMAT_PADDING_1", constants::BROTLI_DECODER_ERROR_FORMAT_PADDING_1.into()),
        ("BROTLI_DECODER_ERROR_FORMAT_PADDING_2", constants::BROTLI_DECODER_ERROR_FORMAT_PADDING_2.into()),
        ("BROTLI_DECODER_ERROR_FORMAT_DISTANCE", constants::BROTLI_DECODER_ERROR_FORMAT_DISTANCE.into()),
        (
            "BROTLI_DECODER_ERROR_DICTIONARY_NOT_SET",
            constants::BROTLI_DECODER_ERROR_DICTIONARY_NOT_SET.into(),
        ),
        ("BROTLI_DECODER_ERROR_INVALID_ARGUMENTS", constants::BROTLI_DECODER_ERROR_INVALID_ARGUMENTS.into()),
        (
            "BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES",
            constants::BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES.into(),
        ),
        ("BROTLI_DECODER_ERROR_ALLOC_TREE_GROUPS", constants::BROTLI_DECODER_ERROR_ALLOC_TREE_GROUPS.into()),
        ("BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MAP", constants::BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MAP.into()),
        (
            "BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_1",
            constants::BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_1.into(),
        ),
        (
            "BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_2",
            constants::BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_2.into(),
        ),
        (
            "BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES",
            constants::BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES.into(),
        ),
        ("BROTLI_DECODER_ERROR_UNREACHABLE", constants::BROTLI_DECODER_ERROR_UNREACHABLE.into()),
        ("ZSTD_e_continue", constants::ZSTD_e_continue.into()),
        ("ZSTD_e_flush", constants::ZSTD_e_flush.into()),
        ("ZSTD_e_end", constants::ZSTD_e_end.into()),
        ("ZSTD_fast", constants::ZSTD_fast.into()),
        ("ZSTD_dfast", constants::ZSTD_dfast.into()),
        ("ZSTD_greedy", constants::ZSTD_greedy.into()),
        ("ZSTD_lazy", constants::ZSTD_lazy.into()),
        ("ZSTD_lazy2", constants::ZSTD_lazy2.into()),
        ("ZSTD_btlazy2", constants::ZSTD_btlazy2.into()),
        ("ZSTD_btopt", constants::ZSTD_btopt.into()),
        ("ZSTD_btultra", constants::ZSTD_btultra.into()),
        ("ZSTD_btultra2", constants::ZSTD_btultra2.into()),
        ("ZSTD_c_compressionLevel", constants::ZSTD_c_compressionLevel.into()),
        ("ZSTD_c_windowLog", constants::ZSTD_c_windowLog.into()),
        ("ZSTD_c_hashLog", constants::ZSTD_c_hashLog.into()),
        ("ZSTD_c_chainLog", constants::ZSTD_c_chainLog.into()),
        ("ZSTD_c_searchLog", constants::ZSTD_c_searchLog.into()),
        ("ZSTD_c_minMatch", constants::ZSTD_c_minMatch.into()),
        ("ZSTD_c_targetLength", constants::ZSTD_c_targetLength.into()),
        ("ZSTD_c_strategy", constants::ZSTD_c_strategy.into()),
        ("ZSTD_c_enableLongDistanceMatching", constants::ZSTD_c_enableLongDistanceMatching.into()),
        ("ZSTD_c_ldmHashLog", constants::ZSTD_c_ldmHashLog.into()),
        ("ZSTD_c_ldmMinMatch", constants::ZSTD_c_ldmMinMatch.into()),
        ("ZSTD_c_ldmBucketSizeLog", constants::ZSTD_c_ldmBucketSizeLog.into()),
        ("ZSTD_c_ldmHashRateLog", constants::ZSTD_c_ldmHashRateLog.into()),
        ("ZSTD_c_contentSizeFlag", constants::ZSTD_c_contentSizeFlag.into()),
        ("ZSTD_c_checksumFlag", constants::ZSTD_c_checksumFlag.into()),
        ("ZSTD_c_dictIDFlag", constants::ZSTD_c_dictIDFlag.into()),
        ("ZSTD_c_nbWorkers", constants::ZSTD_c_nbWorkers.into()),
        ("ZSTD_c_jobSize", constants::ZSTD_c_jobSize.into()),
        ("ZSTD_c_overlapLog", constants::ZSTD_c_overlapLog.into()),
        ("ZSTD_d_windowLogMax", constants::ZSTD_d_windowLogMax.into()),
        ("ZSTD_CLEVEL_DEFAULT", constants::ZSTD_CLEVEL_DEFAULT.into()),
        ("ZSTD_error_no_error", constants::ZSTD_error_no_error.into()),
        ("ZSTD_error_GENERIC", constants::ZSTD_error_GENERIC.into()),
        ("ZSTD_error_prefix_unknown", constants::ZSTD_error_prefix_unknown.into()),
        ("ZSTD_error_version_unsupported", constants::ZSTD_error_version_unsupported.into()),
        ("ZSTD_error_frameParameter_unsupported", constants::ZSTD_error_frameParameter_unsupported.into()),
        (
            "ZSTD_error_frameParameter_windowTooLarge",
            constants::ZSTD_error_frameParameter_windowTooLarge.into(),
        ),
        ("ZSTD_error_corruption_detected", constants::ZSTD_error_corruption_detected.into()),
        ("ZSTD_error_checksum_wrong", constants::ZSTD_error_checksum_wrong.into()),
        ("ZSTD_error_literals_headerWrong", constants::ZSTD_error_literals_headerWrong.into()),
        ("ZSTD_error_dictionary_corrupted", constants::ZSTD_error_dictionary_corrupted.into()),
        ("ZSTD_error_dictionary_wrong", constants::ZSTD_error_dictionary_wrong.into()),
        ("ZSTD_error_dictionaryCreation_failed", constants::ZSTD_error_dictionaryCreation_failed.into()),
        ("ZSTD_error_parameter_unsupported", constants::ZSTD_error_parameter_unsupported.into()),
        (
            "ZSTD_error_parameter_combination_unsupported",
            constants::ZSTD_error_parameter_combination_unsupported.into(),
        ),
        ("ZSTD_error_parameter_outOfBound", constants::ZSTD_error_parameter_outOfBound.into()),
        ("ZSTD_error_tableLog_tooLarge", constants::ZSTD_error_tableLog_tooLarge.into()),
        ("ZSTD_error_maxSymbolValue_tooLarge", constants::ZSTD_error_maxSymbolValue_tooLarge.into()),
        ("ZSTD_error_maxSymbolValue_tooSmall", constants::ZSTD_error_maxSymbolValue_tooSmall.into()),
        (
            "ZSTD_error_stabilityCondition_notRespected",
            constants::ZSTD_error_stabilityCondition_notRespected.into(),
        ),
        ("ZSTD_error_stage_wrong", constants::ZSTD_error_stage_wrong.into()),
        ("ZSTD_error_init_missing", constants::ZSTD_error_init_missing.into()),
        ("ZSTD_error_memory_allocation", constants::ZSTD_error_memory_allocation.into()),
        ("ZSTD_error_workSpace_tooSmall", constants::ZSTD_error_workSpace_tooSmall.into()),
        ("ZSTD_error_dstSize_tooSmall", constants::ZSTD_error_dstSize_tooSmall.into()),
        ("ZSTD_error_srcSize_wrong", constants::ZSTD_error_srcSize_wrong.into()),
        ("ZSTD_error_dstBuffer_null", constants::ZSTD_error_dstBuffer_null.into()),
        ("ZSTD_error_noForwardProgress_destFull", constants::ZSTD_error_noForwardProgress_destFull.into()),
        (
            "ZSTD_error_noForwardProgress_inputEmpty",
            constants::ZSTD_error_noForwardProgress_inputEmpty.into(),
        ),
    ]
}

#[test]
fn constants_are_nodes() {
    assert_eq!(all().len(), 170);
    let Some(node) = Node::find() else { return };
    let script = "for (const [k, v] of Object.entries(require('zlib').constants)) console.log(k, v)";
    let listed = node.feed(node.command().args(["-e", script]), "");
    let here: String = all()
        .iter()
        .map(|(name, value)| match value.is_finite() {
            true => format!("{name} {value}\n"),
            false => format!("{name} Infinity\n"),
        })
        .collect();
    assert_eq!(here, listed);
}

#[test]
fn codes_are_nodes() {
    let Some(node) = Node::find() else { return };
    let script = "const { codes } = require('zlib'); for (let n = -10; n < 10; n++) console.log(n, codes[n])";
    let listed = node.feed(node.command().args(["-e", script]), "");
    let here: String = (-10..10).map(|n| format!("{n} {}\n", code_name(n).unwrap_or("undefined"))).collect();
    assert_eq!(here, listed);
    for (name, number) in constants::CODES {
        assert_eq!(code_name(number), Some(name));
    }
}
