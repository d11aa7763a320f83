import { verifying } from './signatures.mjs';

await verifying('ec', 'sha256');
