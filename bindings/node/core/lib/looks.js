'use strict';
// Looks, once a second, whether leases that are held here are still there: one read for all leases of a session.

const { ask } = require('./asking.js');

// A revoke is to be noticed within a second, the time that the look itself takes included.
const LOOK_EVERY_MS = 800;

const byClient = new WeakMap();

class Looks {
  #client;
  #session;
  #onEmpty;
  #all = new Set();
  #timer;
  #looking;

  constructor(client, session, onEmpty) {
    this.#client = client;
    this.#session = session;
    this.#onEmpty = onEmpty;
  }

  /** Looks after leases of a session from now on; returns the looks, to be told when they are held no more. */
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

  /** Looks after them no more. */
  remove(held) {
    if (!this.#all.delete(held) || this.#all.size > 0) return;
    clearInterval(this.#timer);
    this.#onEmpty();
  }

  /** Looks now. Resolves once all leases that are held know; rejects when it could not be found out. */
  async look() {
    const all = [...this.#all]; // those who are there already: the answer knows of them
    const { data } = await this.#client[ask]('list_leases', this.#session);
    const there = new Set(data.map((lease) => lease.id));
    await Promise.all(all.map((held) => held.seen(there)));
  }

  #add(held) {
    this.#all.add(held);
    this.#timer ??= setInterval(() => this.#tick(), LOOK_EVERY_MS).unref(); // a lease alone is no reason for a process to go on
  }

  #tick() {
    for (const held of this.#all) held.mind();
    // A server that hangs has one look to answer, not one more each second.
    this.#looking ??= this.look()
      .catch(() => {}) // not known: the next look tells, or the lease's time is over
      .finally(() => (this.#looking = undefined));
  }
}

module.exports = { Looks };
