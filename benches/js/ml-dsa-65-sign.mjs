import { signing } from './signatures.mjs';

await signing('ml-dsa-65', null);
