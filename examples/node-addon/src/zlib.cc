#include "handles.h"
#include "zlib_steps.h"

namespace addon {

// Parameters come from JavaScript as an array, keys and values by turns.
template <>
inline void read_field(Call &call, napi_value value, const nodecore_zlib_param *&field) {
  uint32_t length = 0;
  napi_get_array_length(call.env, value, &length);
  auto *params = static_cast<nodecore_zlib_param *>(call.arena.take((length / 2 + 1) * sizeof *field));
  for (uint32_t i = 0; i < length / 2; i++) {
    napi_value key, number;
    napi_get_element(call.env, value, 2 * i, &key);
    napi_get_element(call.env, value, 2 * i + 1, &number);
    params[i] = {static_cast<int32_t>(integer_of(call.env, key)), integer_of(call.env, number)};
  }
  field = params;
}

NODECORE_ADDON_SHAPE(nodecore_zlib_options, NODECORE_ZLIB_OPTIONS_INIT,
                     FIELD(chunk_size) FIELD(max_output_length) FIELD(dictionary) FIELD(dictionary_len)
                     FIELD(flush) FIELD(finish_flush) FIELD(has_finish_flush) FIELD(reject_garbage_after_end)
                     FIELD(has_level) FIELD(level) FIELD(window_bits) FIELD(mem_level) FIELD(strategy))
NODECORE_ADDON_SHAPE(nodecore_brotli_options, NODECORE_BROTLI_OPTIONS_INIT,
                     FIELD(chunk_size) FIELD(max_output_length) FIELD(dictionary) FIELD(dictionary_len)
                     FIELD(params) FIELD(param_count) FIELD(flush) FIELD(finish_flush)
                     FIELD(has_finish_flush) FIELD(reject_garbage_after_end))
NODECORE_ADDON_SHAPE(nodecore_zstd_options, NODECORE_ZSTD_OPTIONS_INIT,
                     FIELD(chunk_size) FIELD(max_output_length) FIELD(dictionary) FIELD(dictionary_len)
                     FIELD(params) FIELD(param_count) FIELD(flush) FIELD(finish_flush)
                     FIELD(has_finish_flush) FIELD(reject_garbage_after_end) FIELD(has_pledged_src_size)
                     FIELD(pledged_src_size))
NODECORE_ADDON_SHAPE(nodecore_zlib_info, NODECORE_ZLIB_INFO_INIT, FIELD(bytes_written))
NODECORE_ADDON_SHAPE(nodecore_zlib_stream_state, NODECORE_ZLIB_STREAM_STATE_INIT,
                     FIELD(bytes_written) FIELD(mode) FIELD(closed))

// Names and numbers go to JavaScript as an object.
struct Numbers {};
template <>
struct Js<Numbers> {
  static napi_value of(Env &own, bool, Numbers) {
    static const struct {
      const char *name;
      double value;
    } numbers[] = {
#define N(NAME) {#NAME, static_cast<double>(NODECORE_ZLIB_##NAME)},
      N(Z_NO_FLUSH) N(Z_PARTIAL_FLUSH) N(Z_SYNC_FLUSH) N(Z_FULL_FLUSH) N(Z_FINISH) N(Z_BLOCK) N(Z_OK)
      N(Z_STREAM_END) N(Z_NEED_DICT) N(Z_ERRNO) N(Z_STREAM_ERROR) N(Z_DATA_ERROR) N(Z_MEM_ERROR)
      N(Z_BUF_ERROR) N(Z_VERSION_ERROR) N(Z_NO_COMPRESSION) N(Z_BEST_SPEED) N(Z_BEST_COMPRESSION)
      N(Z_DEFAULT_COMPRESSION) N(Z_FILTERED) N(Z_HUFFMAN_ONLY) N(Z_RLE) N(Z_FIXED) N(Z_DEFAULT_STRATEGY)
      N(ZLIB_VERNUM) N(DEFLATE) N(INFLATE) N(GZIP) N(GUNZIP) N(DEFLATERAW) N(INFLATERAW) N(UNZIP)
      N(BROTLI_DECODE) N(BROTLI_ENCODE) N(ZSTD_DECOMPRESS) N(ZSTD_COMPRESS) N(Z_MIN_WINDOWBITS)
      N(Z_MAX_WINDOWBITS) N(Z_DEFAULT_WINDOWBITS) N(Z_MIN_CHUNK) N(Z_DEFAULT_CHUNK) N(Z_MIN_MEMLEVEL)
      N(Z_MAX_MEMLEVEL) N(Z_DEFAULT_MEMLEVEL) N(Z_MIN_LEVEL) N(Z_MAX_LEVEL) N(Z_DEFAULT_LEVEL)
      N(BROTLI_OPERATION_PROCESS) N(BROTLI_OPERATION_FLUSH) N(BROTLI_OPERATION_FINISH)
      N(BROTLI_OPERATION_EMIT_METADATA) N(BROTLI_PARAM_MODE) N(BROTLI_MODE_GENERIC) N(BROTLI_MODE_TEXT)
      N(BROTLI_MODE_FONT) N(BROTLI_DEFAULT_MODE) N(BROTLI_PARAM_QUALITY) N(BROTLI_MIN_QUALITY)
      N(BROTLI_MAX_QUALITY) N(BROTLI_DEFAULT_QUALITY) N(BROTLI_PARAM_LGWIN) N(BROTLI_MIN_WINDOW_BITS)
      N(BROTLI_MAX_WINDOW_BITS) N(BROTLI_LARGE_MAX_WINDOW_BITS) N(BROTLI_DEFAULT_WINDOW)
      N(BROTLI_PARAM_LGBLOCK) N(BROTLI_MIN_INPUT_BLOCK_BITS) N(BROTLI_MAX_INPUT_BLOCK_BITS)
      N(BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING) N(BROTLI_PARAM_SIZE_HINT) N(BROTLI_PARAM_LARGE_WINDOW)
      N(BROTLI_PARAM_NPOSTFIX) N(BROTLI_PARAM_NDIRECT) N(BROTLI_DECODER_RESULT_ERROR)
      N(BROTLI_DECODER_RESULT_SUCCESS) N(BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT)
      N(BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) N(BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION)
      N(BROTLI_DECODER_PARAM_LARGE_WINDOW) N(BROTLI_DECODER_NO_ERROR) N(BROTLI_DECODER_SUCCESS)
      N(BROTLI_DECODER_NEEDS_MORE_INPUT) N(BROTLI_DECODER_NEEDS_MORE_OUTPUT)
      N(BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_NIBBLE) N(BROTLI_DECODER_ERROR_FORMAT_RESERVED)
      N(BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_META_NIBBLE)
      N(BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET)
      N(BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_SAME) N(BROTLI_DECODER_ERROR_FORMAT_CL_SPACE)
      N(BROTLI_DECODER_ERROR_FORMAT_HUFFMAN_SPACE) N(BROTLI_DECODER_ERROR_FORMAT_CONTEXT_MAP_REPEAT)
      N(BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_1) N(BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_2)
      N(BROTLI_DECODER_ERROR_FORMAT_TRANSFORM) N(BROTLI_DECODER_ERROR_FORMAT_DICTIONARY)
      N(BROTLI_DECODER_ERROR_FORMAT_WINDOW_BITS) N(BROTLI_DECODER_ERROR_FORMAT_PADDING_1)
      N(BROTLI_DECODER_ERROR_FORMAT_PADDING_2) N(BROTLI_DECODER_ERROR_FORMAT_DISTANCE)
      N(BROTLI_DECODER_ERROR_DICTIONARY_NOT_SET) N(BROTLI_DECODER_ERROR_INVALID_ARGUMENTS)
      N(BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES) N(BROTLI_DECODER_ERROR_ALLOC_TREE_GROUPS)
      N(BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MAP) N(BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_1)
      N(BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_2) N(BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES)
      N(BROTLI_DECODER_ERROR_UNREACHABLE) N(ZSTD_e_continue) N(ZSTD_e_flush) N(ZSTD_e_end) N(ZSTD_fast)
      N(ZSTD_dfast) N(ZSTD_greedy) N(ZSTD_lazy) N(ZSTD_lazy2) N(ZSTD_btlazy2) N(ZSTD_btopt) N(ZSTD_btultra)
      N(ZSTD_btultra2) N(ZSTD_c_compressionLevel) N(ZSTD_c_windowLog) N(ZSTD_c_hashLog) N(ZSTD_c_chainLog)
      N(ZSTD_c_searchLog) N(ZSTD_c_minMatch) N(ZSTD_c_targetLength) N(ZSTD_c_strategy)
      N(ZSTD_c_enableLongDistanceMatching) N(ZSTD_c_ldmHashLog) N(ZSTD_c_ldmMinMatch)
      N(ZSTD_c_ldmBucketSizeLog) N(ZSTD_c_ldmHashRateLog) N(ZSTD_c_contentSizeFlag) N(ZSTD_c_checksumFlag)
      N(ZSTD_c_dictIDFlag) N(ZSTD_c_nbWorkers) N(ZSTD_c_jobSize) N(ZSTD_c_overlapLog) N(ZSTD_d_windowLogMax)
      N(ZSTD_CLEVEL_DEFAULT) N(ZSTD_error_no_error) N(ZSTD_error_GENERIC) N(ZSTD_error_prefix_unknown)
      N(ZSTD_error_version_unsupported) N(ZSTD_error_frameParameter_unsupported)
      N(ZSTD_error_frameParameter_windowTooLarge) N(ZSTD_error_corruption_detected)
      N(ZSTD_error_checksum_wrong) N(ZSTD_error_literals_headerWrong) N(ZSTD_error_dictionary_corrupted)
      N(ZSTD_error_dictionary_wrong) N(ZSTD_error_dictionaryCreation_failed)
      N(ZSTD_error_parameter_unsupported) N(ZSTD_error_parameter_combination_unsupported)
      N(ZSTD_error_parameter_outOfBound) N(ZSTD_error_tableLog_tooLarge) N(ZSTD_error_maxSymbolValue_tooLarge)
      N(ZSTD_error_maxSymbolValue_tooSmall) N(ZSTD_error_stabilityCondition_notRespected)
      N(ZSTD_error_stage_wrong) N(ZSTD_error_init_missing) N(ZSTD_error_memory_allocation)
      N(ZSTD_error_workSpace_tooSmall) N(ZSTD_error_dstSize_tooSmall) N(ZSTD_error_srcSize_wrong)
      N(ZSTD_error_dstBuffer_null) N(ZSTD_error_noForwardProgress_destFull)
      N(ZSTD_error_noForwardProgress_inputEmpty)
#undef N
    };
    napi_value object;
    napi_create_object(own.env, &object);
    for (const auto &number : numbers)
      napi_set_named_property(own.env, object, number.name, js_number(own.env, number.value));
    return object;
  }
};

namespace {

Numbers zlib_constants() { return {}; }

using BytesCallback = void (*)(nodecore_buf *bytes, void *user);

// Tells JavaScript of each chunk, of the end and of a failure.
nodecore_status zlib_stream_listen(nodecore_stream *stream, BytesCallback, void *data,
                                   nodecore_release release_data, nodecore_event_cb end, void *end_user,
                                   nodecore_release release_end, nodecore_event_cb failed, void *failed_user,
                                   nodecore_release release_failed) {
  nodecore_stream_on(stream, NODECORE_EVENT_ERROR, 0, failed, failed_user, release_failed, nullptr);
  nodecore_stream_on(stream, NODECORE_EVENT_END, 0, end, end_user, release_end, nullptr);
  return nodecore_stream_on_data(
      stream, 0,
      [](nodecore_chunk *chunk, void *user) {
        nodecore_chunk taken = nodecore_chunk_take(chunk);
        Trampoline<BytesCallback>::run(&taken.bytes, user);
        nodecore_chunk_free(&taken);
      },
      data, release_data, nullptr);
}

nodecore_status zlib_stream_write(nodecore_stream *stream, const void *data, size_t length,
                                  nodecore_done_cb cb, void *user, nodecore_release release,
                                  nodecore_error **err) {
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES(data, length);
  return nodecore_stream_write_chunk(stream, &chunk, cb, user, release, nullptr, err);
}

#define CODEC(NAME)                   \
  BYTES(nodecore_zlib_##NAME##_sync), \
  BYTES(nodecore_zlib_##NAME),        \
  BYTES(nodecore_zlib_create_##NAME), \
  {"zlib_steps_" #NAME, addon::call<zlib_steps_new<nodecore_zlib_create_##NAME>>}

const Binding bindings[] = {
    CODEC(deflate),
    CODEC(inflate),
    CODEC(gzip),
    CODEC(gunzip),
    CODEC(deflate_raw),
    CODEC(inflate_raw),
    CODEC(unzip),
    CODEC(brotli_compress),
    CODEC(brotli_decompress),
    CODEC(zstd_compress),
    CODEC(zstd_decompress),
    BYTES(nodecore_stream_end),
    BYTES(nodecore_stream_pause),
    BYTES(nodecore_stream_resume),
    BYTES(nodecore_zlib_code_name),
    BYTES(nodecore_zlib_crc32),
    BYTES(nodecore_zlib_stream_close),
    BYTES(nodecore_zlib_stream_flush),
    BYTES(nodecore_zlib_stream_get_state),
    BYTES(nodecore_zlib_stream_params),
    BYTES(nodecore_zlib_stream_reset),
    BYTES(zlib_constants),
    BYTES(zlib_steps_reset),
    BYTES(zlib_steps_run),
    BYTES(zlib_stream_listen),
    BYTES(zlib_stream_write),
};

}  // namespace

extern const Table zlib_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
