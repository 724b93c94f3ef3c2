'use strict';
// Servers that speak the wire of the original Klock and nothing newer: what cannot work there fails in words.

const { KlockError } = require('./errors.js');

const CODES = { 400: 'INVALID_REQUEST', 401: 'UNAUTHORIZED', 403: 'FORBIDDEN', 404: 'UNKNOWN_LEASE', 410: 'EXPIRED' };
const FILTERS = [['agent_id', 'agentId'], ['session_id', 'sessionId'], ['resource', 'resource'], ['namespace', 'namespace']];
const FEATURES = [['wait_ms', 'waitMs'], ['namespace', 'namespace']];

/** The answer; an error that has no code gets that of its HTTP status. */
function withCode(status, answer) {
  if (answer.success || ['code', 'reason', 'status'].some((name) => name in answer)) return answer;
  const said = answer.error ?? answer.message ?? `The server answered ${status} and nothing else.`;
  return { ...answer, code: CODES[status] ?? 'INTERNAL', error: String(said) };
}

function wanted(names, request) {
  return names.find(([name]) => request[name])?.[1];
}

function isHeeded(answer) {
  return answer.success ? answer.data.fencing_token !== undefined : answer.conflicts !== undefined;
}

/** Why an answer is not what the request asked for; undefined when it is. An older server ignores what it does not know. */
function problemOf(verb, request, answer) {
  if (verb === 'declare_intents') return undefined;
  if ('status' in answer || (answer.success && answer.data === undefined)) return `it did something else for ${verb}`;
  if (verb === 'acquire' && !isHeeded(answer)) {
    const ignored = wanted(FEATURES, request);
    return ignored && `it ignores ${ignored}`;
  }
  if (verb === 'list_leases' && answer.data.some((lease) => lease.fencing_token === undefined)) {
    const filter = wanted(FILTERS, request);
    return filter && `it lists all leases, whatever ${filter} says`;
  }
  return undefined;
}

/** The error for an answer of a server that is of another Klock; undefined when it is one of this. */
function olderServer(verb, request, answer, name) {
  const problem = problemOf(verb, request, answer);
  if (problem === undefined) return undefined;
  return new KlockError('INTERNAL', `The server at ${name} is not of this Klock: ${problem}. Start the klock serve of this package there.`);
}

module.exports = { olderServer, withCode };
