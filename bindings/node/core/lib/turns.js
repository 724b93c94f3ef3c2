'use strict';

/**
 * Lets so many asynchronous jobs run at a time, in the order they came. Node's file reads and name look-ups run in four threads,
 * and so do the library's asynchronous calls: these must never take all of them.
 */
class Turns {
  #free;
  #waiting = [];

  constructor(atOnce) {
    this.#free = atOnce;
  }

  /** How many jobs have no turn yet. */
  get waiting() {
    return this.#waiting.length;
  }

  /** Runs the job when it is its turn. */
  async run(job) {
    if (this.#free > 0) this.#free--;
    else await new Promise((resolve) => this.#waiting.push(resolve));
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

module.exports = { Turns };
