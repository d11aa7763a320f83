// Builds the trees and runs the operations that node_trees.rs wrote, in each form, and prints what came of them.
'use strict';
const fs = require('fs');
const path = require('path');
const [spec, root] = process.argv.slice(2);
const programs = JSON.parse(fs.readFileSync(spec, 'utf8'));
const here = (text) => text.replaceAll(process.cwd(), '$').replaceAll(root, '^');

const fault = (error) => ({
  name: error.name, code: error.code ?? '', errno: error.errno ?? 0, syscall: error.syscall ?? '',
  path: here(error.path ?? ''), dest: here(error.dest ?? ''), message: here(error.message),
});

const entry = (found) => typeof found === 'string' ? here(found) :
  [found.name, here(found.parentPath), found.isFile(), found.isDirectory(), found.isSymbolicLink()];

async function list(dir) {
  const names = [];
  for await (const found of dir) names.push(entry(found));
  return names.sort();
}

// Node's sync forms of these are other programs; the promises are what is compared.
const ALWAYS_PROMISE = ['cp', 'opendir', 'glob'];
// It has no errors at all then.
const isDeaf = (name, options) => name === 'rm' && options.force && options.recursive;

async function call(form, [name, ...args]) {
  const asked = [];
  const options = args.at(-1);
  if (options.not !== undefined) {
    const { not, slow, ...rest } = options;
    const filter = (src, dest) => {
      asked.push([here(src), here(dest)]);
      return !path.basename(src).includes(not);
    };
    args[args.length - 1] = { ...rest, filter: slow ? async (...both) => filter(...both) : filter };
  }
  try {
    if (name === 'glob') {
      const [patterns, { exclude, excludeNames, ...rest }] = args;
      if (exclude) rest.exclude = exclude;
      if (excludeNames) rest.exclude = (found) => (found.name ?? found).includes(excludeNames);
      const found = [];
      for await (const one of fs.promises.glob(patterns, rest)) found.push(entry(one));
      return found;
    }
    if (name === 'opendir') return await list(await fs.promises.opendir(...args));
    if (form === 'Sync' && !ALWAYS_PROMISE.includes(name) && !isDeaf(name, options)) fs[`${name}Sync`](...args);
    else if (form === 'Callback') await new Promise((resolve, reject) => fs[name](...args, (error) => error ? reject(error) : resolve()));
    else await fs.promises[name](...args);
    return asked;
  } catch (error) {
    return fault(error);
  }
}

function build(tree) {
  for (const [at, kind, what] of tree) {
    try {
      if (kind === 'dir') fs.mkdirSync(at, { recursive: true });
      else if (kind === 'link') fs.symlinkSync(what, at);
      else {
        fs.writeFileSync(at, what.text, { flag: 'wx' });
        fs.chmodSync(at, what.mode);
        fs.utimesSync(at, what.time, what.time);
      }
    } catch {
      // Something of another kind is there.
    }
  }
}

function tree(dir, prefix = '') {
  const out = [];
  for (const found of fs.readdirSync(dir, { withFileTypes: true })) {
    const at = path.join(dir, found.name);
    const below = prefix + found.name;
    if (found.isSymbolicLink()) out.push([below, 'link', here(fs.readlinkSync(at)).replace(/(.)\/$/, '$1')]);
    // Now and then Node writes a slash behind the name of a directory.
    else if (found.isDirectory()) out.push([below, 'dir', fs.statSync(at).mode & 0o7777], ...tree(at, below + '/'));
    else {
      const stats = fs.statSync(at);
      const old = stats.mtimeMs < 1e12 ? Math.round(stats.mtimeMs) : 'new';
      out.push([below, 'file', stats.mode & 0o7777, fs.readFileSync(at, 'utf8'), old]);
    }
  }
  return out;
}

(async () => {
  const results = {};
  for (const form of ['Sync', 'Callback', 'Promise']) {
    results[form] = [];
    for (const [index, program] of programs.entries()) {
      const dir = path.join(root, `${form}-${index}`);
      fs.mkdirSync(dir);
      process.chdir(dir);
      build(program.tree);
      const outcomes = [];
      for (const one of program.calls) outcomes.push(await call(form, one));
      results[form].push({ outcomes, tree: tree('.') });
      process.chdir('/');
      fs.rmSync(dir, { recursive: true });
    }
  }
  console.log(JSON.stringify(results));
})();
