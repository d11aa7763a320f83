// Answers the questions of tests/node.rs, one a line, with Node's own Buffer and StringDecoder.
// Strings travel as the hexadecimal of their UTF-16 bytes, low byte first.
'use strict';
const { Buffer, isAscii, isUtf8, transcode } = require('node:buffer');
const { StringDecoder } = require('node:string_decoder');
const { readFileSync } = require('node:fs');

const bytes = (hex) => Buffer.from(hex, 'hex');
const text = (hex) => bytes(hex).toString('utf16le');
const shown = (string) => Buffer.from(string, 'utf16le').toString('hex');
const state = (decoder) => `${decoder.lastNeed}/${decoder.lastTotal}/${decoder.lastChar.toString('hex')}`;

const answers = {
  name: (name) => String(Buffer.isEncoding(text(name))),
  encode: (encoding, string) => Buffer.from(text(string), encoding).toString('hex'),
  length: (encoding, string) => String(Buffer.byteLength(text(string), encoding)),
  write: (encoding, string, room) => {
    const out = Buffer.alloc(Number(room));
    const written = out.write(text(string), encoding);
    return `${written}/${out.toString('hex', 0, written)}`;
  },
  decode: (encoding, hex) => shown(bytes(hex).toString(encoding)),
  valid: (hex) => `${isUtf8(bytes(hex))}/${isAscii(bytes(hex))}`,
  transcode: (from, to, hex) => {
    try {
      return transcode(bytes(hex), from, to).toString('hex');
    } catch (error) {
      return `${error.name}/${error.code}/${error.errno}/${error.message}`;
    }
  },
  pieces: (encoding, ...chunks) => {
    const decoder = new StringDecoder(encoding);
    const outputs = chunks.map((chunk) => `${shown(decoder.write(bytes(chunk)))}/${state(decoder)}`);
    outputs.push(`${shown(decoder.end())}/${state(decoder)}`);
    return outputs.join(' ');
  },
};

const lines = readFileSync(0, 'latin1').split('\n');
lines.pop();
const output = lines.map((line) => {
  const [question, ...rest] = line.split(',');
  return answers[question](...rest) + '\n';
});
process.stdout.write(output.join(''));
