import { createPrivateKey } from 'node:crypto';
import { pair, timed } from './signatures.mjs';

const pem = pair('ec').privateKey.export({ format: 'pem', type: 'pkcs8' });
const once = () => createPrivateKey(pem);
await timed(once().asymmetricKeyType, once);
