import { verifying } from './signatures.mjs';

await verifying('rsa', 'sha256');
