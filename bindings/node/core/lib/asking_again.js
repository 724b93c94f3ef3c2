'use strict';
// Requests about leases that are held: within a time, and again when they failed.

const { setTimeout: sleep } = require('node:timers/promises');
const { ask } = require('./asking.js');
const { KlockError } = require('./errors.js');
const { mayPass } = require('./exchange.js');
const { atLeastShortest, retryMs, takeUpMs } = require('./holding_rules.js');

/** Whether it says that a lease has ended. Nothing else does. */
function hasEnded(problem) {
  return problem instanceof KlockError && (problem.code === 'UNKNOWN_LEASE' || problem.code === 'EXPIRED');
}

function mayHelp(problem) {
  return mayPass(problem) || problem?.code === 'STORAGE_UNAVAILABLE' || problem?.name === 'TimeoutError';
}

/** Does what needs an answer. Rejects when that takes longer, also where a request cannot be cut short. */
function within(ms, work) {
  const signal = AbortSignal.timeout(Math.ceil(ms));
  const late = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  return Promise.race([work(signal), late]);
}

/** Renews leases, one after the other. Rejects as the first one that fails, which `onEnded` is told when it has ended. */
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

/** Renews what was granted at a time that only the store knows. Resolves to when that was sent. */
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

/** Releases a lease, until `until`. Resolves to the code that says how it had ended before; to undefined when it had not, or who knows. */
async function releaseOne(client, leaseId, ttlMs, clock, until) {
  for (let isFirst = true; ; isFirst = false) {
    try {
      await within(atLeastShortest(until - clock()), (signal) => client[ask]('release', { lease_id: leaseId }, signal));
      return undefined;
    } catch (problem) {
      // Later answers prove nothing: an earlier try may have been heard.
      if (hasEnded(problem)) return isFirst ? problem.code : undefined;
      if (!mayHelp(problem) || until - clock() <= retryMs(ttlMs)) return undefined;
    }
    await sleep(retryMs(ttlMs));
  }
}

module.exports = { hasEnded, releaseOne, renew, takeUp };
