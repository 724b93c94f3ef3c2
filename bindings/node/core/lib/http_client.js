'use strict';
// The client of a server: `klock serve`, here or elsewhere.

const { inspect } = require('node:util');
const { leaseResult, leasesResult, verdict } = require('./answers.js');
const { ask, clock, namespaceBy, servers } = require('./asking.js');
const { throughSuspend } = require('./clocks.js');
const { toCamel } = require('./codec.js');
const { Link } = require('./link.js');
const { optional } = require('./options.js');
const { askAllAsync } = require('./pages.js');
const requests = require('./requests.js');
const { shown } = require('./showing.js');

class KlockHttpClient {
  #link;
  #namespaceBy;

  constructor(options) {
    this.#link = new Link(optional(options, 'http'));
  }

  get baseUrl() {
    return this.#link.base;
  }

  get autoStart() {
    return this.#link.starter.isWanted;
  }

  get autoStartDisabledByEnv() {
    return this.#link.starter.isDisabledByEnv;
  }

  get autoStartAttempted() {
    return this.#link.starter.wasAttempted;
  }

  get autoStartedPid() {
    return this.#link.starter.pid;
  }

  async registerAgent(agentId, priority) {
    await this[ask]('register_agent', { agent_id: agentId, priority });
  }

  acquireLease(agentId, sessionId, resourceType, resourcePath, predicate, ttl, options) {
    const more = optional(options, 'acquireLease');
    return this.acquire({ agentId, sessionId, resourceType, resourcePath, predicate, ttl, ...more });
  }

  async acquire(options) {
    return leaseResult(await this[ask]('acquire', requests.acquire(options), options.signal));
  }

  acquireAsync(options) {
    return this.acquire(options);
  }

  async acquireAll(options) {
    return leasesResult(await this[ask]('acquire_all', requests.acquireAll(options), options.signal));
  }

  acquireAllAsync(options) {
    return this.acquireAll(options);
  }

  async changeLease(leaseId, predicate, options) {
    return leaseResult(await this[ask]('change_lease', requests.change(leaseId, predicate, options), options?.signal));
  }

  changeLeaseAsync(leaseId, predicate, options) {
    return this.changeLease(leaseId, predicate, options);
  }

  async releaseLease(leaseId) {
    return this.#askAbout('release', { lease_id: leaseId });
  }

  async heartbeatLease(leaseId, options) {
    return this.#askAbout('heartbeat', requests.heartbeat(leaseId, options));
  }

  async revokeLease(leaseId) {
    return this.#askAbout('revoke', { lease_id: leaseId });
  }

  async renewSession(agentId, sessionId) {
    return (await this[ask]('renew_session', requests.session(agentId, sessionId))).data.renewed;
  }

  async endSession(agentId, sessionId) {
    return (await this[ask]('end_session', requests.session(agentId, sessionId))).data.released;
  }

  async listLeases(filter) {
    return toCamel(await askAllAsync((request) => this[ask]('list_leases', request), requests.filter(filter)));
  }

  async listWaiters(filter) {
    return toCamel(await askAllAsync((request) => this[ask]('list_waiters', request), requests.filter(filter)));
  }

  async listAgents() {
    return toCamel(await askAllAsync((request) => this[ask]('list_agents', request), {}));
  }

  async snapshot(filter) {
    return toCamel((await this[ask]('snapshot', requests.snapshot(filter))).data);
  }

  async events(options) {
    return toCamel((await this[ask]('events', requests.events(options))).data);
  }

  async declareIntent(manifest) {
    return verdict(await this[ask]('declare_intents', requests.manifest(manifest)));
  }

  async activeLeaseCount() {
    return (await askAllAsync((request) => this[ask]('list_leases', request), {})).length;
  }

  async evictExpired() {
    return (await this[ask]('evict_expired', {})).data.evicted;
  }

  /** No request is sent any more. A server that was started runs until this program ends. */
  close() {
    this.#link.close();
  }

  /** Ends the server that this client started, and resolves once it is gone; without one it does nothing. */
  shutdown() {
    return this.#link.starter.stop();
  }

  async [Symbol.asyncDispose]() {
    this.close();
    await this.shutdown();
  }

  [ask](verb, request, signal) {
    return this.#link.ask(verb, request, signal);
  }

  [clock]() {
    return throughSuspend();
  }

  get [servers]() {
    return this.#link.servers;
  }

  async [namespaceBy](waitMs, signal) {
    this.#namespaceBy ??= (await this.#link.health(waitMs, signal)).namespace_by ?? null;
    return this.#namespaceBy;
  }

  [inspect.custom](depth, options) {
    const { baseUrl, autoStart, autoStartedPid } = this;
    const apiKey = this.#link.hasKey ? 'said, not shown' : 'none';
    return shown(this, { baseUrl, apiKey, autoStart, autoStartedPid }, depth, options);
  }

  async #askAbout(verb, request) {
    try {
      await this[ask](verb, request);
      return true;
    } catch (error) {
      if (error.code === 'UNKNOWN_LEASE' || error.code === 'EXPIRED') return false;
      throw error;
    }
  }
}

module.exports = { KlockHttpClient };
