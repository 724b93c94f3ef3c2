// Virtual time. One agent acts at a time; while it does so, real processes run and the clock stands still. The clock goes on when all
// sleep, wait or have ended.
const LONGEST_MS = 24 * 3_600_000; // a fleet takes minutes; who only retries would go on for ever

export class Clock {
  /** Virtual ms since the fleet began. */
  now = 0;

  #events = [];
  #number = 0;
  #parked = 0;
  #yield = () => {};

  /** The caller does nothing, or thinks, for so long. */
  sleep(ms) {
    const slept = new Promise((resolve) => this.#at(this.now + ms, resolve));
    this.#yield();
    return slept;
  }

  /** Calls a function (which may be async, and must not sleep) later, unless the returned function was called before. */
  after(ms, action) {
    const event = this.#at(this.now + ms, async () => {
      await action();
      this.#yield();
    });
    return () => (event.isCancelled = true);
  }

  /**
   * The caller waits for somebody: `start` gets a function that wakes it, so many ms after it was called and with the value that it was
   * given.
   */
  park(start) {
    const woken = new Promise((resolve) => {
      let isWoken = false;
      this.#parked++;
      start((value, ms = 0) => {
        if (isWoken) return;
        isWoken = true;
        this.#parked--;
        this.#at(this.now + ms, () => resolve(value));
      });
    });
    this.#yield();
    return woken;
  }

  /** Runs programs (async functions) until all have ended. */
  async run(programs) {
    let failure;
    let alive = programs.length;
    const end = () => {
      alive--;
      this.#yield();
    };
    for (const program of programs) {
      this.#at(this.now, () => program().catch((error) => (failure ??= error)).finally(end));
    }
    while (alive > 0 && this.#events.length > 0 && !failure) {
      const event = this.#next();
      if (event.isCancelled) continue;
      this.now = event.at;
      if (this.now > LONGEST_MS) throw new Error(`agents are still at work after ${LONGEST_MS / 3_600_000} h of virtual time`);
      await new Promise((resolve) => {
        this.#yield = resolve;
        Promise.resolve(event.go()).catch((error) => {
          failure ??= error;
          resolve();
        });
      });
    }
    if (failure) throw failure;
    if (this.#parked > 0) throw new Error(`${this.#parked} agents wait for each other for ever, at ${this.now} ms`);
  }

  #at(at, go) {
    const event = { at, go, number: this.#number++ };
    this.#events.push(event);
    return event;
  }

  // The earliest; of equal ones the one that was planned first. There are few: one for each agent, and timers.
  #next() {
    let first = 0;
    for (let i = 1; i < this.#events.length; i++) {
      const [one, other] = [this.#events[i], this.#events[first]];
      if (one.at < other.at || (one.at === other.at && one.number < other.number)) first = i;
    }
    return this.#events.splice(first, 1)[0];
  }
}
