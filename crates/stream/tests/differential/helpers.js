'use strict';
// Runs chains of iterator helpers from standard input, and prints what comes of each as JSON.
const { Readable } = require('stream');

const turns = async (n) => {
  for (let i = 0; i < n; i++) await new Promise((resolve) => setImmediate(resolve));
};

async function run({ items, steps, end, arg }) {
  const source = Readable.from(items);
  let calls = 0;
  let stream = source;
  for (const { op, arg, concurrency, fails, slow } of steps) {
    const options = { concurrency };
    const made = (make) => slow ? async (x) => {
      await turns(x % 3);
      if (x === fails) throw new Error(`fails at ${x}`);
      return make(x);
    } : (x) => {
      if (x === fails) throw new Error(`fails at ${x}`);
      return make(x);
    };
    if (op === 'map') stream = stream.map(made((x) => x + arg), options);
    else if (op === 'filter') stream = stream.filter(made((x) => x % (arg + 2) !== 0), options);
    else if (op === 'flatMap') stream = stream.flatMap(made((x) => Array(x % 3).fill(x + arg)), options);
    else if (op === 'drop') stream = stream.drop(arg);
    else stream = stream.take(arg);
  }
  const hit = (x) => { calls++; return x % 7 === arg; };
  let result;
  try {
    if (end === 'toArray') result = await stream.toArray();
    else if (end === 'some') result = await stream.some(hit);
    else if (end === 'every') result = await stream.every((x) => !hit(x));
    else if (end === 'find') result = await stream.find(hit) ?? null;
    else if (end === 'reduce') result = await stream.reduce((sum, x) => sum * 31 + x & 0xffff, arg);
    else if (end === 'reduceFirst') result = await stream.reduce((sum, x) => sum * 31 + x & 0xffff);
    else {
      result = [];
      await stream.forEach((x) => { result.push(x); });
    }
    result = JSON.stringify(result);
  } catch (error) {
    result = error.message;
  }
  // Its generators close one after the other.
  await turns(40);
  return `${result} calls=${calls} destroyed=${source.destroyed}`;
}

let text = '';
process.stdin.on('data', (bytes) => { text += bytes; });
process.stdin.on('end', async () => {
  const results = [];
  for (const program of JSON.parse(text)) results.push(await run(program));
  process.stdout.write(JSON.stringify(results));
});
