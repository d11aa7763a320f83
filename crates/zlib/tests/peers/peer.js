// Does tasks for tests/round_trips.rs until its input ends. A message is the number of its fields, and each field with
// its length before it. A task has the form, the mode, the options, and what is done: `w` and bytes to write, `f` and a
// kind of flush, `p` and a level and a strategy. An answer has the data, what happened, and the bytes that were taken.
'use strict';
const fs = require('fs');
const zlib = require('zlib');

const failure = (e) => `error ${e.name} ${e.code} ${e.errno} ${e.message}`;
const made = (options) => {
  const given = JSON.parse(options);
  if (given.dictionary !== undefined) given.dictionary = Buffer.from(given.dictionary, 'hex');
  return given;
};

const forms = {
  sync(mode, options, steps) {
    const name = `${mode[0].toLowerCase()}${mode.slice(1)}Sync`;
    const input = Buffer.concat(steps.map((step) => step.subarray(1)));
    try {
      const { buffer, engine } = zlib[name](input, { ...made(options), info: true });
      return [buffer, '', String(engine.bytesWritten)];
    } catch (e) {
      return ['', failure(e), ''];
    }
  },

  async stream(mode, options, steps) {
    const data = [];
    const events = [];
    let stream;
    try {
      stream = zlib[`create${mode}`](made(options));
    } catch (e) {
      return ['', failure(e), ''];
    }
    stream.on('data', (chunk) => data.push(chunk));
    for (const name of ['end', 'finish']) stream.on(name, () => events.push(name));
    stream.on('error', (e) => events.push(failure(e)));
    const closed = new Promise((resolve) => stream.on('close', resolve));
    for (const step of steps) {
      const rest = step.subarray(1);
      switch (String.fromCharCode(step[0])) {
        case 'w': stream.write(rest); break;
        case 'f': stream.flush(Number(rest)); break;
        default: {
          // What is written before it calls back may fail.
          const [level, strategy] = String(rest).split(' ').map(Number);
          await new Promise((resolve) => stream.params(level, strategy, resolve));
        }
      }
    }
    stream.end();
    await closed;
    return [Buffer.concat(data), events.join('|'), String(stream.bytesWritten)];
  },
};

function exactly(size) {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size;) {
    const read = fs.readSync(0, bytes, at, size - at);
    if (read === 0) return null;
    at += read;
  }
  return bytes;
}

function task() {
  const head = exactly(4);
  if (head === null) return null;
  return Array.from({ length: head.readUInt32LE() }, () => exactly(exactly(4).readUInt32LE()));
}

const number = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

(async () => {
  for (let fields = task(); fields !== null; fields = task()) {
    const [form, mode, options, ...steps] = fields;
    const answer = (await forms[form](String(mode), String(options), steps)).map((field) => Buffer.from(field));
    const bytes = Buffer.concat([number(answer.length), ...answer.flatMap((field) => [number(field.length), field])]);
    for (let at = 0; at < bytes.length;) at += fs.writeSync(1, bytes, at);
  }
})();
