'use strict';
// The request of each method.

const { invalid, toCamel, toSnake } = require('./codec.js');
const { needed, optional } = require('./options.js');

/** For one lease. */
function acquire(options) {
  const { agentId, sessionId, resourceType, resourcePath, predicate, ttl, waitMs, note, requestId, namespace } = needed(options, 'acquire');
  return {
    agent_id: agentId,
    session_id: sessionId,
    resource_type: resourceType,
    resource_path: resourcePath,
    predicate,
    ttl,
    wait_ms: waitMs,
    note,
    request_id: requestId,
    namespace,
  };
}

// With names in camelCase or in snake_case, as on the wire.
function inSnake(value, which, what) {
  const made = toSnake(value, what);
  needed(toCamel(made), which, what);
  return made;
}

function intent(value, index) {
  return inSnake(value, 'intent', `intents[${index}]`);
}

/** For several leases or none. */
function acquireAll(options) {
  const { agentId, sessionId, intents, ttl, waitMs, note, requestId, namespace } = needed(options, 'acquireAll');
  return {
    agent_id: agentId,
    session_id: sessionId,
    intents: Array.isArray(intents) ? intents.map(intent) : intents,
    ttl,
    wait_ms: waitMs,
    note,
    request_id: requestId,
    namespace,
  };
}

/** A declared manifest. */
function manifest(value) {
  const made = inSnake(value, 'manifest', 'manifest');
  if (Array.isArray(made.intents)) made.intents.forEach((each, index) => intent(each, index));
  return made;
}

/** The filter of a list. */
function filter(value) {
  const { agentId, sessionId, resource, namespace } = optional(value, 'filter', 'filter');
  return { agent_id: agentId, session_id: sessionId, resource, namespace };
}

/** A snapshot: the filter of its lists, how many entries of each, and whether it has the agents. */
function snapshot(value) {
  const { limit, agents, ...rest } = optional(value, 'snapshot');
  return { ...filter(rest), limit, agents };
}

/** A session as a whole. */
function session(agentId, sessionId) {
  return { agent_id: agentId, session_id: sessionId };
}

/** A change of a lease. */
function change(leaseId, predicate, options) {
  return { lease_id: leaseId, predicate, wait_ms: optional(options, 'wait').waitMs };
}

/** A renewal. */
function heartbeat(leaseId, options) {
  return { lease_id: leaseId, ttl: optional(options, 'heartbeat').ttl };
}

/** Which events to list. */
function events(options) {
  const { after = 0, limit } = optional(options, 'events');
  return { after, limit };
}

/** Refuses to wait where a wait would block the event loop. */
function withoutWait(request, { signal }, asyncName) {
  const { wait_ms: waitMs } = request;
  if (waitMs) throw invalid(`waitMs is ${String(waitMs).slice(0, 64)}: a wait would hold up the event loop, so it needs ${asyncName}.`);
  if (signal !== undefined) throw invalid(`signal is there, and only a wait can be ended by one: it needs ${asyncName}.`);
  return request;
}

module.exports = { acquire, acquireAll, manifest, filter, snapshot, session, change, heartbeat, events, withoutWait };
