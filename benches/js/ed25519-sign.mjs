import { signing } from './signatures.mjs';

await signing('ed25519', null);
