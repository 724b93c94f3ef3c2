'use strict';

const { inspect } = require('node:util');
const { KlockError } = require('./errors.js');
const { shown } = require('./showing.js');

/** A lease, or several of one request, held until they are released. */
class LeaseGuard {
  #held;

  constructor(held) {
    this.#held = held;
  }

  get lease() {
    return this.#held.leases[0];
  }

  get leases() {
    return [...this.#held.leases];
  }

  get leaseId() {
    return this.lease.leaseId;
  }

  get fencingToken() {
    return this.lease.fencingToken;
  }

  get lost() {
    this.#held.mind();
    return this.#held.lost !== undefined;
  }

  get signal() {
    return this.#held.signal;
  }

  /** Asks now. Rejects with KlockLeaseLostError when it is lost, and with the client's error when that cannot be found out. */
  async check() {
    if (!this.lost && this.#held.released === undefined) await this.#held.look();
    if (this.lost) throw this.#held.lost;
    if (this.#held.released !== undefined) throw new KlockError('CLOSED', 'The guard was released: it protects nothing any more.');
  }

  /** Releases the leases, once. Rejects with KlockLeaseLostError when one had ended before. */
  release() {
    return this.#held.release();
  }

  [Symbol.asyncDispose]() {
    return this.release();
  }

  [inspect.custom](depth, options) {
    const { agentId, sessionId, namespace } = this.lease;
    const resources = this.#held.leases.map(({ predicate, resource }) => `${predicate} ${resource}`);
    const state = this.lost ? `lost: ${this.#held.lost.code}` : this.#held.released === undefined ? 'held' : 'released';
    return shown(this, { resources, namespace, agentId, sessionId, fencingToken: this.fencingToken, state }, depth, options);
  }
}

module.exports = { LeaseGuard };
