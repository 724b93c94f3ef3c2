'use strict';
// Requests that wait: submitted for tickets, whose answers one asynchronous call at a time collects.

const { broughtLeases } = require('./answers.js');
const { checked } = require('./codec.js');
const { Turns } = require('./turns.js');

// How long a call may block: a worker thread that is being terminated may have to wait as long for it.
const BLOCK_MS = 1000;

// So many stores have a thread of their own to wait with; more than that share them in turns of this length.
const TURN_MS = 20;
const collectors = new Turns(2, 2 * BLOCK_MS);

class Waits {
  #store;
  #collect;
  #waiting = new Map();
  #early = new Map();
  #isCollecting = false;

  /** @param collect Calls the library's collect, without blocking the event loop. */
  constructor(store, collect) {
    this.#store = store;
    this.#collect = collect;
  }

  /**
   * Sends a request and resolves to its answer, refusals included. When `signal` aborts, the request leaves the queue, what it was
   * granted already is released, and the promise rejects with the signal's reason. A grant with a request id stays: another caller with
   * the same one may have got it. `owner` stays alive until then.
   */
  async ask(verb, request, signal, owner) {
    signal?.throwIfAborted();
    const submitted = await this.#store.askAsync('submit', { request: verb, ...request });
    if (submitted.data?.ticket === undefined) {
      if (!signal?.aborted) return submitted;
      await this.#undo(verb, request.request_id, submitted);
      throw signal.reason;
    }
    return this.#wait({ verb, requestId: request.request_id, ticket: submitted.data.ticket, signal, owner });
  }

  /** Gives up all waits of one owner: their promises reject with the error. */
  giveUp(owner, error) {
    for (const wait of this.#waiting.values()) {
      if (wait.owner === owner) this.#giveUp(wait, error);
    }
  }

  /** The store is closed, or fails for good: all promises reject with the error. */
  failAll(error) {
    for (const wait of this.#waiting.values()) this.#settle(wait, () => wait.reject(error));
  }

  #wait(wait) {
    return new Promise((resolve, reject) => {
      Object.assign(wait, { resolve, reject, abort: () => this.#giveUp(wait, wait.signal.reason) });
      const answer = this.#early.get(wait.ticket);
      this.#early.delete(wait.ticket);
      this.#waiting.set(wait.ticket, wait);
      wait.signal?.addEventListener('abort', wait.abort);
      if (wait.signal?.aborted) wait.abort();
      if (answer !== undefined) this.#complete(wait, answer);
      else this.#collectAll();
    });
  }

  async #giveUp(wait, error) {
    if (wait.error !== undefined) return;
    wait.error = error;
    try {
      await this.#cancel(wait);
      this.#settle(wait, () => wait.reject(error));
    } catch {
      // Its answer is being collected at this very moment, and is undone; or the store fails, and the wait times out.
    }
  }

  #cancel(wait) {
    return this.#store.askAsync('cancel', { ticket: wait.ticket });
  }

  async #undo(verb, requestId, answer) {
    if (requestId !== undefined && requestId !== null) return;
    for (const leaseId of broughtLeases(verb, answer)) {
      await this.#store.askAsync('release', { lease_id: leaseId }).catch(() => {}); // it has ended, or expires
    }
  }

  #settle(wait, settle) {
    this.#waiting.delete(wait.ticket);
    wait.signal?.removeEventListener('abort', wait.abort);
    settle();
  }

  #complete(wait, answer) {
    if (wait.error !== undefined) {
      this.#undo(wait.verb, wait.requestId, answer).then(() => this.#settle(wait, () => wait.reject(wait.error)));
      return;
    }
    this.#settle(wait, () => {
      try {
        wait.resolve(checked(answer));
      } catch (error) {
        wait.reject(error);
      }
    });
  }

  async #collectAll() {
    if (this.#isCollecting) return;
    this.#isCollecting = true;
    while (this.#waiting.size > 0) {
      const timeoutMs = collectors.isWantedBeside(this) ? TURN_MS : BLOCK_MS;
      const collected = await collectors.run(this, () => this.#collect(`{"timeout_ms":${timeoutMs}}`)).catch((error) => error);
      this.#distribute(collected);
    }
    this.#isCollecting = false;
  }

  #distribute(collected) {
    try {
      const { data } = checked(JSON.parse(collected));
      for (const { ticket, answer } of data.answers) {
        const wait = this.#waiting.get(ticket);
        if (wait === undefined) this.#early.set(ticket, answer);
        else this.#complete(wait, answer);
      }
    } catch (error) {
      this.failAll(error);
    }
  }
}

module.exports = { Waits };
