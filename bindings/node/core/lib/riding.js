'use strict';
// Continues waits while a server restarts.

const { setTimeout: sleep } = require('node:timers/promises');
const { mayPass, retryAfterMs } = require('./exchange.js');

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

/**
 * Sends a request that may wait for `waitMs`, repeatedly while its server is gone or stops, until it is answered or that time is
 * over. `send` gets how long it may still wait. Rejects as `send` does, or with the signal's reason.
 * @param onGone Called with the first of several failures in a row.
 */
async function ridingOut(send, waitMs, signal, onGone) {
  const end = performance.now() + waitMs;
  for (let leftMs = waitMs, pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await send(leftMs);
    } catch (problem) {
      const left = end - performance.now();
      if (!mayPass(problem) || left <= 0) throw problem;
      onGone(problem);
      await pause(Math.min(retryAfterMs(problem) ?? pauseMs, left), signal);
      leftMs = Math.max(1, Math.floor(end - performance.now())); // a wait of 1 ms is still one, and ends with WAIT_TIMEOUT
    }
  }
}

async function pause(ms, signal) {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw signal.reason;
  }
}

module.exports = { ridingOut };
