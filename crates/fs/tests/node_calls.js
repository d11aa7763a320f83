// Runs the sequences of calls that node.rs wrote, in each form, and prints what came of them as JSON.
'use strict';
const fs = require('fs');
const path = require('path');
const [spec, root] = process.argv.slice(2);
const sequences = JSON.parse(fs.readFileSync(spec, 'utf8'));

// Long contents by their length and ends.
const content = (text) => text.length < 1000 ? text : `${text.length} ${text.slice(0, 50)} ${text.slice(-50)}`;

const show = (name, value) => {
  switch (name) {
    case 'stat': case 'lstat':
      return [value.isFile(), value.isDirectory(), value.isSymbolicLink(), value.mode & 0o7777,
              value.isDirectory() ? 0 : value.size];
    case 'readFile': return content(value.toString('latin1'));
    case 'readdir':
      return value.map((entry) => typeof entry === 'string' ? entry :
        [entry.name, entry.parentPath, entry.isFile(), entry.isDirectory(), entry.isSymbolicLink()]);
    case 'realpath': case 'readlink': return value.replaceAll(process.cwd(), '$');
    case 'open': fs.closeSync(value); return 'fd';
    default: return value === undefined ? null : value;
  }
};

const fault = (error) => ({
  name: error.name, code: error.code ?? '', errno: error.errno ?? 0, syscall: error.syscall ?? '',
  path: error.path ?? '', dest: error.dest ?? '',
  message: error.message.replaceAll(process.cwd(), '$'),
});

async function call(form, [name, ...args]) {
  // What node.rs cannot write as JSON.
  args = args.map((arg) => arg && typeof arg === 'object' && arg.repeat ? 'x'.repeat(arg.repeat) : arg);
  try {
    let value;
    if (form === 'Sync') {
      value = fs[`${name}Sync`](...args);
    } else if (form === 'Callback') {
      value = await new Promise((resolve, reject) => {
        fs[name](...args, (error, value) => error ? reject(error) : resolve(value));
      });
    } else if (name === 'open') {
      const handle = await fs.promises.open(...args);
      await handle.close();
      return 'fd';
    } else {
      value = await fs.promises[name](...args);
    }
    return show(name, value);
  } catch (error) {
    const shown = fault(error);
    if (shown.path === '') delete shown.path;
    shown.path = (shown.path ?? '').replaceAll(process.cwd(), '$');
    return shown;
  }
}

function tree(dir, prefix = '') {
  const out = [];
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const at = path.join(dir, entry.name);
    const below = prefix + entry.name;
    if (entry.isSymbolicLink()) out.push([below, 'link', fs.readlinkSync(at)]);
    else if (entry.isDirectory()) out.push([below, 'dir', fs.statSync(at).mode & 0o7777], ...tree(at, below + '/'));
    else out.push([below, 'file', fs.statSync(at).mode & 0o7777, content(fs.readFileSync(at, 'latin1'))]);
  }
  return out;
}

(async () => {
  const results = {};
  for (const form of ['Sync', 'Callback', 'Promise']) {
    results[form] = [];
    for (const [index, sequence] of sequences.entries()) {
      const dir = path.join(root, `${form}-${index}`);
      fs.mkdirSync(dir);
      process.chdir(dir);
      const outcomes = [];
      for (const one of sequence) outcomes.push(await call(form, one));
      results[form].push({ outcomes, tree: tree(dir) });
      process.chdir('/');
      fs.rmSync(dir, { recursive: true });
    }
  }
  console.log(JSON.stringify(results));
})();
