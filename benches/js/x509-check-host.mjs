import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { measure } from './harness.mjs';

const certificate = new X509Certificate(readFileSync(`${process.env.NODECORE_BENCH_INPUTS}/x509.txt`));
let last;
await measure(certificate.checkHost('www.ec.example'), (times) => {
  for (let i = 0; i < times; i++) last = certificate.checkHost('www.ec.example');
});
if (last === undefined) console.log(last);
