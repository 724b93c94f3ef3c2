'use strict';
// Acquires leases, and runs work under them.

const { leaseResult, leasesResult } = require('./answers.js');
const { ask, clock } = require('./asking.js');
const { hasEnded, releaseOne, takeUp } = require('./asking_again.js');
const { invalid } = require('./codec.js');
const { KlockConflictError, KlockError } = require('./errors.js');
const { LeaseGuard } = require('./guard.js');
const { Held, lostError } = require('./held.js');
const { RELEASE_PATIENCE_MS, renewalMs } = require('./holding_rules.js');

const WAIT_A_RETRY_MS = 1000;
const LONGEST_WAIT_MS = 3600000;
const TIME_IS_UP = 'WAIT_TIMEOUT';

const warned = new Set();

/** The time to wait that a count of retries stands for: a second each, and an hour at the most. */
function waitMsOf(maxRetries) {
  if (!Number.isInteger(maxRetries) || maxRetries < 0) {
    throw invalid('maxRetries is not a count: it must be an integer, 0 or more (a second of waiting each).');
  }
  return Math.min(maxRetries * WAIT_A_RETRY_MS, LONGEST_WAIT_MS);
}

/** For one lease, or for several: the request, and how to read its answer. */
function request({ intents, ...who }) {
  return intents.length === 1 ? ['acquire', { ...who, ...intents[0] }] : ['acquire_all', { ...who, intents }];
}

async function askFor(client, wanted, signal) {
  const [verb, asked] = request(wanted);
  const answered = await client[ask](verb, asked, signal);
  return verb === 'acquire' ? leaseResult(answered) : leasesResult(answered);
}

// The verdict that stands when the time is up. If the lease is free just then, so much the better.
async function verdictOf(client, wanted, timedOut, signal) {
  try {
    const now = await askFor(client, { ...wanted, wait_ms: undefined }, signal);
    return now.success ? now : { ...now, message: timedOut.message };
  } catch (problem) {
    if (signal?.aborted) throw problem;
    return { ...timedOut, reason: 'DIE' }; // unknown now; taken for WAIT, a program would keep what others wait for
  }
}

async function acquire(client, wanted, signal) {
  let answer = await askFor(client, wanted, signal);
  const isTimeUp = answer.reason === TIME_IS_UP;
  if (isTimeUp) answer = await verdictOf(client, wanted, answer, signal);
  const leases = answer.success ? answer.leases ?? [answer] : [];
  if (answer.success && leases.every(({ fencingToken }) => fencingToken !== undefined)) return leases;
  if (answer.success) {
    await client[ask]('release', { lease_id: leases[0].leaseId }).catch(() => {});
    throw new KlockError('INTERNAL', 'The server grants without fencing tokens, so it is not of this Klock, and no guard can use it.');
  }
  const { reason, waitTime, message, conflicts } = answer;
  const paths = wanted.intents.map((intent) => intent.resource_path).join(', ');
  throw new KlockConflictError(wanted.agent_id, paths, reason, waitTime, message, conflicts, isTimeUp ? TIME_IS_UP : reason);
}

// Once for each session: pools share one on purpose.
function pass({ agentId, sessionId, warning }) {
  const name = JSON.stringify([agentId, sessionId]);
  if (warning === undefined || warned.has(name)) return;
  warned.add(name);
  process.emitWarning(warning, 'KlockWarning');
}

async function held(client, wanted, signal) {
  const now = () => client[clock]();
  let sentAt = now();
  const leases = await acquire(client, wanted, signal);
  try {
    // A request that waited was granted at a time that only the store knows. Once renewed, the time is known here too.
    if (now() - sentAt >= renewalMs(wanted.ttl)) sentAt = await takeUp(client, leases, wanted.ttl, now, signal);
    signal?.throwIfAborted();
  } catch (problem) {
    const until = now() + RELEASE_PATIENCE_MS;
    await Promise.all(leases.map(({ leaseId }) => releaseOne(client, leaseId, wanted.ttl, now, until)));
    throw hasEnded(problem) ? lostError(leases, problem.code) : problem;
  }
  const made = new Held(client, leases, wanted.ttl, sentAt);
  leases.forEach(pass);
  return made;
}

/** Waits for leases. Rejects with KlockConflictError when they are not granted. */
async function hold(client, wanted, signal) {
  return new LeaseGuard(await held(client, wanted, signal));
}

/** Whether a function only prepares its work, which is done when somebody reads the results: it cannot be protected. */
function isGenerator(work) {
  return /^\[object (?:Async)?GeneratorFunction\]$/.test(Object.prototype.toString.call(work));
}

// A generator that a compiler has transformed can only be recognised by its methods.
function isGenerated(value) {
  return typeof value === 'object' && value !== null && typeof value.next === 'function' && typeof value.throw === 'function';
}

function refuseGenerator(what) {
  return invalid(`${what} is a generator: its body runs after the call has returned, when nothing protects it any more.`);
}

/** The work, which must be a function that has done everything when its result is there. */
function workOf(work, name) {
  if (typeof work !== 'function') throw invalid(`${name} is ${work === null ? 'null' : typeof work}: it must be a function.`);
  if (isGenerator(work)) throw refuseGenerator(name);
  return work;
}

/** Holds leases while `work` runs, which gets the guard. An error of the work comes first; then whether a lease was lost. */
async function holding(client, wanted, signal, work) {
  const guard = await hold(client, wanted, signal);
  let result;
  try {
    result = await work(guard);
    if (isGenerated(result)) throw refuseGenerator('What was returned');
  } catch (problem) {
    await guard.release().catch(() => {});
    throw problem;
  }
  await guard.release();
  return result;
}

module.exports = { hold, holding, waitMsOf, workOf };
