'use strict';
// The name of a resource, so that all who mean one thing use one name.

const { statSync } = require('node:fs');
const { namespaceBy } = require('./asking.js');
const { invalid } = require('./codec.js');
const { canonicalPath } = require('./paths.js');
const { firstCommit } = require('./repository.js');

// `file#name` is split at the first # after the last /; after a drive letter \ counts as / (KLIS-6). Where there is none (`a.erl#f/1`),
// it is split at the first # with an existing file before it, and the / of the name is written %2F. A folder `d#1` is not taken for a
// file: a path without # after its last / is then refused by the kernel.
function symbolParts(path) {
  const hasDrive = /^\s*[A-Za-z]:([/\\]|$)/.test(path);
  const separator = Math.max(path.lastIndexOf('/'), hasDrive ? path.lastIndexOf('\\') : -1);
  let split = path.indexOf('#', separator + 1);
  for (let mark = path.indexOf('#'); split < 0 && mark >= 0; mark = path.indexOf('#', mark + 1)) {
    if (isFile(path.slice(0, mark))) split = mark;
  }
  return split > 0 ? [path.slice(0, split), path.slice(split).replaceAll('/', '%2F')] : undefined;
}

function isFile(path) {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** For a FILE, and the file in a SYMBOL `file#name`, the canonical path; and its repository. */
function named(resourceType, path) {
  const type = typeof resourceType === 'string' ? resourceType.toUpperCase() : '';
  if (type === 'FILE') return canonicalPath(path);
  const parts = type === 'SYMBOL' && typeof path === 'string' ? symbolParts(path) : undefined;
  if (parts === undefined) return { resourcePath: path };
  const file = canonicalPath(parts[0]);
  return { ...file, resourcePath: file.resourcePath + parts[1] };
}

/**
 * The namespace of requests for resources: the given one, that of KLOCK_NAMESPACE, and where the server requires one that of the
 * repository which they are in.
 */
async function namespaceOf(client, said, names, waitMs, signal) {
  const given = said ?? (process.env.KLOCK_NAMESPACE || undefined);
  if (given !== undefined || (await client[namespaceBy](waitMs, signal)) !== 'repository') return given;
  const places = names.map((name) => (name.root === undefined ? canonicalPath('.') : name));
  const all = new Set(await Promise.all(places.map(async ({ root, namespace }) => namespace ?? (root ? firstCommit(root) : undefined))));
  if (all.size > 1) throw invalid('The paths are in different repositories, and this server keeps those apart: ask for each by itself.');
  if (all.has(undefined)) {
    const missing = 'The server keeps repositories apart, and this is in none with an origin or a commit';
    throw invalid(`${missing}: say namespace, or set KLOCK_NAMESPACE.`);
  }
  return [...all][0];
}

module.exports = { named, namespaceOf };
