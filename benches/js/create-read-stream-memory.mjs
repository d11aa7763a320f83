import { createReadStream } from 'node:fs';
import { file, memory, peak } from './harness.mjs';

const before = memory('VmRSS');
let bytes = 0;
for await (const chunk of createReadStream(file('1g'))) bytes += chunk.length;
peak(bytes, before);
