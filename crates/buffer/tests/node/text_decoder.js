// Answers the questions of tests/text_decoder.rs, one a line, with Node's own TextDecoder.
'use strict';
const { readFileSync } = require('node:fs');

const bytes = (hex) => Buffer.from(hex, 'hex');
const failure = (error) => `${error.name} ${error.code} ${error.message}`;

const answers = {
  label: (hex) => {
    let answer;
    try {
      answer = new TextDecoder(bytes(hex).toString()).encoding;
    } catch (error) {
      answer = failure(error);
    }
    return Buffer.from(answer).toString('hex');
  },
  decode: (label, fatal, ignoreBOM, ...pieces) => {
    const decoder = new TextDecoder(label, { fatal: fatal === 'true', ignoreBOM: ignoreBOM === 'true' });
    let answer = '';
    try {
      pieces.forEach((piece, index) => {
        const text = decoder.decode(bytes(piece), { stream: index + 1 < pieces.length });
        answer += `${text.isWellFormed() ? '' : 'ILL-FORMED'}${Buffer.from(text).toString('hex')} `;
      });
    } catch (error) {
      answer += failure(error);
    }
    return answer;
  },
};

const lines = readFileSync(0, 'latin1').split('\n');
lines.pop();
const output = lines.map((line) => {
  const [question, ...rest] = line.split(',');
  return answers[question](...rest) + '\n';
});
process.stdout.write(output.join(''));
