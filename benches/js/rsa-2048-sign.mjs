import { signing } from './signatures.mjs';

await signing('rsa', 'sha256');
