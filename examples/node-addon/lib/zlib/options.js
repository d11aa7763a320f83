'use strict';
// Options as the library takes them, of options as Node does.

const { kMaxLength } = require('buffer');
const { codeError, invalidArgType, outOfRange } = require('../errors');
const { isAnyBytes } = require('../validators');
const { constants } = require('./constants');

/** The number that `value` is, between two others; `none` for undefined and NaN. */
function number(value, name, min, max, none) {
  if (value === undefined || Number.isNaN(value)) return none;
  if (typeof value !== 'number') throw invalidArgType(name, 'number', value);
  if (!Number.isFinite(value)) throw outOfRange(name, 'a finite number', value);
  if (value < min || value > max)
    throw outOfRange(name, max === Infinity ? `>= ${min}` : `>= ${min} and <= ${max}`, value);
  return value;
}

/** The parameters of brotli and Zstandard, keys and values by turns. */
function params(given, family) {
  const flat = [];
  const seen = new Set();
  for (const key of Object.keys(given ?? {})) {
    const twice = seen.size === seen.add(Number(key)).size;
    if (twice || !Number.isInteger(Number(key)) || Math.abs(Number(key)) >= 2 ** 31)
      throw codeError(
        RangeError,
        `ERR_${family.code}_INVALID_PARAM`,
        `${key} is not a valid ${family.title} parameter`,
      );
    const value = given[key];
    if (typeof value !== 'number' && typeof value !== 'boolean')
      throw invalidArgType('options.params[key]', 'number', value);
    flat.push(Number(key), Number(value));
  }
  return flat;
}

/** The pairs of a family of codecs: what the kinds of flush are, and which options there are. */
const ZLIB = {
  most: constants.Z_BLOCK,
  finish: constants.Z_FINISH,
  full: constants.Z_FULL_FLUSH,
  read(options, into, { mode }) {
    const { DEFLATERAW, GUNZIP, GZIP, INFLATE, UNZIP } = constants;
    const decompress = mode === INFLATE || mode === GUNZIP || mode === UNZIP;
    if (!decompress || (options.windowBits != null && options.windowBits !== 0)) {
      const min = mode === GZIP ? 9 : constants.Z_MIN_WINDOWBITS;
      into.window_bits = number(options.windowBits, 'options.windowBits', min, constants.Z_MAX_WINDOWBITS);
    }
    if (mode === DEFLATERAW && into.window_bits === 8) into.window_bits = 9;
    const { Z_DEFAULT_LEVEL, Z_DEFAULT_STRATEGY, Z_MAX_LEVEL, Z_MIN_LEVEL } = constants;
    into.level = number(options.level, 'options.level', Z_MIN_LEVEL, Z_MAX_LEVEL, Z_DEFAULT_LEVEL);
    into.has_level = true;
    into.mem_level = number(
      options.memLevel,
      'options.memLevel',
      constants.Z_MIN_MEMLEVEL,
      constants.Z_MAX_MEMLEVEL,
    );
    into.strategy = number(options.strategy, 'options.strategy', 0, constants.Z_FIXED, Z_DEFAULT_STRATEGY);
  },
};

const BROTLI = {
  code: 'BROTLI',
  title: 'Brotli',
  most: constants.BROTLI_OPERATION_EMIT_METADATA,
  finish: constants.BROTLI_OPERATION_FINISH,
  full: constants.BROTLI_OPERATION_FLUSH,
  read(options, into) {
    into.params = params(options.params, BROTLI);
    into.param_count = into.params.length / 2;
  },
};

const ZSTD = {
  code: 'ZSTD',
  title: 'zstd',
  most: constants.ZSTD_e_end,
  finish: constants.ZSTD_e_end,
  full: constants.ZSTD_e_flush,
  read(options, into) {
    into.params = params(options.params, ZSTD);
    into.param_count = into.params.length / 2;
    const { pledgedSrcSize } = options;
    if (pledgedSrcSize === undefined) return;
    if (typeof pledgedSrcSize !== 'number')
      throw codeError(TypeError, 'ERR_INVALID_ARG_TYPE', 'pledgedSrcSize must be a number');
    if (!(pledgedSrcSize >= 0))
      throw codeError(RangeError, 'ERR_OUT_OF_RANGE', 'pledgedSrcSize must be non-negative');
    into.pledged_src_size = pledgedSrcSize;
    into.has_pledged_src_size = true;
  },
};

/** Checks `options` of a codec. */
function read(given, codec) {
  const options = given ?? {};
  const { family } = codec;
  const into = {
    chunk_size: number(options.chunkSize, 'options.chunkSize', constants.Z_MIN_CHUNK, Infinity),
    flush: number(options.flush, 'options.flush', 0, family.most),
    finish_flush: number(options.finishFlush, 'options.finishFlush', 0, family.most, family.finish),
    has_finish_flush: true,
    max_output_length: number(options.maxOutputLength, 'options.maxOutputLength', 1, kMaxLength, kMaxLength),
  };
  family.read(options, into, codec);
  const { dictionary, rejectGarbageAfterEnd } = options;
  if (dictionary !== undefined) {
    if (!isAnyBytes(dictionary))
      throw invalidArgType(
        'options.dictionary',
        ['Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'],
        dictionary,
      );
    into.dictionary = dictionary;
    into.dictionary_len = dictionary.byteLength;
  }
  if (rejectGarbageAfterEnd !== undefined) {
    if (typeof rejectGarbageAfterEnd !== 'boolean')
      throw invalidArgType('options.rejectGarbageAfterEnd', 'boolean', rejectGarbageAfterEnd);
    into.reject_garbage_after_end = rejectGarbageAfterEnd;
  }
  return into;
}

/** Every codec: its class, and its name in the library. */
const CODECS = {
  Deflate: { name: 'deflate', mode: constants.DEFLATE, family: ZLIB },
  Inflate: { name: 'inflate', mode: constants.INFLATE, family: ZLIB },
  Gzip: { name: 'gzip', mode: constants.GZIP, family: ZLIB },
  Gunzip: { name: 'gunzip', mode: constants.GUNZIP, family: ZLIB },
  DeflateRaw: { name: 'deflate_raw', mode: constants.DEFLATERAW, family: ZLIB },
  InflateRaw: { name: 'inflate_raw', mode: constants.INFLATERAW, family: ZLIB },
  Unzip: { name: 'unzip', mode: constants.UNZIP, family: ZLIB },
  BrotliCompress: { name: 'brotli_compress', mode: constants.BROTLI_ENCODE, family: BROTLI },
  BrotliDecompress: { name: 'brotli_decompress', mode: constants.BROTLI_DECODE, family: BROTLI },
  ZstdCompress: { name: 'zstd_compress', mode: constants.ZSTD_COMPRESS, family: ZSTD },
  ZstdDecompress: { name: 'zstd_decompress', mode: constants.ZSTD_DECOMPRESS, family: ZSTD },
};

module.exports = { CODECS, ZLIB, number, read };
