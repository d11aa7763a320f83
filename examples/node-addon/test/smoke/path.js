'use strict';
const assert = require('assert');
const { path } = require('../..');

module.exports = () => {
  assert.strictEqual(path.posix.join('a', '..', 'b'), 'b');
  assert.strictEqual(path.win32.resolve('C:\\a', '..\\b'), 'C:\\b');
  assert.deepStrictEqual(path.posix.parse('/d/\ud800.x'), {
    root: '/',
    dir: '/d',
    base: '\ud800.x',
    ext: '.x',
    name: '\ud800',
  });
  assert.strictEqual(path.posix.format({ dir: '/d', name: 'n', ext: 'x' }), '/d/n.x');
  assert.strictEqual(path.posix.matchesGlob('/a/b.js', '/a/*.js'), true);
  assert.throws(() => path.join(1), { code: 'ERR_INVALID_ARG_TYPE' });
};
