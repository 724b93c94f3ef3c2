'use strict';
// Tools of agents that hold a lease on what they touch.

const { ask } = require('./asking.js');
const { invalid } = require('./codec.js');
const { holding, waitMsOf } = require('./guard.js');
const { canonicalPath } = require('./paths.js');
const { optional } = require('./requests.js');

/** Of a FILE, and of the file in a SYMBOL `file#name`, the path as everybody else who means it writes it. */
function canonical(resourceType, path) {
  const type = typeof resourceType === 'string' ? resourceType.toUpperCase() : '';
  if (type === 'FILE') return canonicalPath(path).resourcePath;
  if (type === 'SYMBOL' && typeof path === 'string') {
    const mark = path.indexOf('#', path.lastIndexOf('/') + 1);
    if (mark > 0) return canonicalPath(path.slice(0, mark)).resourcePath + path.slice(mark);
  }
  return path;
}

function guardOf(options) {
  const { client, agentId, sessionId, resourceType = 'FILE', resourcePath, predicate = 'MUTATES', ttlMs = 60000, maxRetries = 10,
    note } = optional(options);
  if (typeof client?.[ask] !== 'function') throw invalid('client is none: it must be a KlockClient or a KlockHttpClient.');
  if (typeof resourcePath !== 'function') throw invalid(`resourcePath is ${typeof resourcePath}: it must be a function of the input.`);
  const waitMs = waitMsOf(maxRetries);
  return async (input, signal, work) => {
    const wanted = {
      agent_id: agentId,
      session_id: sessionId,
      resource_type: resourceType,
      resource_path: canonical(resourceType, await resourcePath(input)),
      predicate,
      ttl: ttlMs,
      wait_ms: waitMs,
      note,
    };
    return holding(client, wanted, signal, work);
  };
}

/**
 * The same tool, whose every call holds a lease while it runs. Takes a function, or a tool of LangChain, which keeps its name, text
 * and schema. Calls reject with KlockConflictError when the lease is not granted.
 */
function klockProtected(tool, options) {
  const guarded = guardOf(options);
  if (typeof tool === 'function') {
    const made = function (input, ...rest) {
      return guarded(input, undefined, () => tool.call(this, input, ...rest));
    };
    return Object.defineProperty(made, 'name', { value: tool.name });
  }
  if (typeof tool?._call !== 'function') throw invalid('tool is no tool: it must be a function or a tool of LangChain.');
  const made = Object.assign(Object.create(Object.getPrototypeOf(tool)), tool);
  // Where LangChain has checked the input by the schema, and hands over a signal that ends the call.
  made._call = (input, manager, config) => guarded(input, config?.signal, () => tool._call(input, manager, config));
  return made;
}

module.exports = { klockProtected };
