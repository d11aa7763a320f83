import { operation, pair, timed } from './signatures.mjs';

const encapsulate = operation('encapsulate');
const { publicKey } = pair('ml-kem-768');
const once = () => encapsulate(publicKey);
await timed(once().ciphertext.length, once);
