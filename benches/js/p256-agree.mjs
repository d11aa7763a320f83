import { agreeing } from './signatures.mjs';

await agreeing('ec');
