// Runs the programs of main.rs, one a line, with Node's own timers/promises, and prints their logs.
'use strict';
const { setTimeout: timeout, setImmediate: immediate, setInterval: interval, scheduler } = require('timers/promises');
const { readFileSync } = require('fs');

const failure = (e) => `${e.name} ${e.code} ${e.message} (${e.cause.name} ${e.cause.message})`;

async function task(number, [start, steps], controllers, log) {
  if (start > 0) await timeout(start);
  for (const [index, [kind, ms, signal, count]] of steps.entries()) {
    const options = signal === null ? {} : { signal: controllers[signal].signal };
    const told = (value) => log.push(`${number}.${index}=${value ?? 'none'}`);
    const name = `v${index}`;
    try {
      switch (kind) {
        case 'abort': if (signal !== null) controllers[signal].abort(); told('done'); break;
        case 'timeout': told(await timeout(ms, name, options)); break;
        case 'wait': told(await scheduler.wait(ms, options)); break;
        case 'yield': told(await scheduler.yield()); break;
        case 'immediate': told(await immediate(name, options)); break;
        case 'interval': {
          const ticks = interval(ms, name, options);
          for (let left = count; left > 0; left--) {
            try {
              const { done, value } = await ticks.next();
              told(done ? 'end' : value);
            } catch (e) {
              told(failure(e));
            }
          }
          await ticks.return();
        }
      }
    } catch (e) {
      told(failure(e));
    }
  }
}

(async () => {
  const lines = readFileSync(0, 'utf8').split('\n');
  lines.pop();
  for (const line of lines) {
    const tasks = JSON.parse(line.split('\t')[1]);
    const controllers = Array.from({ length: 3 }, () => new AbortController());
    const log = [];
    await new Promise(setImmediate);
    await Promise.all(tasks.map((steps, number) => new Promise((resolve) => {
      queueMicrotask(() => task(number, steps, controllers, log).then(resolve));
    })));
    process.stdout.write(log.join('|') + '\n');
  }
})();
