import { signing } from './signatures.mjs';

await signing('ec', 'sha256');
