'use strict';
// Archives that are made of entries and of files.

const native = require('../../native');
const { validateInteger, validateNumber, validateObject, validateString } = require('../../validators');
const { FromLibrary, iteratorOf, pieces } = require('./bridge');
const { handleOf } = require('./entry');

/** Options of an archive, as the library takes them. */
function archiveOptions(options = {}) {
  validateObject(options, 'options');
  const { baseOffset = 0, comment } = options;
  if (comment !== undefined) validateString(comment, 'options.comment');
  validateInteger(baseOffset, 'options.baseOffset', 0);
  return { comment, base_offset: baseOffset };
}

/** An archive as a stream; entries are asked for one by one. */
function createZipArchive(entries, options) {
  const iterator = iteratorOf(entries);
  let stream;
  const handle = native.zip_archive(async (next) => {
    try {
      const { value, done } = await iterator.next();
      native.zip_next_give(next, done ? undefined : handleOf(value, 'entry'));
    } catch (error) {
      stream.destroy(error);
    }
  }, archiveOptions(options));
  stream = new FromLibrary(handle);
  return stream;
}

function* createZipArchiveSync(entries, options) {
  const handles = [...entries].map((entry) => handleOf(entry, 'entry'));
  yield* pieces(native.zlib_create_zip_archive_sync(handles, archiveOptions(options)));
}

/** An archive of files, which are pairs of a path and a name. */
function zipFiles(files, options = {}) {
  const sources = [];
  for (const [path, name] of files) {
    validateString(path, 'sourcePath');
    validateString(name, 'name');
    sources.push(path, name);
  }
  const into = { ...archiveOptions(options), keep_symlinks: options.followSymlinks === false };
  return new FromLibrary(native.zlib_zip_files(sources, into));
}

function getMaxZipContentSize() {
  return native.zlib_get_max_zip_content_size();
}

function setMaxZipContentSize(size) {
  validateNumber(size, 'size');
  validateInteger(size, 'size', 0);
  native.zlib_set_max_zip_content_size(size);
}

module.exports = {
  archiveOptions,
  createZipArchive,
  createZipArchiveSync,
  getMaxZipContentSize,
  setMaxZipContentSize,
  zipFiles,
};
