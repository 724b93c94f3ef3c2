'use strict';
// Requests about leases that are held: with a time-out, and repeated when they fail.

const { setTimeout: sleep } = require('node:timers/promises');
const { ask, servers } = require('./asking.js');
const { KlockError } = require('./errors.js');
const { mayPass } = require('./exchange.js');
const { atLeastShortest, retryMs, takeUpMs } = require('./holding_rules.js');

/** Whether an error means that a lease has ended. No other does. */
function hasEnded(problem) {
  return problem instanceof KlockError && (problem.code === 'UNKNOWN_LEASE' || problem.code === 'EXPIRED');
}

function mayHelp(problem) {
  return mayPass(problem) || problem?.code === 'STORAGE_UNAVAILABLE' || problem?.name === 'TimeoutError';
}

/** Runs work with a time-out. Rejects when it takes longer, also where a request cannot be cut short. */
function within(ms, work) {
  const signal = AbortSignal.timeout(Math.ceil(ms));
  const late = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  return Promise.race([work(signal), late]);
}

/** Renews leases, one after the other. Rejects with the error of the first that fails; `onEnded` is called if that lease has ended. */
function renew(client, leases, patienceMs, onEnded = () => {}) {
  return within(patienceMs, async (signal) => {
    for (const { leaseId } of leases) {
      try {
        await client[ask]('heartbeat', { lease_id: leaseId }, signal);
      } catch (problem) {
        if (hasEnded(problem)) onEnded(leaseId);
        throw problem;
      }
    }
  });
}

/** Renews what was granted at a time that only the store knows. Resolves to when the renewal was sent. */
async function takeUp(client, leases, ttlMs, clock, signal) {
  const until = clock() + takeUpMs(ttlMs);
  for (;;) {
    const sentAt = clock();
    try {
      await renew(client, leases, atLeastShortest(until - sentAt));
      return sentAt;
    } catch (problem) {
      if (!mayHelp(problem) || until - clock() <= retryMs(ttlMs)) throw problem;
    }
    await sleep(retryMs(ttlMs));
    signal?.throwIfAborted();
  }
}

/** Releases a lease, until `until`. Resolves to the code that says how it had ended before; to undefined otherwise. */
async function releaseOne(client, leaseId, ttlMs, clock, until) {
  for (let isFirst = true; ; isFirst = false) {
    try {
      const patienceMs = atLeastShortest((until - clock()) / (client[servers] ?? 1));
      await within(patienceMs, (signal) => client[ask]('release', { lease_id: leaseId }, signal));
      return undefined;
    } catch (problem) {
      // Later answers prove nothing: an earlier try may have been carried out.
      if (hasEnded(problem)) return isFirst ? problem.code : undefined;
      if (!mayHelp(problem) || until - clock() <= retryMs(ttlMs)) return undefined;
    }
    await sleep(retryMs(ttlMs));
  }
}

module.exports = { hasEnded, releaseOne, renew, takeUp };
