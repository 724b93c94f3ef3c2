'use strict';
// What each verb sends.

const { invalid, toSnake } = require('./codec.js');

/** The options of a call, which may be left out. */
function optional(value, name = 'options') {
  if (value === undefined) return {};
  if (value === null || typeof value !== 'object') {
    throw invalid(`${name} is ${value === null ? 'null' : typeof value}: it must be an object.`);
  }
  return value;
}

function needed(value, name) {
  return optional(value === undefined ? null : value, name);
}

/** One lease. */
function acquire(options) {
  const { agentId, sessionId, resourceType, resourcePath, predicate, ttl, waitMs, note, requestId } = needed(options, 'options');
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
  };
}

function intent(value, index) {
  return toSnake(value, `intents[${index}]`);
}

/** Several leases or none. */
function acquireAll(options) {
  const { agentId, sessionId, intents, ttl, waitMs, note, requestId } = needed(options, 'options');
  return {
    agent_id: agentId,
    session_id: sessionId,
    intents: Array.isArray(intents) ? intents.map(intent) : intents,
    ttl,
    wait_ms: waitMs,
    note,
    request_id: requestId,
  };
}

/** A declared manifest. */
function manifest(value) {
  return toSnake(needed(value, 'manifest'), 'manifest');
}

/** The filter of a list. */
function filter(value) {
  const { agentId, sessionId, resource } = optional(value, 'filter');
  return { agent_id: agentId, session_id: sessionId, resource };
}

/** A session as a whole. */
function session(agentId, sessionId) {
  return { agent_id: agentId, session_id: sessionId };
}

/** Which events. */
function events(options) {
  const { after = 0, limit } = optional(options);
  return { after, limit };
}

/** Refuses a time to wait where nothing can wait without holding up the event loop. */
function withoutWait(request, asyncName) {
  if (request.wait_ms) throw invalid(`waitMs is ${request.wait_ms}: a wait would hold up the event loop, so it needs ${asyncName}.`);
  return request;
}

module.exports = { acquire, acquireAll, manifest, filter, session, events, optional, withoutWait };
