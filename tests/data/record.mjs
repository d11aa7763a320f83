// Records tests/data/*.toml from the Node that runs it: node tests/data/record.mjs
// The inputs are here; the expected results are Node's own.
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const CWD = { posix: '/home/user', win32: 'C:\\Users\\me' };

function toml(value) {
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    return `{ ${Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => `${k} = ${toml(v)}`).join(', ')} }`;
  }
  // JSON's escapes are TOML's.
  return JSON.stringify(value).replace(/\x7f/g, '\\u007f');
}

function outcome(call) {
  try {
    return `value = ${toml(call())}`;
  } catch ({ code, errno, syscall, message }) {
    return `error = ${toml({ code, errno, syscall, message })}`;
  }
}

function write(name, settings, cases) {
  const head = `# The expected results are Node's own: recorded, not written by hand. See record.mjs.
node = "${process.versions.node}"
recorded = "tests/data/record.mjs"

[settings]
${Object.entries(settings).map(([k, v]) => `${k} = ${toml(v)}\n`).join('')}`;
  const body = cases.map(([name, call, args, run]) => `
[[case]]
name = ${toml(name)}
call = ${toml(call)}
args = ${toml(args)}
${outcome(run)}
`);
  writeFileSync(new URL(`${name}.toml`, import.meta.url), head + body.join(''));
}

// One argument each, for every function of one path.
const ONE = [
  '', '.', '..', '/', '//', '///', 'a', 'a/', '/a', '/a/', 'a/b', 'a//b', '/a/b/c.txt', './a', '../a', 'a/..', 'a/../..',
  '/..', '/../a', 'a/./b', 'a/b/../../..', 'file.txt', '.file', '.file.txt', 'file.', 'file..', '..file', '...', 'a.b/c',
  'a.b/', '/a.b/.c', 'a b/c d.e f', 'caf\u00e9.tar.gz', '\u00fc/\u00e4.\u00f6', 'a\\b', 'C:', 'C:\\', 'C:/', 'C:a', 'C:\\a\\b.txt',
  'c:..\\a', '\\', '\\a', '\\\\server\\share', '\\\\server\\share\\', '\\\\server\\share\\a', '//server/share/a/..', '\\\\?\\C:\\a',
  '\\\\.\\pipe\\x', 'C:\\a\\..\\..', 'a\\..\\..\\b', 'CON', 'con:x', 'C:\\\\a//b', '\\\\server', '1:a',
];
const SUFFIXED = [
  ['a.txt', '.txt'], ['a.txt', 'a.txt'], ['a.txt', 'txt'], ['a.txt', '.md'], ['/x/a.txt/', '.txt'], ['.txt', '.txt'], ['a', ''],
  ['aa', 'a'], ['a.txt', 'bb.txt'], ['C:a.txt', '.txt'], ['\u00e9.\u00e9', '.\u00e9'],
];
const LISTS = [
  [], [''], ['', ''], ['a'], ['a', 'b'], ['/a', '/b'], ['a', '..', 'b'], ['a', '../..', 'b'], ['/a/b', '..', '..', '..'], ['', 'a'],
  ['a', ''], ['.', 'a'], ['a/', '/b/'], ['C:', 'a'], ['C:\\', 'a'], ['C:\\a', 'D:b'], ['\\\\server', 'share', 'a'], ['//a', 'b'],
  ['\\', '\\a'], ['a', 'C:\\b'], ['\u00e9', '..', '\u00fc'], ['a', '.', '.', 'b'], ['/', 'a', '/b', 'c'], ['C:a', 'C:b', '..'],
];
const PAIRS = [
  ['', ''], ['/a/b', '/a/b'], ['/a/b/c', '/a/d'], ['/a/b', '/a/b/c'], ['/a/b/c', '/a'], ['/', '/a'], ['/a', '/'], ['a', 'b'],
  ['a/b', 'a/c'], ['/foo/bar', '/foo/barbaz'], ['/foo/barbaz', '/foo/bar'], ['../a', 'a'], ['C:\\a\\b', 'C:\\a\\c'], ['c:\\A', 'C:\\a\\B'],
  ['C:\\a', 'D:\\a'], ['\\\\s\\x\\a', '\\\\s\\x\\b'], ['\\\\s\\x\\a', '\\\\s\\y\\b'], ['/a/\u00e9', '/a/\u00fc'], ['C:\\', 'C:\\a'],
];
const PARTS = [
  ['', '', '', '', ''], ['/', '', 'a.txt', '', ''], ['/', '/x', 'a.txt', '', ''], ['', 'x', '', '.md', 'a'], ['/', '/', 'a', '', ''],
  ['', '', '', 'md', 'a'], ['', '', 'b', '.x', 'a'], ['C:\\', 'C:\\', 'a', '', ''], ['C:\\', 'C:\\x', 'a', '', ''], ['', '\u00e9', '\u00fc', '', ''],
];
const GLOBS = [
  ['', ''], ['a', ''], ['', '*'], ['a.js', '*.js'], ['.a.js', '*.js'], ['a/b.js', '*.js'], ['src/a/b.ts', 'src/**/*.ts'],
  ['src/b.ts', 'src/**/*.ts'], ['src/.a/b.ts', 'src/**/*.ts'], ['/a/b', '/**'], ['a', 'a/**'], ['a/b', 'a/**'], ['a/', 'a/**'],
  ['x/node_modules/y', '**/node_modules/**'], ['node_modules', '**/node_modules/**'], ['a.ts', '*.{ts,tsx}'], ['a.tsx', '*.{ts,tsx}'],
  ['a.js', '*.{ts,tsx}'], ['a3', 'a{1..5}'], ['b', '[a-c]'], ['d', '[a-c]'], ['d', '[!a-c]'], ['.', '[!a]'], ['-', '[a-]'], [']', '[]]'],
  ['a', '[[:alpha:]]'], ['1', '[[:alpha:]]'], ['a[', 'a['], ['ab', 'a?'],
  ['foo', '!(bar)'], ['bar', '!(bar)'], ['aab', '+(a)b'], ['b', '*(a)b'], ['ab', '@(a|c)b'], ['a/../b', 'b'], ['a//b', 'a/b'], ['./a', 'a'],
  ['a/b', 'a\\b'], ['a\\b', 'a/b'], ['C:\\x\\y', 'c:/x/*'], ['C:\\x', 'D:/*'], ['a/b/c/d', 'a/**/c/**/d'], ['a/c/.d', '**/c/**/.d'],
  ['abcabc', '*a*c'], ['abcabd', '*a*c'], ['{a}', '{a}'], ['${a,b}', '${a,b}'], ['a,b', 'a,b'], ['x/.git/config', '**/.git/*'],
];

const cases = [];
for (const flavour of ['posix', 'win32']) {
  const add = (verb, lists, call = (args) => path[flavour][verb](...args)) =>
    lists.forEach((args, i) => cases.push([`${flavour}.${verb} ${i + 1}`, `${flavour}.${verb}`, args, () => {
      process.cwd = () => CWD[flavour];
      return call(args);
    }]));
  const one = ONE.map((arg) => [arg]);
  add('basename', [...one, ...SUFFIXED]);
  add('dirname', one);
  add('extname', one);
  add('format', PARTS, ([root, dir, base, ext, name]) => path[flavour].format({ root, dir, base, ext, name }));
  add('isAbsolute', one);
  add('join', LISTS);
  add('matchesGlob', GLOBS);
  add('normalize', one);
  add('parse', one);
  add('relative', PAIRS);
  add('resolve', LISTS);
  add('toNamespacedPath', one);
}
write('path', CWD, cases);
