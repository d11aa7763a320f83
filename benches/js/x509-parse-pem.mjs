import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { measure } from './harness.mjs';

const pem = readFileSync(`${process.env.NODECORE_BENCH_INPUTS}/x509.txt`);
let last;
await measure(new X509Certificate(pem).serialNumber, (times) => {
  for (let i = 0; i < times; i++) last = new X509Certificate(pem);
});
if (last === undefined) console.log(last);
