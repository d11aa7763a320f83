import { agreeing } from './signatures.mjs';

await agreeing('x25519');
