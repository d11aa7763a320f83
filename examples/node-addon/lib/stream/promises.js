'use strict';
// `stream/promises`.

const { finishedPromise: finished } = require('./finished');
const { pipelinePromise: pipeline } = require('./pipeline');

module.exports = { finished, pipeline };
