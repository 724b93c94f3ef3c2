'use strict';
// Each verb as the server's HTTP: method, path, body.

const { invalid } = require('./codec.js');

/** A part of a path. A wrong kind would become a text there that is right, and dots would climb. */
function part(value, name) {
  const isPart = typeof value === 'string' && value !== '' && value !== '.' && value !== '..' && value.isWellFormed();
  if (!isPart) throw invalid(`${name} is ${value === '' ? 'empty' : String(value).slice(0, 64)}: it must be a text, and not just dots.`);
  return encodeURIComponent(value);
}

function lease(request) {
  return `/leases/${part(request.lease_id, 'leaseId')}`;
}

function session(request) {
  return `/sessions/${part(request.agent_id, 'agentId')}/${part(request.session_id, 'sessionId')}`;
}

function query(fields) {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

function without(name, { [name]: _, ...rest }) {
  return rest;
}

const ROUTES = {
  register_agent: (request) => ['POST', '/agents', request],
  list_agents: () => ['GET', '/agents'],
  acquire: (request) => ['POST', '/leases', request],
  acquire_all: (request) => ['POST', '/intents', request],
  declare_intents: (request) => ['POST', '/intents', without('ttl', request)], // with a ttl it would acquire
  list_leases: (request) => ['GET', `/leases${query(request)}`],
  heartbeat: (request) => ['POST', `${lease(request)}/heartbeat`],
  release: (request) => ['DELETE', lease(request)],
  revoke: (request) => ['POST', `${lease(request)}/revoke`],
  change_lease: (request) => ['PATCH', lease(request), without('lease_id', request)],
  renew_session: (request) => ['POST', `${session(request)}/heartbeat`],
  end_session: (request) => ['DELETE', session(request)],
  evict_expired: () => ['POST', '/evict'],
};

module.exports = { ROUTES };
