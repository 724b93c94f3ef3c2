'use strict';
// Leases that are held: renewed, looked after, and released once.

const { ask, clock } = require('./asking.js');
const { KlockError, KlockLeaseLostError } = require('./errors.js');
const { Looks } = require('./looks.js');
const { ridingOut } = require('./riding.js');

const RENEWALS_A_TTL = 3;
const RETRIES_A_TTL = 20; // of a renewal that failed though the lease may well be there
const SHORTEST_PATIENCE_MS = 250;
const RELEASE_MS = 2000; // how long a release tries while its server restarts

function hasEnded(problem) {
  return problem instanceof KlockError && (problem.code === 'UNKNOWN_LEASE' || problem.code === 'EXPIRED');
}

/** One or several leases of one request. Their time counts from when the last good request was sent. */
class Held {
  #client;
  #ttlMs;
  #sentAt;
  #looks;
  #timer;
  #aborts = new AbortController();

  /** KlockLeaseLostError once they are lost. */
  lost;
  /** The promise of their release, once that is asked for. */
  released;

  constructor(client, leases, ttlMs, sentAt) {
    this.#client = client;
    this.leases = leases;
    this.#ttlMs = ttlMs;
    this.#sentAt = sentAt;
    const [{ agentId, sessionId }] = leases;
    this.#looks = Looks.after(this, client, agentId, sessionId);
    this.#renewIn(this.isDue ? 0 : ttlMs / RENEWALS_A_TTL - this.#age());
  }

  /** Aborts when they are lost. */
  get signal() {
    return this.#aborts.signal;
  }

  /** Whether so much of their time may be over that they are to be renewed. */
  get isDue() {
    return this.#age() >= this.#ttlMs / RENEWALS_A_TTL;
  }

  /** Finds out by the clock whether their time is over. */
  mind() {
    if (!this.#isOver() && this.#age() >= this.#ttlMs) this.#lose('EXPIRED');
  }

  /** Asks whether they are there. Rejects when that cannot be found out. */
  look() {
    return this.#looks.look();
  }

  /** Of the looks: which leases of their session there are. One that is not there is asked for, which tells how it ended. */
  async seen(there) {
    if (this.#isOver() || this.leases.every(({ leaseId }) => there.has(leaseId))) return;
    await this.#tryToRenew().catch(() => {});
  }

  /** Renews them now. Rejects when that fails, or they are lost. */
  async renew() {
    try {
      await ridingOut(() => this.#tryToRenew(), this.#ttlMs - this.#age(), undefined, () => {});
    } catch (problem) {
      throw this.lost ?? problem;
    }
  }

  /** Lets them go, once. Rejects with KlockLeaseLostError when one had ended before. */
  release() {
    this.mind();
    this.released ??= this.#release();
    return this.released;
  }

  #age() {
    return this.#client[clock]() - this.#sentAt;
  }

  #isOver() {
    return this.lost !== undefined || this.released !== undefined;
  }

  #renewIn(ms) {
    this.#timer = setTimeout(() => this.#keepUp(), Math.max(0, ms));
    this.#timer.unref(); // a lease alone is no reason for a process to go on
  }

  async #keepUp() {
    let nextInMs = this.#ttlMs / RETRIES_A_TTL;
    try {
      this.mind();
      if (this.#isOver()) return;
      await this.#tryToRenew();
      nextInMs = this.#ttlMs / RENEWALS_A_TTL;
    } catch {
      // Whatever it is: while there is time, another try may succeed.
    }
    if (!this.#isOver()) this.#renewIn(Math.min(nextInMs, this.#ttlMs - this.#age()));
  }

  async #tryToRenew() {
    const sentAt = this.#client[clock]();
    // A request that hangs must leave time for another one.
    const patience = AbortSignal.timeout(Math.ceil(Math.max(SHORTEST_PATIENCE_MS, (this.#ttlMs - this.#age()) / 2)));
    try {
      for (const { leaseId } of this.leases) await this.#client[ask]('heartbeat', { lease_id: leaseId }, patience);
      this.#sentAt = sentAt;
    } catch (problem) {
      if (hasEnded(problem)) this.#lose(problem.code);
      else this.mind();
      throw problem;
    }
  }

  #lose(code) {
    if (this.#isOver()) return;
    this.#isLost(code);
    this.#end();
  }

  #isLost(code) {
    const what = this.leases.map(({ resource }) => resource).join(', ');
    const how = code === 'EXPIRED' ? 'it was not renewed in time' : 'it was taken away';
    const sentence = `The lease on ${what} ended before the work that needed it: ${how}. Read again what it protected.`;
    this.lost = new KlockLeaseLostError(code, sentence);
    this.#aborts.abort(this.lost);
  }

  #end() {
    clearTimeout(this.#timer);
    this.#looks.remove(this);
  }

  async #release() {
    this.#end();
    const releases = await Promise.allSettled(this.leases.map(({ leaseId }) => this.#releaseOne(leaseId)));
    const problems = releases.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
    const isTimeOver = this.#age() >= this.#ttlMs;
    // A store that fails, or a closed client, is no loss while there is time: what the leases protected was protected.
    const isLoss = problems.some(hasEnded) || (problems.length > 0 && isTimeOver);
    if (isLoss && this.lost === undefined) this.#isLost(isTimeOver ? 'EXPIRED' : problems.find(hasEnded).code);
    if (this.lost) throw this.lost;
  }

  async #releaseOne(leaseId) {
    let tries = 0;
    const send = () => {
      tries++;
      return this.#client[ask]('release', { lease_id: leaseId });
    };
    try {
      await ridingOut(send, Math.min(RELEASE_MS, this.#ttlMs - this.#age()), undefined, () => {});
    } catch (problem) {
      if (tries === 1 || problem.code !== 'UNKNOWN_LEASE') throw problem; // else it was an earlier try whose answer was lost
    }
  }
}

module.exports = { Held };
