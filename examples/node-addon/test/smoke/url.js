'use strict';
const assert = require('assert');
const { inspect } = require('util');
const { url } = require('../..');

module.exports = () => {
  const { URL, URLPattern, URLSearchParams } = url;
  const found = new URL('/p/../q?a=1#h', 'http://user@EXAMPLE.org:80');
  assert.strictEqual(found.href, 'http://user@example.org/q?a=1#h');
  found.searchParams.append('b', '\ud800');
  found.port = '81';
  found.host = '';
  assert.strictEqual(found.href, 'http://user@example.org:81/q?a=1&b=%EF%BF%BD#h');
  assert.throws(() => new URL('no'), { code: 'ERR_INVALID_URL', input: 'no' });
  assert.strictEqual(URL.parse('no'), null);
  assert.strictEqual(URL.canParse('no', 'http://a'), true);
  assert.deepStrictEqual(
    [...new URLSearchParams({ a: 1, b: 2 })],
    [
      ['a', '1'],
      ['b', '2'],
    ],
  );
  assert.deepStrictEqual(new URLSearchParams('a=1&b=2&a=3').getAll('a'), ['1', '3']);
  assert.strictEqual(inspect(new URLSearchParams('a=1')), "URLSearchParams { 'a' => '1' }");
  let params = new URL('http://a/?x=1').searchParams; // whose URL only it keeps
  globalThis.gc?.();
  assert.strictEqual(params.get('x'), '1');
  params = undefined;
  const match = new URLPattern({ pathname: '/:id{/:rest}?' }).exec('http://h/7');
  assert.deepStrictEqual(match.pathname, { input: '/7', groups: { id: '7', rest: undefined } });
  assert.throws(() => new URLPattern('('), { code: 'ERR_INVALID_URL_PATTERN' });
  assert.strictEqual(url.parse('http://a/b?c=d', true).query.c, 'd');
  assert.strictEqual(url.resolve('/one/two', 'three'), '/one/three');
  assert.strictEqual(url.format({ protocol: 'http', host: 'h', query: { a: 1 } }), 'http://h?a=1');
  assert.strictEqual(url.fileURLToPath('file:///a%20b', { windows: false }), '/a b');
  assert.strictEqual(url.pathToFileURL('/a b', { windows: false }).href, 'file:///a%20b');
  assert.strictEqual(url.urlToHttpOptions(found).port, 81);
  assert.strictEqual(url.domainToUnicode('xn--fiq228c.com'), '中文.com');
};
