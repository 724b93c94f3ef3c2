'use strict';
// Holding a lease for as long as some work takes.

const { leaseResult } = require('./answers.js');
const { ask } = require('./asking.js');
const { invalid } = require('./codec.js');
const { KlockConflictError, KlockError, KlockLeaseLostError } = require('./errors.js');

const RENEWALS_A_TTL = 3;
const RETRIES_A_TTL = 20; // of a renewal that failed though the lease may well be there
const WAIT_A_RETRY_MS = 1000;
const LONGEST_WAIT_MS = 3600000;

/** The time to wait that a count of retries stands for: a second each, and an hour at the most. */
function waitMsOf(maxRetries) {
  if (!Number.isInteger(maxRetries) || maxRetries < 0) {
    throw invalid('maxRetries is not a count: it must be an integer, 0 or more (a second of waiting each).');
  }
  return Math.min(maxRetries * WAIT_A_RETRY_MS, LONGEST_WAIT_MS);
}

/** A lease that is held, and renewed until it is released. Time is monotonic: a clock that is set must not lose a lease. */
class LeaseGuard {
  #client;
  #lease;
  #ttlMs;
  #overAt;
  #isEnded = false;
  #released;
  #timer;
  #lost = new AbortController();

  /** Waits for the lease. Rejects with KlockConflictError when it is not granted. */
  static async hold(client, wanted, signal) {
    const askedAt = performance.now();
    const answer = leaseResult(await client[ask]('acquire', wanted, signal));
    if (!answer.success) {
      const { reason, waitTime, message, conflicts } = answer;
      throw new KlockConflictError(wanted.agent_id, wanted.resource_path, reason, waitTime, message, conflicts);
    }
    return new LeaseGuard(client, answer, wanted.ttl, askedAt);
  }

  constructor(client, lease, ttlMs, askedAt) {
    this.#client = client;
    this.#lease = lease;
    this.#ttlMs = ttlMs;
    // A lease lasts from when its last good request was sent. One that waited was granted at a time that only the store knows,
    // so it is renewed at once, and from then on that time is known here.
    const now = performance.now();
    this.#overAt = now + ttlMs;
    this.#renewIn(Math.max(0, askedAt + ttlMs / RENEWALS_A_TTL - now));
  }

  get lease() {
    return this.#lease;
  }

  get leaseId() {
    return this.#lease.leaseId;
  }

  get fencingToken() {
    return this.#lease.fencingToken;
  }

  get lost() {
    return this.#isEnded || (this.#released === undefined && performance.now() >= this.#overAt);
  }

  get signal() {
    return this.#lost.signal;
  }

  /** Lets the lease go, once. Rejects with KlockLeaseLostError when it had ended before. */
  release() {
    this.#released ??= this.#release();
    return this.#released;
  }

  [Symbol.asyncDispose]() {
    return this.release();
  }

  async #release() {
    clearTimeout(this.#timer);
    const wasOver = () => this.#isEnded || performance.now() >= this.#overAt;
    try {
      await this.#client[ask]('release', { lease_id: this.leaseId });
    } catch (problem) {
      // A store that fails, or a closed client, is no loss while the lease's time is not over: what it protected was protected.
      if (!hasEnded(problem) && !wasOver()) return;
      this.#isEnded = true;
      this.#lost.abort(this.#lostError());
      throw this.#lostError();
    }
  }

  #renewIn(ms) {
    this.#timer = setTimeout(() => this.#renew(), ms);
    this.#timer.unref(); // a lease alone is no reason for a process to go on
  }

  async #renew() {
    const sentAt = performance.now();
    try {
      await this.#client[ask]('heartbeat', { lease_id: this.leaseId });
      this.#overAt = sentAt + this.#ttlMs;
      if (this.#released === undefined) this.#renewIn(this.#ttlMs / RENEWALS_A_TTL);
    } catch (problem) {
      if (this.#released === undefined) this.#failed(problem);
    }
  }

  #failed(problem) {
    this.#isEnded ||= hasEnded(problem);
    if (this.lost) this.#lost.abort(this.#lostError());
    else this.#renewIn(Math.min(this.#ttlMs / RETRIES_A_TTL, Math.max(0, this.#overAt - performance.now())));
  }

  #lostError() {
    const where = `The lease on ${this.#lease.resource} ended before the work that needed it: `;
    return performance.now() >= this.#overAt
      ? new KlockLeaseLostError('EXPIRED', where + 'it was not renewed in time. Read again what it protected.')
      : new KlockLeaseLostError('UNKNOWN_LEASE', where + 'it was taken away. Read again what it protected.');
  }
}

function hasEnded(problem) {
  return problem instanceof KlockError && (problem.code === 'UNKNOWN_LEASE' || problem.code === 'EXPIRED');
}

/** Holds a lease while `work` runs, which gets the guard. What the work throws comes first; then whether the lease was lost. */
async function holding(client, wanted, signal, work) {
  const guard = await LeaseGuard.hold(client, wanted, signal);
  let result;
  try {
    result = await work(guard);
  } catch (problem) {
    await guard.release().catch(() => {});
    throw problem;
  }
  await guard.release();
  return result;
}

module.exports = { LeaseGuard, holding, waitMsOf };
