'use strict';
// The HTTP request of each method: HTTP method, path, body.

const { invalid } = require('./codec.js');

const ID_BYTES = 256;

function kind(value) {
  if (value === null || value === undefined) return value === null ? 'null' : 'missing';
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function unfit(value) {
  if (typeof value !== 'string') return `is ${kind(value)}`;
  if (value === '') return 'is empty';
  if (!value.isWellFormed()) return 'contains a lone surrogate';
  const size = Buffer.byteLength(value);
  return size > ID_BYTES ? `has ${size} bytes` : undefined;
}

/** A part of a path. A value of a wrong type would become a valid text there, and dots would climb: `fetch` resolves them, escaped too. */
function part(value, name) {
  const problem = unfit(value);
  if (problem !== undefined) throw invalid(`${name} ${problem}: it must be a string of 1 to ${ID_BYTES} bytes.`);
  if (value === '.' || value === '..') throw invalid(`${name} is ${value}: dots alone cannot be sent in the path of a URL.`);
  return encodeURIComponent(value);
}

function lease(request) {
  return `/leases/${part(request.lease_id, 'leaseId')}`;
}

function session(request) {
  return `/sessions/${part(request.agent_id, 'agentId')}/${part(request.session_id, 'sessionId')}`;
}

function query(fields) {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

function without(name, { [name]: _, ...rest }) {
  return rest;
}

const ROUTES = {
  register_agent: (request) => ['POST', '/agents', request],
  list_agents: (request) => ['GET', `/agents${query(request)}`],
  snapshot: (request) => ['GET', `/snapshot${query(request)}`],
  acquire: (request) => ['POST', '/leases', request],
  acquire_all: (request) => ['POST', '/intents', request],
  declare_intents: (request) => ['POST', '/intents', without('ttl', request)], // with a ttl it would acquire
  list_leases: (request) => ['GET', `/leases${query(request)}`],
  list_waiters: (request) => ['GET', `/waiters${query(request)}`],
  heartbeat: (request) => ['POST', `${lease(request)}/heartbeat`, request.ttl === undefined ? undefined : without('lease_id', request)],
  release: (request) => ['DELETE', lease(request)],
  revoke: (request) => ['POST', `${lease(request)}/revoke`],
  change_lease: (request) => ['PATCH', lease(request), without('lease_id', request)],
  renew_session: (request) => ['POST', `${session(request)}/heartbeat`],
  end_session: (request) => ['DELETE', session(request)],
  events: (request) => ['GET', `/events${query(request)}`],
  evict_expired: () => ['POST', '/evict'],
  health: () => ['GET', '/health'],
};

module.exports = { ROUTES };
