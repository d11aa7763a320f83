'use strict';
// Runs each app on the stock runtime and with nodecore in place of its modules, and compares what they print:
//
//   node run.js [--runtime PATH] [--addon DIR] [--packages DIR] [APP…]
//
// The packages are those of package.json, installed in DIR (target/packages).

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const argv = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = argv.indexOf(name);
  return at < 0 ? otherwise : argv.splice(at, 2)[1];
};
const root = path.resolve(__dirname, '../..');
const runtime = option('--runtime', process.execPath);
const addon = path.resolve(option('--addon', path.join(root, 'examples/node-addon')));
const packages = path.resolve(option('--packages', path.join(root, 'target/packages')));

/** What each app is about; the rest of its packages come along. */
const APPS = {
  'express.js': 'express', 'fastify.js': 'fastify', 'serve-static.js': 'serve-static', 'fs-extra.js': 'fs-extra',
  'graceful-fs.js': 'graceful-fs', 'tar.js': 'tar', 'zip.js': 'archiver, unzipper', 'jsonwebtoken.js': 'jsonwebtoken',
  'jose.mjs': 'jose', 'split2.js': 'split2', 'through2.js': 'through2, pump',
};

// The apps are run from beside the packages, so that both require and import find them.
fs.mkdirSync(packages, { recursive: true });
fs.copyFileSync(path.join(__dirname, 'package.json'), path.join(packages, 'package.json'));
fs.cpSync(path.join(__dirname, 'apps'), path.join(packages, 'apps'), { recursive: true });
const wanted = Object.keys(JSON.parse(fs.readFileSync(path.join(__dirname, 'package.json'))).dependencies);
if (!wanted.every((name) => fs.existsSync(path.join(packages, 'node_modules', name)))) {
  const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: packages, stdio: 'inherit' });
  if (npm.status !== 0) {
    console.log('packages: npm could not install them; nothing was run');
    process.exit(1);
  }
}

function run(app, replaced) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nodecore-packages-'));
  const proof = fs.mkdtempSync(path.join(os.tmpdir(), 'nodecore-proof-'));
  const args = replaced ? ['--require', path.join(addon, 'replace.js')] : [];
  const { status, signal, stdout, stderr } = spawnSync(runtime, [...args, path.join(packages, 'apps', app), folder], {
    encoding: 'utf8', timeout: 60_000, env: { ...process.env, NODECORE_PROOF: replaced ? proof : '', NODE_NO_WARNINGS: '1' },
  });
  const loaded = fs.readdirSync(proof).flatMap((file) => JSON.parse(fs.readFileSync(path.join(proof, file))).marked);
  fs.rmSync(folder, { recursive: true });
  fs.rmSync(proof, { recursive: true });
  // The folder's name is not the same twice, nor is where the stack of an error leads.
  return { text: `${stdout.replaceAll(folder, 'FOLDER')}exit ${status ?? signal}\n`, stderr, loaded };
}

let passed = 0;
let failed = 0;
const filter = argv;
for (const [app, names] of Object.entries(APPS)) {
  if (filter.length > 0 && !filter.some((word) => app.includes(word))) continue;
  const stock = run(app, false);
  const ours = run(app, true);
  const same = stock.text === ours.text && stock.text.endsWith('exit 0\n') && ours.loaded.length > 0;
  if (same) passed++;
  else failed++;
  console.log(`${same ? 'ok    ' : 'FAILED'} ${names}: ${same ? ours.loaded.sort().join(', ') : ''}`);
  if (same) continue;
  const [a, b] = [stock.text.split('\n'), ours.text.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  console.log(`  stock    ${a[at]?.slice(0, 300)}\n  nodecore ${b[at]?.slice(0, 300)}\n  ${(ours.stderr || stock.stderr).trim().split('\n').slice(0, 8).join('\n  ')}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
