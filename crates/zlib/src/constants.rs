//! The numbers of `zlib.constants` that this crate takes
//! (<https://nodejs.org/api/zlib.html#zlib-constants>).

/// The level that zlib takes for a good compromise: 6.
pub const Z_DEFAULT_COMPRESSION: i32 = -1;
/// Store only.
pub const Z_NO_COMPRESSION: i32 = 0;
/// The fastest level.
pub const Z_BEST_SPEED: i32 = 1;
/// The level with the smallest output.
pub const Z_BEST_COMPRESSION: i32 = 9;

/// Strategy: the normal one.
pub const Z_DEFAULT_STRATEGY: i32 = 0;
/// Strategy: for data of a filter, many small values.
pub const Z_FILTERED: i32 = 1;
/// Strategy: no string matching.
pub const Z_HUFFMAN_ONLY: i32 = 2;
/// Strategy: matches at distance one only.
pub const Z_RLE: i32 = 3;
/// Strategy: no dynamic Huffman tables.
pub const Z_FIXED: i32 = 4;

/// The smallest `chunkSize`, in bytes.
pub const Z_MIN_CHUNK: usize = 64;
/// The `chunkSize` where none is given, in bytes.
pub const Z_DEFAULT_CHUNK: usize = 16 * 1024;
/// The smallest `windowBits`, of inflating; deflating begins at 9.
pub const Z_MIN_WINDOWBITS: i32 = 8;
/// The largest `windowBits`.
pub const Z_MAX_WINDOWBITS: i32 = 15;
/// The `windowBits` where none is given.
pub const Z_DEFAULT_WINDOWBITS: i32 = 15;
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

/// "Unexpected end of file" and its like.
pub const Z_BUF_ERROR: i32 = -5;
/// The data is not what it should be.
pub const Z_DATA_ERROR: i32 = -3;
/// No memory.
pub const Z_MEM_ERROR: i32 = -4;
/// The state is inconsistent.
pub const Z_STREAM_ERROR: i32 = -2;
