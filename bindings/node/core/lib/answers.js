'use strict';
// Answers in the flat shape that JavaScript callers get.

const { advice, toCamel } = require('./codec.js');

const GRANTED = ['success', 'lease_id', 'agent_id', 'session_id', 'resource', 'predicate', 'expires_at'];
const REFUSED = ['success', 'reason', 'wait_time', 'message'];

function granted(lease) {
  if (lease.fencing_token === undefined) return whatThereIs({ ...lease, success: true }, GRANTED);
  const made = {
    success: true,
    leaseId: lease.lease_id,
    agentId: lease.agent_id,
    sessionId: lease.session_id,
    resource: lease.resource,
    predicate: lease.predicate,
    expiresAt: lease.expires_at,
    fencingToken: lease.fencing_token,
  };
  if (lease.namespace !== undefined) made.namespace = lease.namespace;
  if (lease.warning !== undefined) made.warning = lease.warning;
  return made;
}

function refused(answer) {
  if (answer.conflicts === undefined) return whatThereIs(answer, REFUSED);
  return {
    success: false,
    reason: answer.reason,
    waitTime: answer.wait_time,
    message: advice(answer.message),
    conflicts: toCamel(answer.conflicts),
  };
}

/** The answer of a server of the original Klock, which has fewer fields: none is there without a value. */
function whatThereIs(answer, names) {
  return toCamel(Object.fromEntries(names.filter((name) => answer[name] !== undefined).map((name) => [name, answer[name]])));
}

/** The answer to a request for one lease. */
function leaseResult(answer) {
  return answer.success ? granted(answer.data) : refused(answer);
}

/** The answer to a request for several leases. */
function leasesResult(answer) {
  return answer.success ? { success: true, leases: answer.data.leases.map(granted) } : refused(answer);
}

/** The answer to a declared manifest. */
function verdict(answer) {
  return { ...toCamel(answer), reason: advice(answer.reason) };
}

/** The ids of the leases in an answer to `verb`. */
function broughtLeases(verb, answer) {
  if (!answer.success || (verb !== 'acquire' && verb !== 'acquire_all')) return [];
  return verb === 'acquire' ? [answer.data.lease_id] : answer.data.leases.map((lease) => lease.lease_id);
}

module.exports = { leaseResult, leasesResult, verdict, broughtLeases };
