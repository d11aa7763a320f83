import { readFileSync } from 'node:fs';
import { file, measureEach } from './harness.mjs';

// A URL a line, behind a tab its base where it has one.
const lines = readFileSync(file('awkward-urls.txt'), 'utf8').trimEnd().split('\n').map((line) => line.split('\t'));
await measureEach(lines, ([line, base]) => new URL(line, base).href.length);
