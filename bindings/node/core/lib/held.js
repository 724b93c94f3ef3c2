'use strict';
// Leases that are held: renewed, checked, and released once. By the rules of "Holding a lease" in docs/architecture.md.

const { hasEnded, releaseOne, renew } = require('./asking_again.js');
const { clock } = require('./asking.js');
const { KlockLeaseLostError } = require('./errors.js');
const { RELEASE_PATIENCE_MS, patienceMs, renewalMs, retryMs, sureMs } = require('./holding_rules.js');
const { Looks } = require('./looks.js');

/** The error when leases are lost, or were before the caller got them. */
function lostError(leases, code) {
  const what = leases.map(({ resource }) => resource).join(', ');
  const how = code === 'EXPIRED' ? 'it was not renewed in time' : 'it was taken away';
  const sentence = `The lease on ${what} ended before the work that needed it: ${how}. Read again what it protected.`;
  return new KlockLeaseLostError(code, sentence);
}

/** One or several leases of one request. */
class Held {
  #client;
  #ttlMs;
  #sentAt;
  #looks;
  #timer;
  #alarm;
  #isOutOfTime = false;
  #ended = new Set();
  #aborts = new AbortController();

  /** KlockLeaseLostError once they are lost. */
  lost;
  /** The promise of their release, once it has begun. */
  released;

  constructor(client, leases, ttlMs, sentAt) {
    this.#client = client;
    this.leases = leases;
    this.#ttlMs = ttlMs;
    this.#sentAt = sentAt;
    const [{ agentId, sessionId }] = leases;
    this.#looks = Looks.after(this, client, agentId, sessionId);
    this.#renewIn(this.dueInMs);
    this.#setAlarm();
  }

  /** Aborts when they are lost. */
  get signal() {
    return this.#aborts.signal;
  }

  /** When to renew them. */
  get dueInMs() {
    return renewalMs(this.#ttlMs) - this.#age();
  }

  /** Finds out by the clock whether they count as lost. */
  mind() {
    if (this.#isOver() || this.#leftMs() > 0) return;
    this.#isOutOfTime = true;
    this.#lose('EXPIRED');
  }

  /** Checks whether they are there. Rejects when that cannot be found out. */
  look() {
    return this.#looks.look();
  }

  /** Called with the leases of their session that exist. A missing one is renewed, whose error says how it ended. */
  async seen(there) {
    if (this.#isOver() || this.leases.every(({ leaseId }) => there.has(leaseId))) return;
    await this.#tryToRenew().catch(() => {});
  }

  /** Releases them, once. Rejects with KlockLeaseLostError when one had ended before. */
  release() {
    this.mind();
    this.released ??= this.#release();
    return this.released;
  }

  #now = () => this.#client[clock]();

  #age() {
    return this.#now() - this.#sentAt;
  }

  #leftMs() {
    return sureMs(this.#ttlMs) - this.#age();
  }

  #isOver() {
    return this.lost !== undefined || this.released !== undefined;
  }

  #renewIn(ms) {
    this.#timer = setTimeout(() => this.#keepUp(), Math.max(0, ms));
    this.#timer.unref(); // a lease alone must not keep a process running
  }

  // The clock decides: they may have been renewed meanwhile, or the timer is late because the machine slept.
  #setAlarm() {
    this.#alarm = setTimeout(() => {
      this.mind();
      if (!this.#isOver()) this.#setAlarm();
    }, Math.max(1, this.#leftMs()));
    this.#alarm.unref();
  }

  async #keepUp() {
    try {
      await this.#tryToRenew();
      if (!this.#isOver()) this.#renewIn(this.dueInMs);
    } catch {
      // Whatever failed: while there is time, another try may succeed.
      if (!this.#isOver()) this.#renewIn(retryMs(this.#ttlMs));
    }
  }

  async #tryToRenew() {
    this.mind();
    if (this.#isOver()) return;
    const sentAt = this.#now();
    try {
      await renew(this.#client, this.leases, patienceMs(this.#leftMs()), (leaseId) => this.#ended.add(leaseId));
    } catch (problem) {
      this.mind();
      if (hasEnded(problem)) this.#lose(problem.code);
      throw problem;
    }
    this.mind(); // the answer may have come too late
    if (!this.#isOver()) this.#sentAt = Math.max(this.#sentAt, sentAt);
  }

  #lose(code) {
    if (this.#isOver()) return;
    this.#isLost(code);
    this.#end();
  }

  #isLost(code) {
    this.lost = lostError(this.leases, code);
    this.#aborts.abort(this.lost);
  }

  #end() {
    clearTimeout(this.#timer);
    clearTimeout(this.#alarm);
    this.#looks.remove(this);
  }

  async #release() {
    this.#end();
    if (!this.#isOutOfTime) await this.#releaseAll();
    if (this.lost) throw this.lost;
  }

  async #releaseAll() {
    const until = this.#now() + Math.min(RELEASE_PATIENCE_MS, this.#leftMs());
    const living = this.leases.filter(({ leaseId }) => !this.#ended.has(leaseId));
    const codes = await Promise.all(living.map(({ leaseId }) => releaseOne(this.#client, leaseId, this.#ttlMs, this.#now, until)));
    const code = codes.find((each) => each !== undefined);
    if (code !== undefined && this.lost === undefined) this.#isLost(code);
  }
}

module.exports = { Held, lostError };
