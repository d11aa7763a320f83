// What fs_random.c does, in Node: runs the calls of the file `argv[2]` in the folder `argv[3]`, in each form,
// and prints a line for what came of each, and the trees that are left.
'use strict';
const fs = require('fs');
const path = require('path');
const [calls, root] = process.argv.slice(2);

const text = (hex) => Buffer.from(hex, 'hex').toString();
const here = (value) => String(value ?? '').replaceAll(process.cwd(), '$');
const zeros = (data) => data.toString('latin1').replaceAll('\0', '0');
const content = (data) => `${data.length} ${zeros(data.subarray(0, 40))}`;
const stats = (found) => {
  const size = found.isDirectory() ? 0 : found.size;
  return [found.isFile(), found.isDirectory(), found.isSymbolicLink(), found.mode & 0o7777, size].map(Number);
};

const run = (form, name, ...args) => form === 'sync' ? fs[`${name}Sync`](...args) :
  new Promise((resolve, reject) => {
    const done = (error, value) => error ? reject(error) : resolve(value);
    if (name === 'exists') fs.exists(...args, resolve);
    else if (name === 'realpath.native') fs.realpath.native(...args, done);
    else fs[name](...args, done);
  });

async function vector(form, file, position, length) {
  const fd = await run(form, 'open', file, 'r+');
  try {
    const written = await run(form, 'writev', fd, [Buffer.from('ab'), Buffer.from('cde')], position);
    const into = [Buffer.alloc(3, '.'), Buffer.alloc(4, '.')];
    const read = await run(form, 'readv', fd, into, 0);
    await run(form, 'ftruncate', fd, length);
    await run(form, 'fsync', fd);
    await run(form, 'fdatasync', fd);
    await run(form, 'fchmod', fd, 0o640);
    const found = await run(form, 'fstat', fd);
    return `${written} ${read} ${zeros(Buffer.concat(into))} ${found.size}`;
  } finally {
    await run(form, 'close', fd);
  }
}

async function perform(form, [name, ...args]) {
  const at = (index) => text(args[index]);
  const number = (index) => Number(args[index]);
  switch (name) {
    case 'stat': case 'lstat': return stats(await run(form, name, at(0))).join(' ');
    case 'readFile': return content(await run(form, name, at(0)));
    case 'readHex': return run(form, 'readFile', at(0), 'hex');
    case 'writeFile': case 'appendFile': return run(form, name, at(0), at(1));
    case 'unlink': return run(form, name, at(0));
    case 'rename': case 'link': case 'symlink': return run(form, name, at(0), at(1));
    case 'copyFile': return run(form, name, at(0), at(1), number(2));
    case 'readlink': case 'realpath': return run(form, name, at(0));
    case 'native':
      return form === 'sync' ? fs.realpathSync.native(at(0)) : run(form, 'realpath.native', at(0));
    case 'access': case 'chmod': case 'truncate': return run(form, name, at(0), number(1));
    case 'exists': return Number(await run(form, name, at(0)));
    case 'utimes': case 'lutimes': {
      await run(form, name, at(0), number(1), number(1) + 1);
      const found = await run(form, name === 'utimes' ? 'stat' : 'lstat', at(0));
      return `${found.atimeMs / 1000} ${found.mtimeMs / 1000}`;
    }
    case 'open': return run(form, 'close', await run(form, 'open', at(0), at(1)));
    case 'vector': return vector(form, at(0), number(1), number(2));
  }
  throw new Error(`no such call: ${name}`);
}

async function line(form, call) {
  try {
    return 'ok ' + here(await perform(form, call));
  } catch (error) {
    const { name, code, errno = 0, syscall = '', path = '', dest = '', message } = error;
    return [name, code, errno, syscall, path, dest, message].map(here).join('|');
  }
}

function tree(dir, prefix = '') {
  for (const name of fs.readdirSync(dir).sort()) {
    const at = path.join(dir, name);
    const found = fs.lstatSync(at);
    const what = found.isSymbolicLink() ? fs.readlinkSync(at) :
      found.isDirectory() ? 'dir' : content(fs.readFileSync(at));
    out.push(`${prefix}${name} ${found.mode & 0o7777} ${what}`);
    if (found.isDirectory()) tree(at, `${prefix}${name}/`);
  }
}

const out = [];
(async () => {
  const sequences = fs.readFileSync(calls, 'utf8').split('=\n').slice(1);
  for (const form of ['sync', 'callback']) {
    for (const [index, sequence] of sequences.entries()) {
      const dir = path.join(root, `${form}-${index}`);
      fs.mkdirSync(path.join(dir, 'd/e'), { recursive: true });
      process.chdir(dir);
      fs.writeFileSync('f', 'begun');
      fs.symlinkSync('f', 'l');
      fs.symlinkSync('e/f', 'd/l');
      for (const call of sequence.split('\n').filter(Boolean)) out.push(await line(form, call.split(' ')));
      tree('.');
      process.chdir(root);
      fs.rmSync(dir, { recursive: true });
    }
  }
  process.stdout.write(out.join('\n') + '\n');
})();
