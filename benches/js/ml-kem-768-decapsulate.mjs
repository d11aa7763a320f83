import { decapsulate, encapsulate } from 'node:crypto';
import { pair, timed } from './signatures.mjs';

const { publicKey, privateKey } = pair('ml-kem-768');
const { sharedKey, ciphertext } = encapsulate(publicKey);
const once = () => decapsulate(privateKey, ciphertext);
await timed(once().equals(sharedKey), once);
