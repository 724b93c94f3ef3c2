'use strict';

/**
 * Runs at most so many asynchronous jobs at a time, and one at a time for each owner, in order of arrival. Node's file reads and name
 * look-ups run in four threads, and so do the library's asynchronous calls: these must never take all of them. A job that takes too long
 * is taken to hang on its store's disk, and stops counting: the jobs of other stores continue beside it.
 */
class Turns {
  #free;
  #patienceMs;
  #running = new Set();
  #waiting = new Map(); // the waiting jobs of each owner; the owner without a turn for longest comes first

  constructor(atOnce, patienceMs) {
    this.#free = atOnce;
    this.#patienceMs = patienceMs;
  }

  /** Whether another owner has a job that waits for its turn. */
  isWantedBeside(owner) {
    return this.#waiting.size > (this.#waiting.has(owner) ? 1 : 0);
  }

  /** Runs the job when it is its turn. */
  async run(owner, job) {
    const turn = { isLate: false, timer: undefined };
    if (this.#free > 0 && !this.#running.has(owner)) this.#begin(owner, turn);
    else await new Promise((resolve) => this.#queue(owner).push({ turn, resolve }));
    try {
      return await job();
    } finally {
      clearTimeout(turn.timer);
      this.#running.delete(owner);
      if (!turn.isLate) this.#free++;
      this.#next();
    }
  }

  #queue(owner) {
    if (!this.#waiting.has(owner)) this.#waiting.set(owner, []);
    return this.#waiting.get(owner);
  }

  #begin(owner, turn) {
    this.#free--;
    this.#running.add(owner);
    turn.timer = setTimeout(() => {
      turn.isLate = true;
      this.#free++;
      this.#next();
    }, this.#patienceMs);
    turn.timer.unref();
  }

  #next() {
    for (const [owner, queue] of this.#waiting) {
      if (this.#free === 0) return;
      if (this.#running.has(owner)) continue;
      const { turn, resolve } = queue.shift();
      this.#waiting.delete(owner);
      if (queue.length > 0) this.#waiting.set(owner, queue);
      this.#begin(owner, turn);
      resolve();
    }
  }
}

module.exports = { Turns };
