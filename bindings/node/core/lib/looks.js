'use strict';
// Checks whether leases that are held here are still there: one read for all leases of a session.

const { ask } = require('./asking.js');
const { LOOK_EVERY_MS, atLeastShortest } = require('./holding_rules.js');

const byClient = new WeakMap();

class Looks {
  #client;
  #session;
  #onEmpty;
  #all = new Set();
  #timer;

  constructor(client, session, onEmpty) {
    this.#client = client;
    this.#session = session;
    this.#onEmpty = onEmpty;
  }

  /** Checks leases of a session from now on; returns the object to remove them from when they are held no more. */
  static after(held, client, agentId, sessionId) {
    if (!byClient.has(client)) byClient.set(client, new Map());
    const sessions = byClient.get(client);
    const name = JSON.stringify([agentId, sessionId]);
    if (!sessions.has(name)) {
      sessions.set(name, new Looks(client, { agent_id: agentId, session_id: sessionId }, () => sessions.delete(name)));
    }
    const looks = sessions.get(name);
    looks.#add(held);
    return looks;
  }

  /** Checks them no more. */
  remove(held) {
    if (!this.#all.delete(held) || this.#all.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#onEmpty();
  }

  /** Checks now. Resolves once all held leases have been compared; rejects when it could not be found out. */
  async look(signal) {
    const all = [...this.#all]; // the answer covers only those that are held by now
    const { data } = await this.#client[ask]('list_leases', this.#session, signal);
    const there = new Set(data.map((lease) => lease.id));
    await Promise.all(all.map((held) => held.seen(there)));
  }

  #add(held) {
    this.#all.add(held);
    this.#timer ??= this.#next();
  }

  #next() {
    return setTimeout(() => this.#tick(), LOOK_EVERY_MS).unref(); // a lease alone must not keep a process running
  }

  async #tick() {
    const timer = this.#timer;
    for (const held of this.#all) held.mind();
    if (this.#timer !== timer) return; // they were the last ones
    const due = Math.min(...[...this.#all].map((held) => held.dueInMs));
    // Unknown: the next check finds out, or the lease expires.
    await this.look(AbortSignal.timeout(Math.ceil(atLeastShortest(due)))).catch(() => {});
    if (this.#timer === timer) this.#timer = this.#next();
  }
}

module.exports = { Looks };
