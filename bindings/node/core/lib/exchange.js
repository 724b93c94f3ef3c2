'use strict';
// One request to a server and its answer, over the global fetch.

const { KlockConnectionError } = require('./errors.js');

// Node's fetch gives up after five minutes without an answer, and a request may wait for an hour. What it runs on is told otherwise.
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');
const ROOM_MS = 60000;

const patient = new Map();

function patientFor(timeoutMs) {
  const Agent = globalThis[DISPATCHER]?.constructor;
  if (Agent === undefined) return undefined; // another fetch, with limits of its own
  const headersTimeout = Math.ceil(timeoutMs / ROOM_MS + 1) * ROOM_MS;
  if (!patient.has(headersTimeout)) patient.set(headersTimeout, new Agent({ headersTimeout }));
  return patient.get(headersTimeout);
}

function reason(problem) {
  return problem?.cause?.message || problem?.cause?.code || problem?.message || String(problem);
}

/** Whether nothing listens there. */
function isRefused(problem) {
  const cause = problem?.cause?.cause;
  return cause?.code === 'ECONNREFUSED' || cause?.errors?.some((each) => each.code === 'ECONNREFUSED') === true;
}

async function send(url, init, signal, timeoutMs) {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    // Looked up at each call: whoever replaces the global fetch means this one too.
    const response = await globalThis.fetch(url, { ...init, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
    return [response.status, await response.text()];
  } catch (problem) {
    if (signal?.aborted) throw signal.reason;
    const what = timeout.aborted ? `did not answer within ${timeoutMs} ms` : `could not be asked: ${reason(problem)}`;
    throw new KlockConnectionError(`The server at ${new URL(url).origin} ${what}.`, problem);
  }
}

/** Sends a request and resolves to the answer as it is on the wire. Rejects with KlockConnectionError, or the signal's reason. */
async function exchange({ url, method, headers, body, signal, timeoutMs, isWait }) {
  const init = { method, headers, body, redirect: 'error' };
  const dispatcher = isWait ? patientFor(timeoutMs) : undefined;
  const [status, text] = await send(url, dispatcher === undefined ? init : { ...init, dispatcher }, signal, timeoutMs);
  try {
    const answer = JSON.parse(text);
    if (typeof answer.success === 'boolean') return answer;
  } catch {
    // Told below.
  }
  throw new KlockConnectionError(`What ${new URL(url).origin} answered (${status}) is no answer of Klock: is another server there?`);
}

module.exports = { exchange, isRefused };
