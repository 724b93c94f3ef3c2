'use strict';

const { inspect } = require('node:util');

/** How console.log shows an object: its name and some fields. Lease ids, which are the right to release, and keys are not among them. */
function shown(object, fields, depth, options) {
  const name = object.constructor?.name ?? 'Object';
  if (depth < 0) return `[${name}]`;
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return `${name} ${inspect(given, { ...options, depth: options.depth === null ? null : options.depth - 1 })}`;
}

module.exports = { shown };
