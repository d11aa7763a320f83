/** @file zlib_zip.h ZIP archives: entries, and archives made of them. Included by zlib.h.
 *
 *  | for | see |
 *  |---|---|
 *  | entries, their content; archives as streams; options | this header |
 *  | an archive in memory, to look into and change | zlib_zip_buffer.h |
 *  | an archive on disk, to look into and change | zlib_zip_file.h |
 *
 *      nodecore_zip_buffer *zip;
 *      nodecore_zip_entry *entry;
 *      nodecore_buf content;
 *      if (nodecore_zip_buffer_new(data, len, &zip, NULL) == NODECORE_OK) {
 *        if (nodecore_zip_buffer_get(zip, "a.txt", 5, &entry, NULL) == NODECORE_OK) {
 *          if (nodecore_zip_entry_content_sync(entry, NULL, &content, NULL) == NODECORE_OK) {
 *            fwrite(content.data, 1, content.len, stdout);
 *            nodecore_buf_free(&content);
 *          }
 *          nodecore_zip_entry_free(entry);
 *        }
 *        nodecore_zip_buffer_free(zip);
 *      }
 *
 *  Stored, deflate and Zstandard entries are read and written, Zip64 where it is needed. An archive that
 *  readers could understand in different ways (two ends, headers that disagree, entries that overlap) is an
 *  error. Nothing is extracted to disk, and nothing is done about names such as `../../etc/passwd`, a leading
 *  `/`, drive letters or backslashes: who extracts must not take a name, or the target of a symbolic link,
 *  for a path that is safe.
 *
 *  What the functions here and in the two other headers have in common:
 *
 *  Returns    NODECORE_OK or a negative status, where nothing else is said. `*out` is written only on
 *             NODECORE_OK. With a callback, that it was begun: what comes later goes to the callback, which
 *             runs once on the loop's thread, never before the function returns; on an error it never runs.
 *  Errors     NODECORE_ERR_ZIP_INVALID_ARCHIVE (no sound archive);
 *             NODECORE_ERR_ZIP_UNSUPPORTED_FEATURE (several disks, encryption, another method);
 *             NODECORE_ERR_ZIP_ENTRY_NOT_FOUND; NODECORE_ERR_ZIP_ENTRY_CORRUPT (data that is not sound, or
 *             not of the declared size and checksum); NODECORE_ERR_ZIP_ENTRY_TOO_LARGE (content beyond the
 *             limit, a name or comment too long); NODECORE_ERR_ZIP_ARCHIVE_TOO_LARGE;
 *             NODECORE_ERR_ZIP_NOT_WRITABLE; NODECORE_ERR_INVALID_STATE (a streaming entry or a closed file
 *             that is asked for what it has not); NODECORE_ERR_INVALID_ARG_VALUE (an empty name, a directory
 *             with content, text that is not UTF-8, an unknown method); NODECORE_ERR_INVALID_ARG_TYPE (a
 *             handle or pointer that is NULL); the system's.
 *  Ownership  inputs are borrowed for the call, and copied if kept. `release(user)` runs once in every case,
 *             after the callback. A request that is given is the caller's (nodecore_request_free). Objects
 *             that are made are the caller's, each with its own _free. What is under way keeps what it needs:
 *             handles may be freed at any time, also in callbacks.
 *  Nullable   opts, user, release, req, err; data and text with length 0; the handle that _free gets.
 *  Threads    an entry, an archive and what is made of them belong to the thread that made the first of
 *             them; where a callback gave it, to its loop's.
 *  Text       names and comments are UTF-8. Those of an archive are taken for UTF-8 where it says so or they
 *             are valid as such, else for code page 437.
 *  Node       https://nodejs.org/api/zlib.html#class-zlibzipentry */
#ifndef NODECORE_ZLIB_ZIP_H
#define NODECORE_ZLIB_ZIP_H

#include "zlib.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A file, directory or symbolic link of an archive, or to be put into one. Handles count references: those
 *  of one entry are freed one by one. */
typedef struct nodecore_zip_entry nodecore_zip_entry;

/** Entries in their order. */
typedef struct nodecore_zip_entries nodecore_zip_entries;

/** Bytes that are made piece by piece, blocking: nodecore_zip_pieces_next(). */
typedef struct nodecore_zip_pieces nodecore_zip_pieces;

/** How an entry is compressed, by the number in archives. */
enum {
  NODECORE_ZIP_STORE = 0,   /**< not.             Node  'store' */
  NODECORE_ZIP_DEFLATE = 8, /**< with deflate.    Node  'deflate' */
  NODECORE_ZIP_ZSTD = 93    /**< with Zstandard.  Node  'zstd' */
};

/** An entry that was made; `entry` is the caller's to free, NULL on an error. */
typedef void (*nodecore_zip_entry_cb)(const nodecore_error *err, nodecore_zip_entry *entry,
                                      void *user);

/** Bytes, lent for the call: nodecore_buf_take() keeps them. NULL on an error. */
typedef void (*nodecore_zip_data_cb)(const nodecore_error *err, nodecore_buf *data, void *user);

/* ---- Making entries ---------------------------------------------------------------------------- */

/** Options of new entries. NULL = all defaults; a zero field = that field's default.
 *  Node       the options of ZipEntry.create() */
typedef struct nodecore_zip_entry_options {
  size_t struct_size;   /**< set by NODECORE_ZIP_ENTRY_OPTIONS_INIT */
  nodecore_str comment; /**< at most 65535 bytes of UTF-8; data NULL = none */
  int64_t modified;     /**< when it was last modified, in milliseconds since 1970, if has_modified; else
                             now. Archives hold whole seconds */
  uint32_t mode;        /**< permissions, the lower 12 bits, if has_mode; else 0644, of directories 0755, of
                             symbolic links 0777 */
  int32_t method;       /**< NODECORE_ZIP_*, if has_method; else NODECORE_ZIP_DEFLATE. What does not become
                             smaller is stored, as are directories and symbolic links */
  bool has_modified;    /**< true: `modified` counts */
  bool has_mode;        /**< true: `mode` counts */
  bool has_method;      /**< true: `method` counts */
} nodecore_zip_entry_options;
#define NODECORE_ZIP_ENTRY_OPTIONS_INIT \
  { sizeof(nodecore_zip_entry_options), { NULL, 0 }, 0, 0, 0, false, false, false }

/** Make an entry of what `data` holds; blocking, or compressed on the loop's pool. A name that ends with `/`
 *  is a directory's, which has no data.
 *  Node       ZipEntry.createSync, ZipEntry.create                       Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_entry_create_sync(const char *name, size_t name_len,
                                                            const void *data, size_t len,
                                                            const nodecore_zip_entry_options *opts,
                                                            nodecore_zip_entry **out,
                                                            nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_entry_create(nodecore_loop *loop, const char *name,
                                                       size_t name_len, const void *data, size_t len,
                                                       const nodecore_zip_entry_options *opts,
                                                       nodecore_zip_entry_cb cb, void *user,
                                                       nodecore_release release,
                                                       nodecore_request **req,
                                                       nodecore_error **err);

/** Makes a streaming entry: its content is read from `source`, however much that is, when the entry is put
 *  into an archive, which can be done once and not by a blocking function. Its sizes and checksum are known
 *  after that. Added to a nodecore_zip_file it becomes an entry of that file.
 *  Ownership  `source` is kept; it is destroyed when it has been read, by nodecore_zip_entry_dispose(), and
 *             with the entry's last handle.
 *  Node       ZipEntry.createStream                                      Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_entry_create_stream(const char *name, size_t name_len,
                                                              nodecore_stream *source,
                                                              const nodecore_zip_entry_options *opts,
                                                              nodecore_zip_entry **out,
                                                              nodecore_error **err);

/** Makes a symbolic link to `target`, UTF-8. The method of `opts` does not count.
 *  Node       ZipEntry.createSymlink                                     Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_entry_create_symlink(const char *name, size_t name_len,
                                                               const char *target, size_t target_len,
                                                               const nodecore_zip_entry_options *opts,
                                                               nodecore_zip_entry **out,
                                                               nodecore_error **err);

/** Reads every entry of an archive in memory, also those of which a nodecore_zip_buffer, where the last of a
 *  name counts, shows one.
 *  Node       ZipEntry.read                                              Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_entry_read(const void *data, size_t len,
                                                     nodecore_zip_entries **out,
                                                     nodecore_error **err);

/** Returns another handle of the same entry, to be freed as well; NULL for NULL.   Since    0.1 */
NODECORE_API nodecore_zip_entry *nodecore_zip_entry_copy(const nodecore_zip_entry *entry);

/** Frees a handle; not one that a list lends.                                      Since    0.1 */
NODECORE_API void nodecore_zip_entry_free(nodecore_zip_entry *entry);

/** Destroys the source of a streaming entry that has not been read; does nothing to others.
 *  Nullable   entry.
 *  Node       zipEntry[Symbol.dispose], zipEntry[Symbol.asyncDispose]    Since    0.1 */
NODECORE_API void nodecore_zip_entry_dispose(nodecore_zip_entry *entry);

/* ---- Lists ------------------------------------------------------------------------------------- */

/** Frees the list.                                                                 Since    0.1 */
NODECORE_API void nodecore_zip_entries_free(nodecore_zip_entries *entries);

/** Returns how many entries there are; 0 for NULL.                                 Since    0.1 */
NODECORE_API size_t nodecore_zip_entries_count(const nodecore_zip_entries *entries);

/** Returns the entry at `index`, lent until the list is freed: nodecore_zip_entry_copy() keeps it. NULL beyond
 *  the end, and for NULL.                                                          Since    0.1 */
NODECORE_API nodecore_zip_entry *nodecore_zip_entries_get(const nodecore_zip_entries *entries,
                                                          size_t index);

/** Returns the name of the entry at `index`, borrowed until the list is freed. `{NULL, 0}` beyond the end, and
 *  for NULL.                                                                       Since    0.1 */
NODECORE_API nodecore_str nodecore_zip_entries_name(const nodecore_zip_entries *entries, size_t index);

/* ---- What is known of an entry ----------------------------------------------------------------- */

/** What an archive says of an entry. The views are borrowed until the handle is freed. */
typedef struct nodecore_zip_entry_info {
  size_t struct_size;       /**< set by NODECORE_ZIP_ENTRY_INFO_INIT; stays */
  nodecore_str name;        /**< UTF-8 */
  nodecore_str name_bytes;  /**< the name as the archive has it.  Node: nameBuffer */
  nodecore_str comment;     /**< UTF-8; empty if there is none */
  nodecore_str raw_content; /**< the content as the archive has it; data NULL if it is not in memory */
  uint64_t size;            /**< bytes of content; 0 if not finished */
  uint64_t compressed_size; /**< bytes that they take in the archive; 0 if not finished */
  uint32_t crc32;           /**< the checksum of the content; 0 if not finished */
  uint32_t mode;            /**< the permissions, 12 bits; 0 if the archive was not made on Unix */
  uint32_t flags;           /**< the general-purpose flags */
  int32_t method;           /**< NODECORE_ZIP_*, or another */
  bool is_file;             /**< neither of the two that follow */
  bool is_directory;        /**< the name ends with `/` */
  bool is_symlink;          /**< the mode says so; the content is the target */
  bool compressed;          /**< the method is not NODECORE_ZIP_STORE */
  bool finished;            /**< false: a streaming entry that has not been put into an archive */
} nodecore_zip_entry_info;
#define NODECORE_ZIP_ENTRY_INFO_INIT                                                              \
  { sizeof(nodecore_zip_entry_info), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, 0, 0, 0, \
    0, 0, 0, false, false, false, false, false }

/** Writes what is known of the entry.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE; NODECORE_ERR_OUT_OF_RANGE (size).
 *  Node       the properties of zipEntry                                 Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_entry_get_info(const nodecore_zip_entry *entry,
                                                         nodecore_zip_entry_info *out);

/** Returns when the entry was last modified, in milliseconds since 1970: as an extra field tells it (NTFS's, the
 *  extended timestamp, the older Unix one), else MS-DOS's local time, which counts two seconds. For it an
 *  entry of a file may read there, blocking. 0 for NULL.
 *  Node       zipEntry.modified                                          Since    0.1 */
NODECORE_API int64_t nodecore_zip_entry_modified(const nodecore_zip_entry *entry);

/* ---- The content ------------------------------------------------------------------------------- */

/** Options for reading content. NULL = all defaults; a zero field = that field's default.
 *  Node       the options of zipEntry.content() */
typedef struct nodecore_zip_content_options {
  size_t struct_size; /**< set by NODECORE_ZIP_CONTENT_OPTIONS_INIT */
  uint64_t max_size;  /**< the most bytes that the entry may declare, if has_max_size; else
                           nodecore_zlib_get_max_zip_content_size(), of pieces and streams no limit */
  bool has_max_size;  /**< true: `max_size` counts */
  bool no_verify;     /**< true: the checksum is not checked */
} nodecore_zip_content_options;
#define NODECORE_ZIP_CONTENT_OPTIONS_INIT \
  { sizeof(nodecore_zip_content_options), 0, false, false }

/** Give the whole content, decompressed; blocking, or on the loop's pool. A size beyond the limit is an error
 *  before memory is taken. While changes of its nodecore_zip_file are under way the first is
 *  NODECORE_ERR_INVALID_STATE.
 *  Ownership  caller frees `*out` (nodecore_buf_free); the second form lends it to the callback.
 *  Node       zipEntry.contentSync, zipEntry.content                     Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_entry_content_sync(nodecore_zip_entry *entry,
                                                             const nodecore_zip_content_options *opts,
                                                             nodecore_buf *out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_entry_content(nodecore_zip_entry *entry,
                                                        nodecore_loop *loop,
                                                        const nodecore_zip_content_options *opts,
                                                        nodecore_zip_data_cb cb, void *user,
                                                        nodecore_release release,
                                                        nodecore_request **req,
                                                        nodecore_error **err);

/** Give the content piece by piece, however large it is: blocking, or as a stream of bytes (stream.h) that reads
 *  and decompresses on the loop's pool. Checksum and size can only be checked at the end: what is corrupt gives
 *  its error behind the last piece.
 *  Ownership  caller frees `*out` (nodecore_zip_pieces_free, nodecore_stream_free).
 *  Node       zipEntry.contentIterator                                   Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_entry_content_pieces(
    nodecore_zip_entry *entry, const nodecore_zip_content_options *opts, nodecore_zip_pieces **out,
    nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_entry_content_stream(
    nodecore_zip_entry *entry, nodecore_loop *loop, const nodecore_zip_content_options *opts,
    nodecore_stream **out, nodecore_error **err);

/** Give the bytes that an archive has for the entry, a local header and the data. Only the stream takes a
 *  streaming entry.
 *  Ownership  caller frees `*out` (nodecore_zip_pieces_free, nodecore_stream_free).
 *  Node       zipEntry[Symbol.iterator], zipEntry[Symbol.asyncIterator]  Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_entry_serialize_sync(nodecore_zip_entry *entry,
                                                               nodecore_zip_pieces **out,
                                                               nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_entry_serialize(nodecore_zip_entry *entry,
                                                          nodecore_loop *loop, nodecore_stream **out,
                                                          nodecore_error **err);

/** Makes the next piece, which is not empty; at the end, and once there was an error, `*out` is empty
 *  (len 0).
 *  Ownership  caller frees `*out` (nodecore_buf_free).                             Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_pieces_next(nodecore_zip_pieces *pieces, nodecore_buf *out,
                                                      nodecore_error **err);

/** Frees the pieces that have not been asked for.                                  Since    0.1 */
NODECORE_API void nodecore_zip_pieces_free(nodecore_zip_pieces *pieces);

/** Return and set the most bytes that nodecore_zip_entry_content*() give where their options do not say: 256
 *  MiB, for all threads. Pieces and streams are not bounded by it.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE for 2^53 and above.
 *  Threads    any.
 *  Node       zlib.getMaxZipContentSize, zlib.setMaxZipContentSize       Since    0.1 */
NODECORE_API uint64_t nodecore_zlib_get_max_zip_content_size(void);
NODECORE_API nodecore_status nodecore_zlib_set_max_zip_content_size(uint64_t size);

/* ---- Making archives --------------------------------------------------------------------------- */

/** Options of archives. NULL = all defaults; a zero field = that field's default.
 *  Node       the options of zlib.createZipArchive() */
typedef struct nodecore_zip_archive_options {
  size_t struct_size;   /**< set by NODECORE_ZIP_ARCHIVE_OPTIONS_INIT */
  nodecore_str comment; /**< the archive's, at most 65535 bytes of UTF-8; data NULL = none, or the one that a
                             nodecore_zip_buffer has */
  uint64_t base_offset; /**< how many bytes will stand before the archive */
} nodecore_zip_archive_options;
#define NODECORE_ZIP_ARCHIVE_OPTIONS_INIT \
  { sizeof(nodecore_zip_archive_options), { NULL, 0 }, 0 }

/** Make an archive of `count` entries, in their order, with the directory behind them; as a stream of bytes, or
 *  piece by piece and blocking. Names are not looked at: of two with the same name most tools take the latter.
 *  Streaming entries are read when it is their turn; the blocking form fails there. Destroying the stream
 *  destroys the source that is being read.
 *  Returns    also NODECORE_ERR_OUT_OF_RANGE for an offset of 2^53 and above. Those of entries and their sources
 *             fail the stream.
 *  Ownership  caller frees `*out` (nodecore_stream_free, nodecore_zip_pieces_free). The handles stay the
 *             caller's and may be freed at once.
 *  Nullable   also entries with count 0.
 *  Node       zlib.createZipArchive, zlib.createZipArchiveSync           Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_create_zip_archive(
    nodecore_loop *loop, nodecore_zip_entry *const *entries, size_t count,
    const nodecore_zip_archive_options *opts, nodecore_stream **out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_create_zip_archive_sync(
    nodecore_zip_entry *const *entries, size_t count, const nodecore_zip_archive_options *opts,
    nodecore_zip_pieces **out, nodecore_error **err);

/** What a question for the next entry is answered with: nodecore_zip_next_give(). */
typedef struct nodecore_zip_next nodecore_zip_next;

/** Asks for the next entry of an archive: answered with `next`, inside the call or later. */
typedef void (*nodecore_zip_next_cb)(nodecore_zip_next *next, void *user);

/** As nodecore_zlib_create_zip_archive(), of entries that are asked for one by one, each when those before it
 *  have been read. Nobody is asked again before there was an answer, nor once the stream is destroyed.
 *  Ownership  `release(user)` runs when nobody will be asked any more.
 *  Node       zlib.createZipArchive of an iterable                       Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_create_zip_archive_from(
    nodecore_loop *loop, nodecore_zip_next_cb next, void *user, nodecore_release release,
    const nodecore_zip_archive_options *opts, nodecore_stream **out, nodecore_error **err);

/** Answers with an entry; with none (NULL), which ends the archive; or with an error, which fails the stream.
 *  Ownership  frees `next` in every case, so that there is one answer; `entry` stays the caller's, `err` is
 *             copied.
 *  Nullable   next, entry, err.
 *  Threads    the loop's.                                                          Since    0.1 */
NODECORE_API void nodecore_zip_next_give(nodecore_zip_next *next, nodecore_zip_entry *entry,
                                         const nodecore_error *err);

/** A file, and its name in an archive. */
typedef struct nodecore_zip_source {
  nodecore_str path; /**< bytes */
  nodecore_str name; /**< UTF-8 */
} nodecore_zip_source;

/** Options of nodecore_zlib_zip_files(). NULL = all defaults; a zero field = that field's default.
 *  Node       the options of zlib.zipFiles() */
typedef struct nodecore_zip_files_options {
  size_t struct_size;   /**< set by NODECORE_ZIP_FILES_OPTIONS_INIT */
  nodecore_str comment; /**< as in nodecore_zip_archive_options */
  uint64_t base_offset; /**< as in nodecore_zip_archive_options */
  bool keep_symlinks;   /**< true: links become entries; else what they lead to does.
                             Node: followSymlinks: false */
} nodecore_zip_files_options;
#define NODECORE_ZIP_FILES_OPTIONS_INIT \
  { sizeof(nodecore_zip_files_options), { NULL, 0 }, 0, false }

/** Makes an archive of `count` files, with their modes and times, as a stream of bytes. Files are read as it is
 *  read. A directory is an entry of its own, without what is in it.
 *  Errors     the stream fails with the system's, and with NODECORE_ERR_ZIP_UNSUPPORTED_FEATURE for what is
 *             neither file, directory nor link.
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Nullable   also files with count 0.
 *  Node       zlib.zipFiles                                              Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_zip_files(nodecore_loop *loop,
                                                     const nodecore_zip_source *files, size_t count,
                                                     const nodecore_zip_files_options *opts,
                                                     nodecore_stream **out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#include "zlib_zip_buffer.h"
#include "zlib_zip_file.h"

#endif
