'use strict';
// The host's own streams, for what is made of public functions alone.

module.exports = require('stream');
