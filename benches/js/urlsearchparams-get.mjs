import { inputs, measureEach } from './harness.mjs';

const lines = inputs('urlsearchparams').map(([query, name]) => ({ params: new URLSearchParams(query), name }));
await measureEach(lines, ({ params, name }) => params.get(name).length + (params.has(name, 'none') ? 1 : 0));
