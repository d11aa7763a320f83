// Times one piece of work on any of the three runtimes and prints a line of JSON. The Rust and C harnesses time in
// the same way: double the batch until one takes 5 ms, then take the median of half a second of batches.
import { readFileSync } from 'node:fs';

const BATCH_MS = 5;
const TOTAL_MS = 500;
const WARM_UP_MS = 200;

/** The lines of benches/inputs/NAME.txt, which every language reads, split at tabs. */
export function inputs(name) {
  const text = readFileSync(`${process.env.NODECORE_BENCH_INPUTS}/${name}.txt`, 'utf8');
  return text.trimEnd().split('\n').map((line) => line.split('\t'));
}

/** A file that xtask made for the benchmarks. */
export function file(name) {
  return `${process.env.NODECORE_BENCH_DATA}/${name}`;
}

async function batch(run, times) {
  const start = performance.now();
  const pending = run(times);
  if (pending instanceof Promise) await pending;
  return performance.now() - start;
}

/** Prints the median of samples in milliseconds. */
export function printMedian(samples, check) {
  samples.sort((a, b) => a - b);
  console.log(JSON.stringify({ ns: samples[samples.length >> 1] * 1e6, check: String(check) }));
}

/** Says what this runtime has not of what the work needs, and ends. */
export function lacks(what) {
  console.log(JSON.stringify({ lacks: what }));
  process.exit(0);
}

/** `run(n)` does the work n times, at once or as a promise; `check` shows that every language does the same work. */
export async function measure(check, run) {
  let times = 1;
  const warm = performance.now();
  for (;;) {
    const took = await batch(run, times);
    if (took < BATCH_MS) times *= 2;
    else if (performance.now() - warm > WARM_UP_MS) break;
  }
  const samples = [];
  const start = performance.now();
  while (samples.length < 5 || performance.now() - start < TOTAL_MS) samples.push((await batch(run, times)) / times);
  printMedian(samples, check);
}

/** Times `run` alone, five times, with what it needs made by `before` each time; `run` returns what is to check. */
export async function measureAfter(before, run) {
  const samples = [];
  let check;
  for (let i = 0; i < 5; i++) {
    await before();
    const start = performance.now();
    check = await run();
    samples.push(performance.now() - start);
  }
  printMedian(samples, check);
}

/** The same, for a function of one line of inputs whose result has a length. */
export async function measureEach(lines, work) {
  const check = lines.reduce((sum, line) => sum + work(line), 0);
  let sink = 0;
  let next = 0;
  await measure(check, (times) => {
    for (let i = 0; i < times; i++) {
      sink += work(lines[next]);
      if (++next === lines.length) next = 0;
    }
  });
  if (sink === -1) console.log(sink);
}

/** What the system says of this process's memory, in bytes; null where it does not tell. */
export function memory(what) {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return Number(new RegExp(`${what}:\\s*(\\d+) kB`).exec(status)?.[1]) * 1024;
  } catch {
    return null; // Not Linux.
  }
}

/** Prints the most memory that the process has taken so far, in bytes, above `before`. */
export function peak(check, before = 0) {
  const most = memory('VmHWM');
  console.log(JSON.stringify({ bytes: most === null ? null : most - before, check: String(check) }));
}
