'use strict';
// One name for one file, whoever asks and from wherever.

const { decode, encode, toCamel } = require('./codec.js');
const { library } = require('./library.js');

/**
 * The path to use in a FILE lease, so that all who mean one file name one resource; the top of its git work tree or null; the name of
 * that repository; and the store that `auto` stands for there.
 */
function canonicalPath(path, cwd) {
  return toCamel(decode(library().canonicalPath(encode({ path, cwd }))).data);
}

module.exports = { canonicalPath };
