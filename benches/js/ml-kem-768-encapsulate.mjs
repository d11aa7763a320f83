import { encapsulate } from 'node:crypto';
import { pair, timed } from './signatures.mjs';

const { publicKey } = pair('ml-kem-768');
const once = () => encapsulate(publicKey);
await timed(once().ciphertext.length, once);
