'use strict';
// What is known of a file, of a name of a directory, of a file system.

const { LEGACY } = require('./arguments');
const { constants } = require('./constants');

const { S_IFMT, S_IFREG, S_IFDIR, S_IFBLK, S_IFCHR, S_IFLNK, S_IFIFO, S_IFSOCK } = constants;

/** A function that is a class without `new`, as Stats has always been. */
function StatsBase(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks) {
  this.dev = dev;
  this.mode = mode;
  this.nlink = nlink;
  this.uid = uid;
  this.gid = gid;
  this.rdev = rdev;
  this.blksize = blksize;
  this.ino = ino;
  this.size = size;
  this.blocks = blocks;
}

const KINDS = {
  isDirectory: S_IFDIR,
  isFile: S_IFREG,
  isBlockDevice: S_IFBLK,
  isCharacterDevice: S_IFCHR,
  isSymbolicLink: S_IFLNK,
  isFIFO: S_IFIFO,
  isSocket: S_IFSOCK,
};
for (const [name, kind] of Object.entries(KINDS)) {
  StatsBase.prototype[name] = {
    [name]() {
      return this._checkModeProperty(kind);
    },
  }[name];
}

const TIMES = ['atime', 'mtime', 'ctime', 'birthtime'];
const NANOSECONDS = Symbol('nanoseconds'); // of the four times, for Temporal

function Stats(
  dev,
  mode,
  nlink,
  uid,
  gid,
  rdev,
  blksize,
  ino,
  size,
  blocks,
  atimeMs,
  mtimeMs,
  ctimeMs,
  birthtimeMs,
  atimeNs,
  mtimeNs,
  ctimeNs,
  birthtimeNs,
) {
  StatsBase.call(this, dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks);
  this.atimeMs = atimeMs;
  this.mtimeMs = mtimeMs;
  this.ctimeMs = ctimeMs;
  this.birthtimeMs = birthtimeMs;
  if (atimeNs !== undefined)
    Object.defineProperty(this, NANOSECONDS, {
      value: [atimeNs, mtimeNs, ctimeNs, birthtimeNs],
      writable: true,
    });
  if (LEGACY) ownDates(this);
}
Stats.prototype._checkModeProperty = function (kind) {
  return (this.mode & S_IFMT) === kind;
};

function BigIntStats(
  dev,
  mode,
  nlink,
  uid,
  gid,
  rdev,
  blksize,
  ino,
  size,
  blocks,
  atimeNs,
  mtimeNs,
  ctimeNs,
  birthtimeNs,
) {
  StatsBase.call(this, dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks);
  this.atimeMs = atimeNs / 1000000n;
  this.mtimeMs = mtimeNs / 1000000n;
  this.ctimeMs = ctimeNs / 1000000n;
  this.birthtimeMs = birthtimeNs / 1000000n;
  this.atimeNs = atimeNs;
  this.mtimeNs = mtimeNs;
  this.ctimeNs = ctimeNs;
  this.birthtimeNs = birthtimeNs;
  if (LEGACY) ownDates(this);
}
BigIntStats.prototype._checkModeProperty = function (kind) {
  return (this.mode & BigInt(S_IFMT)) === BigInt(kind);
};

/** Older runtimes have the dates from the start. */
function ownDates(stats) {
  for (const name of TIMES) void stats[name];
}

const dateOf = (stats, name) => new Date(Math.round(Number(stats[`${name}Ms`])));
function instantOf(stats, name) {
  const exact = stats[NANOSECONDS]?.[TIMES.indexOf(name)] ?? stats[`${name}Ns`];
  return globalThis.Temporal?.Instant.fromEpochNanoseconds(
    exact ?? BigInt(Math.round(stats[`${name}Ms`] * 1e6)),
  );
}

/** A getter whose value is made when it is asked for, and may be set. */
function lazy(prototype, key, make) {
  const keep = (stats, value) =>
    Object.defineProperty(stats, key, { value, enumerable: true, configurable: true, writable: true });
  Object.defineProperty(prototype, key, {
    enumerable: true,
    configurable: true,
    get() {
      const value = make(this);
      keep(this, value);
      return value;
    },
    set(value) {
      keep(this, value);
    },
  });
}

for (const Class of [Stats, BigIntStats]) {
  Object.setPrototypeOf(Class.prototype, StatsBase.prototype);
  Object.setPrototypeOf(Class, StatsBase);
  for (const name of TIMES) {
    lazy(Class.prototype, name, (stats) => dateOf(stats, name));
    lazy(Class.prototype, `${name}Instant`, (stats) => instantOf(stats, name));
  }
}

// The order of src/fs.h: type, mode, dev, ino, nlink, uid, gid, rdev, size, blksize, blocks, and four times.
const FIELDS = 19;

/** Stats of what the addon gives. */
function makeStats(buffer, bigint) {
  const exact = new BigInt64Array(buffer, FIELDS * 8, FIELDS);
  const ns = (at) => exact[at] * 1000000000n + exact[at + 1];
  if (bigint) {
    const s = exact;
    return new BigIntStats(
      s[2],
      s[1],
      s[4],
      s[5],
      s[6],
      s[7],
      s[9],
      s[3],
      s[8],
      s[10],
      ns(11),
      ns(13),
      ns(15),
      ns(17),
    );
  }
  const s = new Float64Array(buffer, 0, FIELDS);
  const ms = (at) => s[at] * 1000 + s[at + 1] / 1e6;
  const nanoseconds = globalThis.Temporal ? [ns(11), ns(13), ns(15), ns(17)] : [];
  return new Stats(
    s[2],
    s[1],
    s[4],
    s[5],
    s[6],
    s[7],
    s[9],
    s[3],
    s[8],
    s[10],
    ms(11),
    ms(13),
    ms(15),
    ms(17),
    ...nanoseconds,
  );
}

const TYPE = Symbol('type');

/** A name of a directory. */
class Dirent {
  constructor(name, type, path) {
    this.name = name;
    this.parentPath = path;
    if (LEGACY) this.path = path;
    this[TYPE] = type;
  }
}
const TYPES = {
  isDirectory: constants.UV_DIRENT_DIR,
  isFile: constants.UV_DIRENT_FILE,
  isBlockDevice: constants.UV_DIRENT_BLOCK,
  isCharacterDevice: constants.UV_DIRENT_CHAR,
  isSymbolicLink: constants.UV_DIRENT_LINK,
  isFIFO: constants.UV_DIRENT_FIFO,
  isSocket: constants.UV_DIRENT_SOCKET,
};
for (const [name, type] of Object.entries(TYPES)) {
  const method = {
    [name]() {
      return this[TYPE] === type;
    },
  }[name];
  Object.defineProperty(Dirent.prototype, name, { value: method, configurable: true, writable: true });
}

/** What is known of a file system. */
class StatFs {
  constructor(type, bsize, frsize, blocks, bfree, bavail, files, ffree) {
    this.type = type;
    this.bsize = bsize;
    this.frsize = frsize;
    this.blocks = blocks;
    this.bfree = bfree;
    this.bavail = bavail;
    this.files = files;
    this.ffree = ffree;
  }
}

function makeStatFs(found, bigint) {
  const { type, bsize, frsize, blocks, bfree, bavail, files, ffree } = found;
  return new StatFs(
    ...[type, bsize, frsize, blocks, bfree, bavail, files, ffree].map(bigint ? BigInt : Number),
  );
}

module.exports = { BigIntStats, Dirent, StatFs, Stats, makeStatFs, makeStats };
