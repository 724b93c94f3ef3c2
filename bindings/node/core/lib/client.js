'use strict';
// The embedded client: no server, the kernel runs in this process.

const { leaseResult, leasesResult, verdict } = require('./answers.js');
const { ask } = require('./asking.js');
const { invalid, toCamel } = require('./codec.js');
const { KlockError } = require('./errors.js');
const requests = require('./requests.js');
const { Store } = require('./store.js');

const WAITING_VERBS = new Set(['acquire', 'acquire_all', 'change_lease']);

// A client that nobody has any more closes its part of the store.
const abandoned = new FinalizationRegistry((store) => store.leave());

class KlockClient {
  #store;

  constructor(options) {
    const { storage = 'memory' } = requests.optional(options);
    if (typeof storage !== 'string') {
      throw invalid(`storage is ${storage === null ? 'null' : typeof storage}: it must be memory or sqlite:<path>.`);
    }
    this.#store = Store.open(storage);
    abandoned.register(this, this.#store, this);
  }

  registerAgent(agentId, priority) {
    this.#ask('register_agent', { agent_id: agentId, priority });
  }

  acquireLease(agentId, sessionId, resourceType, resourcePath, predicate, ttl, options) {
    const { note, requestId, waitMs } = requests.optional(options);
    return JSON.stringify(this.acquire({ agentId, sessionId, resourceType, resourcePath, predicate, ttl, note, requestId, waitMs }));
  }

  acquire(options) {
    return leaseResult(this.#ask('acquire', requests.withoutWait(requests.acquire(options), 'acquireAsync')));
  }

  async acquireAsync(options) {
    return leaseResult(await this[ask]('acquire', requests.acquire(options), options.signal));
  }

  acquireAll(options) {
    return leasesResult(this.#ask('acquire_all', requests.withoutWait(requests.acquireAll(options), 'acquireAllAsync')));
  }

  async acquireAllAsync(options) {
    return leasesResult(await this[ask]('acquire_all', requests.acquireAll(options), options.signal));
  }

  changeLease(leaseId, predicate) {
    return leaseResult(this.#ask('change_lease', { lease_id: leaseId, predicate }));
  }

  async changeLeaseAsync(leaseId, predicate, options) {
    const { waitMs, signal } = requests.optional(options);
    return leaseResult(await this[ask]('change_lease', { lease_id: leaseId, predicate, wait_ms: waitMs }, signal));
  }

  releaseLease(leaseId) {
    return this.#askAbout('release', leaseId);
  }

  heartbeatLease(leaseId, { ttl } = {}) {
    return this.#askAbout('heartbeat', leaseId, { ttl });
  }

  revokeLease(leaseId) {
    return this.#askAbout('revoke', leaseId);
  }

  renewSession(agentId, sessionId) {
    return this.#ask('renew_session', requests.session(agentId, sessionId)).data.renewed;
  }

  endSession(agentId, sessionId) {
    return this.#ask('end_session', requests.session(agentId, sessionId)).data.released;
  }

  listLeases(filter) {
    return toCamel(this.#ask('list_leases', requests.filter(filter)).data);
  }

  listAgents() {
    return toCamel(this.#ask('list_agents', {}).data);
  }

  events(options) {
    return toCamel(this.#ask('events', requests.events(options)).data);
  }

  declareIntent(manifest) {
    return verdict(this.#ask('declare_intents', requests.manifest(manifest)));
  }

  activeLeaseCount() {
    return this.#ask('list_leases', {}).data.length;
  }

  evictExpired() {
    return this.#opened().evictExpired().data.evicted;
  }

  close() {
    const store = this.#store;
    if (store === undefined) return;
    this.#store = undefined;
    abandoned.unregister(this);
    store.leave(this);
  }

  [Symbol.dispose]() {
    this.close();
  }

  async [ask](verb, request, signal) {
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid(`signal is ${typeof signal}: it must be an AbortSignal.`);
    signal?.throwIfAborted();
    const store = this.#opened();
    const waits = WAITING_VERBS.has(verb) && request.wait_ms !== undefined && request.wait_ms !== 0;
    return waits ? store.waits.ask(verb, request, signal, this) : store.askAsync(verb, request);
  }

  #opened() {
    if (this.#store === undefined) throw new KlockError('CLOSED', 'The client is closed.');
    return this.#store;
  }

  #ask(verb, request) {
    return this.#opened().ask(verb, request);
  }

  #askAbout(verb, leaseId, more) {
    try {
      this.#opened().do(verb, { lease_id: leaseId, ...more });
      return true;
    } catch (error) {
      if (error.code === 'UNKNOWN_LEASE' || error.code === 'EXPIRED') return false;
      throw error;
    }
  }
}

module.exports = { KlockClient };
