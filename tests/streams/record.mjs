// What examples/streams.* have to write: node record.mjs COUNT FILE, with Node's own streams.
// expected.txt is its output for 1000, from Node 26.10 on Linux.
import { createWriteStream } from 'node:fs';
import { pipeline, Readable, Transform } from 'node:stream';

const [count, file] = process.argv.slice(2);
let next = 1;
const numbers = new Readable({
  objectMode: true,
  read() { this.push(next <= Number(count) ? { value: next++ } : null); },
});
let [longest, most] = [0, 0];
const lines = new Transform({
  writableObjectMode: true,
  transform({ value }, _, done) {
    let [steps, highest] = [0, value];
    for (let at = value; at !== 1; steps++) {
      at = at % 2 === 0 ? at / 2 : 3 * at + 1;
      highest = Math.max(highest, at);
    }
    if (longest === 0 || steps > most) [longest, most] = [value, steps];
    done(null, `${value} ${steps} ${highest}\n`);
  },
  flush(done) { done(null, `longest: ${longest}\n`); },
});
pipeline(numbers, lines, createWriteStream(file), (error) => {
  if (!error) return;
  const code = error.message.startsWith(error.code) ? '' : `${error.code}: `;
  console.error(`streams: ${code}${error.message}`);
  process.exitCode = 1;
});
