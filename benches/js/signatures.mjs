// Signatures and keys of benchmarks, timed in one way.
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { measure } from './harness.mjs';

const message = Buffer.alloc(64, 'a');

export function pair(type) {
  return generateKeyPairSync(type, { modulusLength: 2048, namedCurve: 'P-256' });
}

/** Times `once`, whose result is kept. */
export async function timed(check, once) {
  let last;
  await measure(check, (times) => {
    for (let i = 0; i < times; i++) last = once();
  });
  if (last === undefined) console.log(last);
}

export async function signing(type, digest) {
  const { privateKey, publicKey } = pair(type);
  const once = () => sign(digest, message, privateKey);
  await timed(verify(digest, message, publicKey, once()), once);
}

export async function verifying(type, digest) {
  const { privateKey, publicKey } = pair(type);
  const signature = sign(digest, message, privateKey);
  const once = () => verify(digest, message, publicKey, signature);
  await timed(once(), once);
}
