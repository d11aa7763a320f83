import { verifying } from './signatures.mjs';

await verifying('ed25519', null);
