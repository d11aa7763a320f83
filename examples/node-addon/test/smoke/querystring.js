'use strict';
const assert = require('assert');
const { querystring } = require('../..');

module.exports = () => {
  const { parse, stringify } = querystring;
  assert.deepStrictEqual({ ...parse('a=1&b=%20+&a=2') }, { a: ['1', '2'], b: '  ' });
  assert.strictEqual(stringify({ a: [1, true, 2n], b: 'ü', c: null }), 'a=1&a=true&a=2&b=%C3%BC&c=');
  assert.deepStrictEqual({ ...parse('a:1;b:2', ';', ':', { maxKeys: 1 }) }, { a: '1' });
  const upper = {
    decodeURIComponent: (text) => text.toUpperCase(),
    encodeURIComponent: (text) => `<${text}>`,
  };
  assert.deepStrictEqual({ ...parse('a%3D=b%3d', null, null, upper) }, { 'A%3D': 'B%3D' });
  assert.strictEqual(stringify({ a: 'b' }, null, null, upper), '<a>=<b>');
  const thrower = () => {
    throw new Error('mine');
  };
  assert.throws(() => stringify({ a: 'b' }, null, null, { encodeURIComponent: thrower }), {
    message: 'mine',
  });
  assert.deepStrictEqual({ ...parse('a=%41%', null, null, { decodeURIComponent: thrower }) }, { a: 'A%' });
  assert.throws(() => querystring.escape('\ud800'), { code: 'ERR_INVALID_URI' });
  assert.deepStrictEqual([...querystring.unescapeBuffer('%ff+', true)], [255, 32]);
};
