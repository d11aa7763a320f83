import { verifying } from './signatures.mjs';

await verifying('ml-dsa-65', null);
