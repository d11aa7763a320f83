'use strict';
// How many objects of a module have been made, by whichever module: a file's stream is one of `stream` too.
// Whoever asks for a proof that the library's modules ran is told.

module.exports = { stream: 0 };
