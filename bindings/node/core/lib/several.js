'use strict';
// Several servers that are one coordinator: the one that answered last is asked, and the next one when it does not answer.

const { setTimeout: sleep } = require('node:timers/promises');
const { KlockConnectionError, KlockTimeoutError } = require('./errors.js');
const { exchange, isRefused, letPass, mayPass, retryAfterMs, wasSent } = require('./exchange.js');

// Shorter waits end before a check of their server would.
const WATCH_EVERY_MS = 2000;
// A wait that a dead server has left behind is there for 5 s at the most, and a lease has one waiting change at a time.
const LEFTOVER_MS = 6000;
const LEFTOVER_PAUSE_MS = 250;
const ENDING = { release: 'released', revoke: 'revoked' };

/** Whether another server should be asked. An answer that is no answer of Klock is a mistake in the list, and not passed over. */
function movesOn(problem) {
  return mayPass(problem) || (problem instanceof KlockConnectionError && problem.cause !== undefined);
}

function noneAnswers(failures) {
  const said = ({ name, problem }) =>
    problem instanceof KlockConnectionError ? problem.message : `The server at ${name} says: ${problem.message}`;
  const problems = failures.map(({ problem }) => problem);
  const Kind = problems.every((problem) => problem instanceof KlockTimeoutError) ? KlockTimeoutError : KlockConnectionError;
  // Where nobody listens anywhere, nothing has to be undone: the cause shows that.
  const cause = problems.every(isRefused) ? problems[0].cause : undefined;
  const error = new Kind(`None of the ${failures.length} servers answers. ${failures.map(said).join(' ')}`, cause);
  const pauses = problems.map(retryAfterMs);
  letPass(error, pauses.includes(null) ? null : Math.min(...pauses));
  return error;
}

/** Whether a server answers; resolves once it does not. While it does, and once `over` aborts, the promise stays open. */
async function untilGone(address, over, timeoutMs) {
  for (;;) {
    try {
      await sleep(WATCH_EVERY_MS, undefined, { signal: over, ref: false });
      await exchange({ address, path: '/health', method: 'GET', headers: {}, signal: over, timeoutMs });
    } catch (problem) {
      if (over.aborted) await new Promise(() => {});
      if (movesOn(problem)) return;
    }
  }
}

class Servers {
  #addresses;
  #timeoutMs;
  #current = 0;

  constructor(addresses, timeoutMs) {
    this.#addresses = addresses;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Sends a request to whichever server answers: `send(address, request, signal, waitMs)`. It may be carried out twice, so an acquire must
   * have a request id; all other requests come to the same. Rejects with KlockConnectionError when none answers.
   */
  async ask(send, verb, request, signal, waitMs) {
    if (this.#addresses.length === 1) return send(this.#addresses[0], request, signal, waitMs);
    const end = performance.now() + waitMs;
    const first = this.#current;
    const failures = [];
    let leftoverUntil = 0;
    while (failures.length < this.#addresses.length) {
      const index = (first + failures.length) % this.#addresses.length;
      const address = this.#addresses[index];
      const leftMs = waitMs === 0 ? 0 : Math.max(1, Math.floor(end - performance.now()));
      const asked = leftMs === 0 ? request : { ...request, wait_ms: leftMs };
      try {
        const answer = await this.#askWatched(send, address, asked, signal, leftMs);
        this.#current = index;
        return answer;
      } catch (problem) {
        // Who renews a lease gives up before the time of a request is over, and must not ask the same server again.
        if (signal?.aborted && waitMs === 0) this.#current = (index + 1) % this.#addresses.length;
        const isUnsettled = problem?.code === 'UNKNOWN_LEASE' && verb in ENDING && failures.some((each) => wasSent(each.problem));
        // The lease is gone, as its holder wanted; whether an earlier try did that nobody knows. EXPIRED says that none did.
        if (isUnsettled) return { success: true, data: { [ENDING[verb]]: true, lease_id: request.lease_id } };
        const isLeftover = verb === 'change_lease' && problem?.code === 'INVALID_REQUEST' && performance.now() < leftoverUntil;
        if (isLeftover && !signal?.aborted) {
          await sleep(LEFTOVER_PAUSE_MS);
          continue;
        }
        if (signal?.aborted || !movesOn(problem)) throw problem;
        failures.push({ name: address.name, problem });
        if (wasSent(problem)) leftoverUntil = performance.now() + LEFTOVER_MS;
      }
    }
    throw noneAnswers(failures);
  }

  // A server that is paused, or whose machine is, sends nothing, and neither does one at which a request waits for an hour: without a
  // question now and then nobody could tell them apart.
  async #askWatched(send, address, request, signal, waitMs) {
    if (waitMs < WATCH_EVERY_MS) return send(address, request, signal, waitMs);
    const over = new AbortController();
    const gone = new AbortController();
    const late = `The server at ${address.name} answers nothing any more.`;
    untilGone(address, over.signal, this.#timeoutMs).then(() => gone.abort(new KlockTimeoutError(late, new Error(late))));
    const either = signal === undefined ? gone.signal : AbortSignal.any([signal, gone.signal]);
    try {
      return await send(address, request, either, waitMs);
    } finally {
      over.abort();
    }
  }
}

module.exports = { Servers };
