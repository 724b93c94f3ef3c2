'use strict';
// What a resource is called, so that all who mean one thing name one.

const { namespaceBy } = require('./asking.js');
const { invalid } = require('./codec.js');
const { canonicalPath } = require('./paths.js');

// Of `file#name` the split is at the first # after the last / (KLIS-6). A name may have a / in it, though, as in Erlang: it is written
// as %2F then, since what has no # after its last / is no symbol.
function symbolParts(path) {
  const mark = path.indexOf('#', path.lastIndexOf('/') + 1);
  const split = mark > 0 ? mark : path.indexOf('#');
  return split > 0 ? [path.slice(0, split), path.slice(split).replaceAll('/', '%2F')] : undefined;
}

/** Of a FILE, and of the file in a SYMBOL `file#name`, the path as everybody else who means it writes it; and its repository. */
function named(resourceType, path) {
  const type = typeof resourceType === 'string' ? resourceType.toUpperCase() : '';
  if (type === 'FILE') return canonicalPath(path);
  const parts = type === 'SYMBOL' && typeof path === 'string' ? symbolParts(path) : undefined;
  if (parts === undefined) return { resourcePath: path };
  const file = canonicalPath(parts[0]);
  return { ...file, resourcePath: file.resourcePath + parts[1] };
}

/**
 * The namespace that requests for resources carry: the one that was said, that of KLOCK_NAMESPACE, and where the server demands one that
 * of the repository which they are in.
 */
async function namespaceOf(client, said, names, waitMs, signal) {
  const given = said ?? (process.env.KLOCK_NAMESPACE || undefined);
  if (given !== undefined || (await client[namespaceBy](waitMs, signal)) !== 'repository') return given;
  const all = new Set(names.map((name) => (name.root === undefined ? canonicalPath('.') : name).namespace ?? undefined));
  if (all.size > 1) throw invalid('The paths are in different repositories, and this server keeps those apart: ask for each by itself.');
  return [...all][0];
}

module.exports = { named, namespaceOf };
