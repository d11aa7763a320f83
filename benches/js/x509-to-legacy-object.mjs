import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { measure } from './harness.mjs';

const pem = readFileSync(`${process.env.NODECORE_BENCH_INPUTS}/x509.txt`);
// Of a certificate just read, as it is asked for once.
const once = () => new X509Certificate(pem).toLegacyObject();
let last;
await measure(once().raw.length, (times) => {
  for (let i = 0; i < times; i++) last = once();
});
if (last === undefined) console.log(last);
