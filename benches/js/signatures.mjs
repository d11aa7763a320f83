// Signatures and keys of benchmarks, timed in one way.
import * as crypto from 'node:crypto';
import { lacks, measure } from './harness.mjs';

const { generateKeyPairSync, sign, verify } = crypto;
const message = Buffer.alloc(64, 'a');

export function pair(type) {
  try {
    return generateKeyPairSync(type, { modulusLength: 2048, namedCurve: 'P-256' });
  } catch (error) {
    return lacks(`keys of the type ${type} (${error.message})`);
  }
}

/** A function of crypto that not every runtime has. */
export function operation(name) {
  return typeof crypto[name] === 'function' ? crypto[name] : lacks(`crypto.${name}`);
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

export async function agreeing(type) {
  const diffieHellman = operation('diffieHellman');
  const [mine, theirs] = [pair(type), pair(type)];
  const once = () => diffieHellman({ privateKey: mine.privateKey, publicKey: theirs.publicKey });
  const other = diffieHellman({ privateKey: theirs.privateKey, publicKey: mine.publicKey });
  await timed(once().equals(other), once);
}
