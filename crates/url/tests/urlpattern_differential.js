// Reads cases, one JSON array a line: a pattern's arguments and an input's. Writes what Node makes of each, as JSON.
'use strict';

const NAMES = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];

function run(pattern, input) {
  const made = new URLPattern(...pattern);
  const parts = NAMES.map((name) => made[name]);
  // Node takes relative inputs without a base, which the Standard does not.
  const relative = typeof input[0] === 'string' && input.length === 1 && !URL.canParse(input[0]);
  const found = relative ? null : made.exec(...input);
  if (!relative && made.test(...input) !== (found !== null)) throw new Error('test and exec differ');
  const groups = ({ input, groups }) =>
    [input, Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, value ?? null]))];
  return [parts, made.hasRegExpGroups, found && NAMES.map((name) => groups(found[name]))];
}

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (data) => {
  const lines = (rest + data).split('\n');
  rest = lines.pop();
  let out = '';
  for (const line of lines) {
    let result;
    try {
      result = { ok: run(...JSON.parse(line)) };
    } catch (error) {
      result = { code: error.code ?? '', message: error.message, class: error.name };
    }
    out += JSON.stringify(result) + '\n';
  }
  process.stdout.write(out);
});
