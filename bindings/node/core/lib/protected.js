'use strict';
// Tools of agents that hold a lease on what they touch.

const { ask } = require('./asking.js');
const { invalid } = require('./codec.js');
const { holding, waitMsOf, workOf } = require('./holding.js');
const { named, namespaceOf } = require('./names.js');
const { needed } = require('./options.js');

function guardOf(options) {
  const { client, agentId = `agent-${crypto.randomUUID()}`, sessionId, resourceType = 'FILE', resourcePath, predicate = 'MUTATES',
    ttlMs = 60000, maxRetries = 10, note, namespace } = needed(options, 'protected');
  if (typeof client?.[ask] !== 'function') throw invalid('client is none: it must be a KlockClient or a KlockHttpClient.');
  if (typeof resourcePath !== 'function') throw invalid(`resourcePath is ${typeof resourcePath}: it must be a function of the input.`);
  const waitMs = waitMsOf(maxRetries);
  return async (input, signal, work) => {
    const name = named(resourceType, await resourcePath(input));
    const wanted = {
      agent_id: agentId,
      // A session never conflicts with itself, and calls of one tool may run at the same time: each has its own.
      session_id: sessionId ?? `call-${crypto.randomUUID()}`,
      intents: [{ resource_type: resourceType, resource_path: name.resourcePath, predicate }],
      ttl: ttlMs,
      wait_ms: waitMs,
      note,
      namespace: await namespaceOf(client, namespace, [name], waitMs, signal),
    };
    return holding(client, wanted, signal, work);
  };
}

/**
 * The same tool, each call of which holds a lease until its result is there. Takes a function, or a tool of LangChain, which keeps
 * its name, description and schema. Calls reject with KlockConflictError when the lease is not granted. A generator is refused: its
 * body runs later.
 */
function klockProtected(tool, options) {
  const guarded = guardOf(options);
  if (typeof tool === 'function') {
    workOf(tool, 'tool');
    const made = function (input, ...rest) {
      return guarded(input, undefined, () => tool.call(this, input, ...rest));
    };
    return Object.defineProperty(made, 'name', { value: tool.name });
  }
  if (typeof tool?._call !== 'function') throw invalid('tool is no tool: it must be a function or a tool of LangChain.');
  workOf(tool._call, 'tool');
  const made = Object.assign(Object.create(Object.getPrototypeOf(tool)), tool);
  // Where LangChain has validated the input by the schema, and passes a signal that ends the call.
  made._call = (input, manager, config) => guarded(input, config?.signal, () => tool._call(input, manager, config));
  return made;
}

module.exports = { klockProtected };
