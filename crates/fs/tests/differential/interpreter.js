// Runs the programs that program.rs makes: `node interpreter.js FORM FILE ROOT`, FORM being sync, callback or promise.
// Program N runs in ROOT/N/w/w/w, which is there; what came of its calls is printed, a line each, in program.rs's
// writing.
'use strict';
const fs = require('fs');
const path = require('path');
const [form, file, root] = process.argv.slice(2);

const escape = (text) => {
  let out = '';
  for (const byte of Buffer.from(text)) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x25;
    out += plain ? String.fromCharCode(byte) : '%' + byte.toString(16).toUpperCase().padStart(2, '0');
  }
  return out;
};
const unescape = (text) =>
  Buffer.from(text.replace(/%(..)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString();

let base, here, slots;
// A descriptor that nothing has.
const NONE = 9999;

const at = (given) => given.startsWith('$') ? here + given.slice(1) : given;
const content = (given) => given.startsWith('*') ? 'x'.repeat(Number(given.slice(1))) : given;
const optional = (given) => given === '-' ? undefined : Number(given);
const shown = (text) => text.replaceAll(here, '$').replaceAll(base, '^');
// Long contents by their length and ends.
const bytes = (buffer) => {
  const text = buffer.toString('latin1');
  const ends = text.length < 200 ? text : `${text.length} ${text.slice(0, 50)} ${text.slice(-50)}`;
  return Buffer.from(ends, 'latin1');
};

const kind = (of) => of.isFile() ? 'file' : of.isDirectory() ? 'dir' : of.isSymbolicLink() ? 'link' : 'other';
const stats = (of) => {
  const sizes = of.isDirectory() ? '' : ` ${of.size} ${of.nlink}`;
  const time = of.mtimeMs < 1e12 ? of.mtimeMs : 'new';
  return `${kind(of)} ${(of.mode & 0o7777).toString(8)}${sizes} ${time}`;
};
const entry = (of) => typeof of === 'string' ? of : `${of.name} ${of.parentPath} ${kind(of)}`;
const list = (entries) => entries.map((one) => shown(entry(one))).join('|');

const later = (start) => new Promise((resolve, reject) => {
  start((error, ...values) => error ? reject(error) : resolve(values.length > 1 ? values : values[0]));
});

// A call on paths, in the form wanted.
const call = (name, ...args) => {
  if (form === 'sync') return fs[`${name}Sync`](...args);
  if (form === 'callback') return later((done) => fs[name](...args, done));
  return fs.promises[name](...args);
};

class NoHandle extends Error {}

// A call on an open file: what a descriptor is given to, or a method.
const onFile = (slot, name, method, ...args) => {
  const open = slots[slot];
  if (form !== 'promise') return call(name, open ?? NONE, ...args);
  if (open === undefined) throw new NoHandle();
  return open[method](...args);
};

// A file that is read or written whole.
const whole = (name, given, ...args) =>
  given.startsWith('#') ? onFile(given.slice(1), name, name, ...args) : call(name, at(given), ...args);

const counted = (result) => typeof result === 'object' && result !== null
  ? Array.isArray(result) ? result[0] : result.bytesRead ?? result.bytesWritten
  : result;

const flagged = (flag, rest = {}) => flag === '-' ? rest : { ...rest, flag };
const times = (atime, mtime) => [Number(atime), Number(mtime)];
const nothing = async (result) => {
  await result;
  return '';
};
const made = (template) => {
  // The name is chance, and what follows must not be.
  const fixed = template.slice(0, -6) + 'XXXXXX';
  try {
    fs.renameSync(template, fixed);
  } catch {
    fs.rmdirSync(template);
  }
  return fixed;
};

async function listed(dir) {
  const entries = [];
  if (form === 'sync') {
    for (let one; (one = dir.readSync()) !== null;) entries.push(one);
    dir.closeSync();
  } else if (form === 'callback') {
    for (let one; (one = await later((done) => dir.read(done))) !== null;) entries.push(one);
    await later((done) => dir.close(done));
  } else {
    for await (const one of dir) entries.push(one);
  }
  return entries;
}

// The order of a directory is not the same everywhere.
const sorted = (entries) =>
  entries.map((one) => Buffer.from(shown(entry(one)))).sort(Buffer.compare).map(String).join('|');

const calls = {
  stat: async (file) => stats(await call('stat', at(file))),
  lstat: async (file) => stats(await call('lstat', at(file))),
  access: (file, mode) => nothing(call('access', at(file), Number(mode))),
  // Promises have no such call.
  exists: (file) => {
    if (form === 'callback') return new Promise((resolve) => fs.exists(at(file), resolve));
    return fs.existsSync(at(file));
  },
  open: async (slot, file, flags, mode) => {
    await closed(slot);
    slots[slot] = await call('open', at(file), flags, Number(mode));
    return '';
  },
  close: async (slot) => {
    await onFile(slot, 'close', 'close');
    // A handle knows that it is closed; a descriptor is somebody else's soon.
    if (form !== 'promise') slots[slot] = undefined;
    return '';
  },
  read: async (slot, size, offset, length, position) => {
    const buffer = Buffer.alloc(Number(size));
    const options = { offset: Number(offset), length: optional(length), position: optional(position) ?? null };
    const read = counted(await onFile(slot, 'read', 'read', buffer, options));
    const start = Math.min(options.offset, buffer.length);
    return [String(read), bytes(buffer.subarray(start, start + read))];
  },
  readv: async (slot, first, second, position) => {
    const buffers = [Buffer.alloc(Number(first)), Buffer.alloc(Number(second))];
    const read = counted(await onFile(slot, 'readv', 'readv', buffers, optional(position) ?? null));
    return [String(read), bytes(Buffer.concat(buffers).subarray(0, read))];
  },
  write: async (slot, text, offset, length, position) => {
    const options = { offset: Number(offset), length: optional(length), position: optional(position) ?? null };
    return counted(await onFile(slot, 'write', 'write', Buffer.from(content(text)), options));
  },
  writev: async (slot, first, second, position) => {
    const buffers = [Buffer.from(content(first)), Buffer.from(content(second))];
    return counted(await onFile(slot, 'writev', 'writev', buffers, optional(position) ?? null));
  },
  fstat: async (slot) => stats(await onFile(slot, 'fstat', 'stat')),
  ftruncate: (slot, length) => nothing(onFile(slot, 'ftruncate', 'truncate', Number(length))),
  fchmod: (slot, mode) => nothing(onFile(slot, 'fchmod', 'chmod', Number(mode))),
  futimes: (slot, ...both) => nothing(onFile(slot, 'futimes', 'utimes', ...times(...both))),
  fsync: (slot) => nothing(onFile(slot, 'fsync', 'sync')),
  fdatasync: (slot) => nothing(onFile(slot, 'fdatasync', 'datasync')),
  readFile: async (file, flag) => [bytes(await whole('readFile', file, flagged(flag)))],
  writeFile: (file, text, flag, mode, flush) =>
    nothing(whole('writeFile', file, content(text), flagged(flag, { mode: Number(mode), flush: flush === 'true' }))),
  appendFile: (file, text, flag, mode, flush) =>
    nothing(whole('appendFile', file, content(text), flagged(flag, { mode: Number(mode), flush: flush === 'true' }))),
  truncate: (file, length) => nothing(call('truncate', at(file), Number(length))),
  copyFile: (from, to, mode) => nothing(call('copyFile', at(from), at(to), Number(mode))),
  rename: (from, to) => nothing(call('rename', at(from), at(to))),
  link: (from, to) => nothing(call('link', at(from), at(to))),
  symlink: (target, file) => nothing(call('symlink', at(target), at(file))),
  readlink: async (file) => shown(await call('readlink', at(file))),
  realpath: async (file) => shown(await call('realpath', at(file))),
  realpathNative: async (file) => {
    if (form === 'sync') return shown(fs.realpathSync.native(at(file)));
    if (form === 'callback') return shown(await later((done) => fs.realpath.native(at(file), done)));
    return shown(await fs.promises.realpath(at(file)));
  },
  mkdir: async (file, recursive, mode) =>
    shown(await call('mkdir', at(file), { recursive: recursive === 'true', mode: Number(mode) }) ?? ''),
  mkdtemp: async (prefix) => shown(made(await call('mkdtemp', at(prefix)))),
  rmdir: (file) => nothing(call('rmdir', at(file))),
  unlink: (file) => nothing(call('unlink', at(file))),
  chmod: (file, mode) => nothing(call('chmod', at(file), Number(mode))),
  utimes: (file, ...both) => nothing(call('utimes', at(file), ...times(...both))),
  lutimes: (file, ...both) => nothing(call('lutimes', at(file), ...times(...both))),
  readdir: async (file, withFileTypes, recursive) =>
    list(await call('readdir', at(file), { withFileTypes: withFileTypes === 'true', recursive: recursive === 'true' })),
  opendir: async (file, recursive) =>
    sorted(await listed(await call('opendir', at(file), { recursive: recursive === 'true' }))),
  rm: (file, force, recursive) =>
    nothing(call('rm', at(file), { force: force === 'true', recursive: recursive === 'true' })),
  glob: async (pattern, withFileTypes, exclude) => {
    const options = { withFileTypes: withFileTypes === 'true' };
    if (exclude !== '-') options.exclude = [exclude];
    if (form !== 'promise') return list(await call('glob', pattern, options));
    const found = [];
    for await (const one of fs.promises.glob(pattern, options)) found.push(one);
    return list(found);
  },
  // main.rs says why the sync form is not compared with cpSync.
  cp: (from, to, letters, mode) => {
    const options = { mode: Number(mode), force: letters.includes('f') };
    const names = { r: 'recursive', e: 'errorOnExist', p: 'preserveTimestamps', v: 'verbatimSymlinks', d: 'dereference' };
    for (const [letter, name] of Object.entries(names)) options[name] = letters.includes(letter);
    if (form === 'callback') return nothing(later((done) => fs.cp(at(from), at(to), options, done)));
    return nothing(fs.promises.cp(at(from), at(to), options));
  },
};

// Whether there is a link to a directory: program.rs says why one asks.
function leads(dir) {
  return fs.readdirSync(dir, { withFileTypes: true }).some((found) => {
    const below = path.join(dir, found.name);
    if (found.isSymbolicLink()) {
      try {
        return fs.statSync(below).isDirectory();
      } catch ({ code }) {
        return code !== 'ENOENT' && code !== 'ENOTDIR';
      }
    }
    return found.isDirectory() && leads(below);
  });
}
const follows = ([name, ...args]) =>
  (name === 'readdir' && args[2] === 'true') || (name === 'opendir' && args[1] === 'true') ||
  (name === 'cp' && args[2].includes('d'));
const guarded = (dir) => {
  try {
    return leads(dir);
  } catch {
    return true;
  }
};

// Nothing to be told of.
async function closed(slot) {
  const open = slots[slot];
  slots[slot] = undefined;
  if (open === undefined) return;
  if (form !== 'promise') fs.closeSync(open);
  else await open.close().catch(() => {});
}

async function outcome([name, ...args]) {
  if (follows([name, ...args]) && guarded(base)) return 'not run';
  try {
    const result = [await calls[name](...args)].flat();
    return ['ok', ...result].map((part) => escape(part instanceof Buffer ? part : String(part))).join('\t');
  } catch (error) {
    if (error instanceof NoHandle) return 'no handle';
    const chance = name === 'mkdtemp' && error.path ? error.path : undefined;
    const { name: kind, code = '', errno = '', syscall = '', dest = '' } = error;
    // Where mkdtemp has failed, the name it tried is in the error of some forms: it is chance.
    const settled = (text) => chance ? text.replaceAll(chance, chance.slice(0, -6) + 'XXXXXX') : text;
    const [path, message] = [error.path ?? '', error.message].map(settled);
    return ['error', kind, code, errno, syscall, shown(path), shown(dest), shown(message)]
      .map((part) => escape(String(part))).join('\t');
  }
}

(async () => {
  const programs = fs.readFileSync(file, 'latin1').split('program\n').slice(1);
  for (const [number, program] of programs.entries()) {
    base = path.join(root, String(number));
    here = path.join(base, 'w/w/w');
    process.chdir(here);
    slots = [];
    const lines = ['program'];
    for (const line of program.split('\n').slice(0, -1)) {
      lines.push(await outcome(line.split('\t').map(unescape)));
      if (!fs.existsSync(here)) {
        lines.push('the current directory is gone');
        break;
      }
    }
    for (const slot of slots.keys()) await closed(slot);
    const out = Buffer.from(lines.join('\n') + '\n');
    for (let sent = 0; sent < out.length;) sent += fs.writeSync(1, out, sent);
  }
})();
