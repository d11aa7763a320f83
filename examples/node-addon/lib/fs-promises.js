'use strict';
// fs/promises: the families' forms with promises.

const { constants } = require('./fs/constants');
const dirs = require('./fs/dirs');
const files = require('./fs/files');
const handle = require('./fs/handle');
const paths = require('./fs/paths');
const trees = require('./fs/trees');
const watching = require('./fs/watch');

module.exports = {
  ...paths.promises,
  ...files.promises,
  ...dirs.promises,
  ...trees.promises,
  ...watching.promises,
  ...handle.promises,
  constants,
};
