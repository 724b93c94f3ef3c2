'use strict';
// One name for one file, whoever asks and from wherever.

const { decode, encode } = require('./codec.js');
const { library } = require('./library.js');

/** The path to ask a FILE lease for, so that all who mean one file name one resource, and the top of its git work tree or null. */
function canonicalPath(path, cwd) {
  const { data } = decode(library().canonicalPath(encode({ path, cwd })));
  return { resourcePath: data.resource_path, root: data.root };
}

module.exports = { canonicalPath };
