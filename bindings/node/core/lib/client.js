'use strict';
// The embedded client: no server, the kernel runs in this process.

const { inspect } = require('node:util');
const { leaseResult, leasesResult, verdict } = require('./answers.js');
const { ask, clock, namespaceBy } = require('./asking.js');
const { monotonic } = require('./clocks.js');
const { invalid, toCamel } = require('./codec.js');
const { KlockError } = require('./errors.js');
const { optional, signalOf } = require('./options.js');
const { askAll } = require('./pages.js');
const requests = require('./requests.js');
const { shown } = require('./showing.js');
const { Store } = require('./store.js');

const WAITING_VERBS = new Set(['acquire', 'acquire_all', 'change_lease']);

// A client that is garbage collected closes its part of the store.
const abandoned = new FinalizationRegistry((store) => store.leave());

class KlockClient {
  #store;
  #storage;

  constructor(options) {
    const { storage = 'memory' } = optional(options, 'client');
    if (typeof storage !== 'string') {
      throw invalid(`storage is ${storage === null ? 'null' : typeof storage}: it must be memory, auto or sqlite:<path>.`);
    }
    this.#storage = storage;
    this.#store = Store.open(storage);
    abandoned.register(this, this.#store, this);
  }

  registerAgent(agentId, priority) {
    this.#ask('register_agent', { agent_id: agentId, priority });
  }

  acquireLease(agentId, sessionId, resourceType, resourcePath, predicate, ttl, options) {
    const more = optional(options, 'acquireLease');
    return JSON.stringify(this.acquire({ agentId, sessionId, resourceType, resourcePath, predicate, ttl, ...more }));
  }

  acquire(options) {
    return leaseResult(this.#ask('acquire', requests.withoutWait(requests.acquire(options), options, 'acquireAsync')));
  }

  async acquireAsync(options) {
    return leaseResult(await this[ask]('acquire', requests.acquire(options), options.signal));
  }

  acquireAll(options) {
    return leasesResult(this.#ask('acquire_all', requests.withoutWait(requests.acquireAll(options), options, 'acquireAllAsync')));
  }

  async acquireAllAsync(options) {
    return leasesResult(await this[ask]('acquire_all', requests.acquireAll(options), options.signal));
  }

  changeLease(leaseId, predicate) {
    return leaseResult(this.#ask('change_lease', requests.change(leaseId, predicate)));
  }

  async changeLeaseAsync(leaseId, predicate, options) {
    return leaseResult(await this[ask]('change_lease', requests.change(leaseId, predicate, options), options?.signal));
  }

  releaseLease(leaseId) {
    return this.#askAbout('release', { lease_id: leaseId });
  }

  heartbeatLease(leaseId, options) {
    return this.#askAbout('heartbeat', requests.heartbeat(leaseId, options));
  }

  revokeLease(leaseId) {
    return this.#askAbout('revoke', { lease_id: leaseId });
  }

  renewSession(agentId, sessionId) {
    return this.#ask('renew_session', requests.session(agentId, sessionId)).data.renewed;
  }

  endSession(agentId, sessionId) {
    return this.#ask('end_session', requests.session(agentId, sessionId)).data.released;
  }

  listLeases(filter) {
    return toCamel(askAll((request) => this.#ask('list_leases', request), requests.filter(filter)));
  }

  listWaiters(filter) {
    return toCamel(askAll((request) => this.#ask('list_waiters', request), requests.filter(filter)));
  }

  listAgents() {
    return toCamel(askAll((request) => this.#ask('list_agents', request), {}));
  }

  snapshot(filter) {
    return toCamel(this.#ask('snapshot', requests.snapshot(filter)).data);
  }

  events(options) {
    return toCamel(this.#ask('events', requests.events(options)).data);
  }

  declareIntent(manifest) {
    return verdict(this.#ask('declare_intents', requests.manifest(manifest)));
  }

  activeLeaseCount() {
    return askAll((request) => this.#ask('list_leases', request), {}).length;
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
    signalOf(signal)?.throwIfAborted();
    const store = this.#opened();
    const waits = WAITING_VERBS.has(verb) && request.wait_ms !== undefined && request.wait_ms !== 0;
    return waits ? store.waits.ask(verb, request, signal, this) : store.askAsync(verb, request);
  }

  [clock]() {
    return monotonic();
  }

  async [namespaceBy]() {
    return null; // a store belongs to one repository, or was chosen by name
  }

  [inspect.custom](depth, options) {
    return shown(this, { storage: this.#storage, isClosed: this.#store === undefined ? true : undefined }, depth, options);
  }

  #opened() {
    if (this.#store === undefined) throw new KlockError('CLOSED', 'The client is closed.');
    return this.#store;
  }

  #ask(verb, request) {
    return this.#opened().ask(verb, request);
  }

  #askAbout(verb, request) {
    try {
      this.#opened().do(verb, request);
      return true;
    } catch (error) {
      if (error.code === 'UNKNOWN_LEASE' || error.code === 'EXPIRED') return false;
      throw error;
    }
  }
}

module.exports = { KlockClient };
