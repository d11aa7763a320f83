import { operation, pair, timed } from './signatures.mjs';

const decapsulate = operation('decapsulate');
const { publicKey, privateKey } = pair('ml-kem-768');
const { sharedKey, ciphertext } = operation('encapsulate')(publicKey);
const once = () => decapsulate(privateKey, ciphertext);
await timed(once().equals(sharedKey), once);
