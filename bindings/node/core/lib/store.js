'use strict';
// An open store: its requests and its waits.

const path = require('node:path');
const { decode, encode, invalid } = require('./codec.js');
const { KlockError } = require('./errors.js');
const { library } = require('./library.js');
const { canonicalPath } = require('./paths.js');
const { Turns } = require('./turns.js');
const { Waits } = require('./waits.js');

// One thread for commits to disks, and two in waits.js, leave one of Node's four for everything else.
const calls = new Turns(1, 250);

const shared = new Map();
const open = new Set();

function closedMeanwhile() {
  return new KlockError('CLOSED', 'The client was closed while the request waited.');
}

function callAsync(call, ...parameters) {
  return new Promise((resolve, reject) => {
    call.async(...parameters, (problem, answer) => (problem ? reject(problem) : resolve(answer)));
  });
}

/** The key under which clients share a store; undefined for a store of one client. */
function keyOf(storage) {
  if (storage === 'auto') return keyOfAuto();
  if (!storage.startsWith('sqlite:')) return undefined;
  try {
    return `sqlite:${path.resolve(storage.slice(7))}`;
  } catch {
    throw invalid('storage counts from the working directory, which was removed: it must be an absolute path.');
  }
}

function keyOfAuto() {
  try {
    return keyOf(canonicalPath('.').store ?? 'memory');
  } catch {
    return 'auto'; // the library says why it cannot be found when it opens it
  }
}

class Store {
  #library = library();
  #handle;
  #key;
  #users = 1;

  constructor(storage, key) {
    const error = [null];
    this.#handle = this.#library.openText(encode({ storage }), error);
    if (!this.#handle) decode(error[0]); // throws: there is always an error when there is no handle
    this.#key = key;
    /** Whether a request may have to wait for a disk: then it must not be made in the event loop. */
    this.isSlow = storage !== 'memory';
    this.waits = new Waits(this, (request) => callAsync(this.#library.collect, this.#handle, request));
    open.add(this);
  }

  /**
   * Opens a store. Clients on one file share it: its waits then need one thread, not one for each client.
   * A memory store belongs to its client alone.
   */
  static open(storage) {
    const key = keyOf(storage);
    const there = shared.get(key);
    if (there !== undefined) {
      there.#users++;
      return there;
    }
    // In Node's working directory, even if that has been deleted since.
    const store = new Store(storage === 'auto' ? storage : key ?? storage, key);
    if (key !== undefined) shared.set(key, store);
    return store;
  }

  /** The decoded answer to a request; throws KlockError. */
  ask(verb, request) {
    return decode(this.#library[verb](this.#handle, encode(request)));
  }

  /** As `ask`, for requests whose answer says nothing but that it was done. */
  do(verb, request) {
    const answer = this.#library[verb](this.#handle, encode(request));
    if (answer === null || !answer.startsWith('{"success":true,')) decode(answer); // throws
  }

  evictExpired() {
    return decode(this.#library.evict_expired(this.#handle));
  }

  /** As `ask`, without blocking the event loop. */
  async askAsync(verb, request) {
    const json = encode(request);
    if (!this.isSlow) return decode(this.#library[verb](this.#handle, json));
    return decode(await calls.run(this, () => callAsync(this.#library[verb], this.#handle, json)));
  }

  /** One of its clients is closed, which ends the waits of that client; the last one closes the store. */
  leave(owner) {
    if (--this.#users === 0) this.close();
    else this.waits.giveUp(owner, closedMeanwhile());
  }

  close() {
    open.delete(this);
    if (shared.get(this.#key) === this) shared.delete(this.#key);
    this.#library.close(this.#handle);
    this.waits.failAll(closedMeanwhile());
  }
}

// A thread inside the library would keep the process from ending.
process.once('exit', () => {
  for (const store of open) store.close();
});

module.exports = { Store };
