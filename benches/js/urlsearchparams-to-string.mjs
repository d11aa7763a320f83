import { inputs, measureEach } from './harness.mjs';

// One value is set each time, because Node keeps the text of a list that did not change.
const lines = inputs('urlsearchparams').map(([query, name]) => ({ params: new URLSearchParams(query), name }));
await measureEach(lines, ({ params, name }) => {
  params.set(name, 'changed');
  return params.toString().length;
});
