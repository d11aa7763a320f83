'use strict';

const native = require('./native');
const { validateObject, validateString } = require('./validators');

/** One flavour's functions; `cwd` gives the directory that relative paths start from. */
function flavour(name, sep, delimiter, cwd) {
  const of = (operation) => native[`path_${name}_${operation}_utf16`];
  const basename = of('basename');
  const dirname = of('dirname');
  const extname = of('extname');
  const format = of('format');
  const isAbsolute = of('is_absolute');
  const join = of('join');
  const matchesGlob = of('matches_glob');
  const normalize = of('normalize');
  const parse = of('parse');
  const relative = of('relative');
  const resolve = of('resolve');
  const toNamespacedPath = of('to_namespaced_path');
  const namespaced = toNamespacedPath.length;

  return {
    resolve(...paths) {
      for (let i = paths.length - 1; i >= 0; i--) validateString(paths[i], `paths[${i}]`);
      return resolve(paths, cwd());
    },
    normalize(path) {
      validateString(path, 'path');
      return normalize(path);
    },
    isAbsolute(path) {
      validateString(path, 'path');
      return isAbsolute(path);
    },
    join(...paths) {
      for (let i = 0; i < paths.length; i++) validateString(paths[i], 'path');
      return join(paths);
    },
    relative(from, to) {
      validateString(from, 'from');
      validateString(to, 'to');
      return from === to ? '' : relative(from, to, cwd());
    },
    toNamespacedPath(path) {
      if (typeof path !== 'string' || path.length === 0) return path;
      return name === 'win32' ? toNamespacedPath(path, cwd()) : path;
    },
    dirname(path) {
      validateString(path, 'path');
      return dirname(path);
    },
    basename(path, suffix) {
      if (suffix !== undefined) validateString(suffix, 'suffix');
      validateString(path, 'path');
      return basename(path, suffix);
    },
    extname(path) {
      validateString(path, 'path');
      return extname(path);
    },
    format(pathObject) {
      validateObject(pathObject, 'pathObject', { allowArray: true, allowFunction: true });
      // The pieces are whatever an object has, made text as `+` makes it.
      const piece = (value) => (value ? `${value}` : '');
      const { dir, root, base, name: stem, ext } = pathObject;
      return format({ dir: piece(dir), root: piece(root), base: piece(base), name: piece(stem), ext: piece(ext) });
    },
    parse(path) {
      validateString(path, 'path');
      return parse(path);
    },
    matchesGlob(path, pattern) {
      validateString(path, 'path');
      validateString(pattern, 'pattern');
      return matchesGlob(path, pattern);
    },
    sep,
    delimiter,
    win32: null,
    posix: null,
  };
}

const cwd = () => process.cwd();
const posix = flavour('posix', '/', ':', cwd);
const win32 = flavour('win32', '\\', ';', cwd);
posix.win32 = win32.win32 = win32;
posix.posix = win32.posix = posix;
posix._makeLong = posix.toNamespacedPath;
win32._makeLong = win32.toNamespacedPath;

module.exports = process.platform === 'win32' ? win32 : posix;
