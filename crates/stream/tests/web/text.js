// Answers the questions of text.rs, one a line, with Node's own text streams: what happens, in order.
'use strict';
const { readFileSync } = require('node:fs');

const bytes = (hex) => Buffer.from(hex, 'hex');
const failure = (e) => `${e.name} ${e.code} ${e.message}`;

async function flow({ readable, writable }, chunks, shown) {
  const log = [];
  const writer = writable.getWriter();
  const reader = readable.getReader();
  const told = (promise, name) => promise.then(() => log.push(name), (e) => log.push(`${name}: ${failure(e)}`));
  const over = new Promise((resolve) => {
    const step = ({ done, value }) => {
      log.push(done ? 'end' : shown(value));
      if (done) resolve(); else reader.read().then(step, failed);
    };
    const failed = (e) => { log.push(`read: ${failure(e)}`); resolve(); };
    reader.read().then(step, failed);
  });
  told(writer.closed, 'closed');
  for (const chunk of chunks) told(writer.write(chunk), 'written');
  told(writer.close(), 'close');
  await over;
  await new Promise(setImmediate);
  return log.join('|');
}

const answers = {
  encode: (...chunks) => flow(new TextEncoderStream(), chunks.map((hex) => bytes(hex).toString('utf16le')),
    (value) => Buffer.from(value).toString('hex')),
  decode: (label, fatal, ignoreBOM, ...chunks) => {
    let stream;
    try {
      stream = new TextDecoderStream(label, { fatal: fatal === 'true', ignoreBOM: ignoreBOM === 'true' });
    } catch (e) {
      return failure(e);
    }
    const head = `${stream.encoding} ${stream.fatal} ${stream.ignoreBOM}|`;
    return flow(stream, chunks.map(bytes), (value) => Buffer.from(value).toString('hex')).then((log) => head + log);
  },
};

(async () => {
  const lines = readFileSync(0, 'latin1').split('\n');
  lines.pop();
  for (const line of lines) {
    const [question, ...rest] = line.split(',');
    process.stdout.write((await answers[question](...rest)) + '\n');
  }
})();
