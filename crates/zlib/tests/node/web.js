// Answers the questions of tests/web.rs, one a line: `class TAB format TAB hex...`.
'use strict';
const classes = { compress: CompressionStream, decompress: DecompressionStream };

const failure = (e) => {
  const cause = e.cause ? ` (${e.cause.name} ${e.cause.code} ${e.cause.message})` : '';
  return `${e.name} ${e.code} ${e.message}${cause}`;
};

async function flow(question, format, parts) {
  let stream;
  try {
    stream = new classes[question](format);
  } catch (e) {
    return failure(e);
  }
  const writer = stream.writable.getWriter();
  for (const part of parts) writer.write(Buffer.from(part, 'hex')).catch(() => {});
  const closed = writer.close().then(() => 'closed', failure);
  writer.closed.catch(() => {});
  const data = [];
  let end = 'end';
  try {
    for await (const chunk of stream.readable) data.push(chunk);
  } catch (e) {
    end = failure(e);
  }
  return `${Buffer.concat(data).toString('hex')}|${end}|${await closed}`;
}

(async () => {
  const lines = require('fs').readFileSync(0, 'latin1').split('\n');
  lines.pop();
  for (const line of lines) {
    const [question, format, ...parts] = line.split('\t');
    process.stdout.write((await flow(question, format, parts)) + '\n');
  }
})();
