// Carries out the programs that watch_node.rs wrote and prints what fs.watch told of each step as JSON.
'use strict';
const fs = require('fs');
const path = require('path');
const [spec, root] = process.argv.slice(2);
const programs = JSON.parse(fs.readFileSync(spec, 'utf8'));

const rmtree = (at) => {
  if (!fs.lstatSync(at).isDirectory()) return fs.unlinkSync(at);
  for (const name of fs.readdirSync(at).sort()) rmtree(path.join(at, name));
  fs.rmdirSync(at);
};

function perform(dir, [verb, a, b]) {
  const at = (name) => path.join(dir, name);
  try {
    switch (verb) {
      case 'write': return fs.writeFileSync(at(a), b);
      case 'mkdir': return fs.mkdirSync(at(a));
      case 'rename': return fs.renameSync(at(a), at(b));
      case 'move':
        return fs.lstatSync(at(b), { throwIfNoEntry: false }) ? undefined : fs.renameSync(at(a), at(b));
      case 'unlink': return fs.unlinkSync(at(a));
      case 'rmdir': return fs.rmdirSync(at(a));
      case 'rmtree': return rmtree(at(a));
      case 'symlink': return fs.symlinkSync(a, at(b));
      case 'link': return fs.linkSync(at(a), at(b));
      case 'chmod': return fs.chmodSync(at(a), b);
      case 'truncate': return fs.truncateSync(at(a), b);
      case 'utimes': return fs.utimesSync(at(a), b, b);
    }
  } catch {
    // The other side fails in the same way.
    return;
  }
  throw new Error(`no such verb: ${verb}`);
}

// A name that the system tells of last says that a step is over; links to its directory are told of behind it.
async function run(dir, { target, options, prepare, steps }) {
  fs.mkdirSync(dir);
  prepare.forEach((call) => perform(dir, call));
  let waits = () => {};
  let events = [];
  const watcher = fs.watch(path.join(dir, target), options, (kind, name) => {
    if (name.startsWith('sentinel')) return waits(name);
    events.push(`${kind} ${name}`);
  });
  const outcomes = [];
  for (const [index, step] of steps.entries()) {
    step.forEach((call) => perform(dir, call));
    await new Promise((resolve) => {
      waits = (name) => name === `sentinel${index}` && setImmediate(resolve);
      if (target === '') fs.mkdirSync(path.join(dir, `sentinel${index}`));
      else setTimeout(resolve, 60);
    });
    outcomes.push(events);
    events = [];
  }
  watcher.close();
  return outcomes;
}

(async () => {
  const outcomes = [];
  for (const [index, program] of programs.entries()) {
    outcomes.push(await run(path.join(root, String(index)), program));
  }
  process.stdout.write(JSON.stringify(outcomes));
})();
