'use strict';
// One request to a server and its answer, over the global fetch.

const { checked } = require('./codec.js');
const { dispatcherFor, proxyNote } = require('./dispatchers.js');
const { KlockConnectionError, KlockError, KlockTimeoutError } = require('./errors.js');
const { withCode } = require('./older.js');

// Errors while a server, or a proxy before it, restarts.
const PASSING = new Set(['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ENOENT',
  'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT']);
// Errors after a connection was there: the server may have carried the request out.
const AFTER_SENDING = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT']);
const REFUSED = new Set(['ECONNREFUSED', 'ENOENT']);
const GATEWAYS = new Set([502, 503, 504]);

// For errors that may pass: after how many ms to try again, or null where the server did not say.
const passing = new WeakMap();
// Those of them that a server, or a proxy before it, answered with. They prove nothing: the request may have been carried out.
const answered = new WeakSet();

function passWithAnswer(problem, retryAfter) {
  passing.set(problem, pauseMs(retryAfter));
  answered.add(problem);
}

function codesOf(problem) {
  const cause = problem?.cause;
  return [cause?.code, ...(cause?.errors ?? []).map((each) => each.code)].filter((code) => code !== undefined);
}

/** Whether nothing listens there. */
function isRefused(problem) {
  return codesOf(problem?.cause).some((code) => REFUSED.has(code));
}

/** Whether a later request may succeed where this one failed, because a server restarts. */
function mayPass(problem) {
  return passing.has(problem);
}

/** Lets a later request be sent, after so many ms, or null where nobody said. */
function letPass(problem, afterMs) {
  passing.set(problem, afterMs);
}

/** Whether a request that failed so may have been carried out. */
function wasSent(problem) {
  return answered.has(problem) || problem instanceof KlockTimeoutError || codesOf(problem?.cause).some((code) => AFTER_SENDING.has(code));
}

/** After how many ms the server wants the request again; null when it did not say. */
function retryAfterMs(problem) {
  return passing.get(problem) ?? null;
}

function reason(problem) {
  return problem?.cause?.message || problem?.cause?.code || problem?.message || String(problem);
}

function failure(address, problem, timeout, timeoutMs) {
  const where = `The server at ${address.name}${proxyNote(address)}`;
  if (timeout.aborted) return new KlockTimeoutError(`${where} did not answer within ${timeoutMs} ms.`, problem);
  const error = new KlockConnectionError(`${where} could not be asked: ${reason(problem)}.`, problem);
  if (codesOf(problem).some((code) => PASSING.has(code))) passing.set(error, null);
  return error;
}

async function send(address, path, init, signal, timeoutMs) {
  const dispatcher = dispatcherFor(address, timeoutMs);
  const timeout = AbortSignal.timeout(timeoutMs);
  // A coordinator never redirects: an answer that does is none of Klock.
  const limits = { redirect: 'manual', signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) };
  try {
    // Looked up at each call: a program that replaces the global fetch means this one too.
    const response = await globalThis.fetch(address.base + path, { ...init, ...limits, ...(dispatcher && { dispatcher }) });
    return { status: response.status, text: await response.text(), retryAfter: response.headers?.get?.('retry-after') };
  } catch (problem) {
    if (signal?.aborted) throw signal.reason;
    throw failure(address, problem, timeout, timeoutMs);
  }
}

function parsed(text) {
  try {
    const answer = JSON.parse(text);
    return typeof answer?.success === 'boolean' ? answer : undefined;
  } catch {
    return undefined;
  }
}

function pauseMs(retryAfter) {
  const seconds = Number.parseInt(retryAfter, 10);
  return seconds >= 0 ? seconds * 1000 : null;
}

/**
 * Sends a request and resolves to the answer in wire format. Rejects with KlockError: the server's error, or KlockConnectionError; and
 * when the signal aborts with its reason.
 */
async function exchange({ address, path, method, headers, body, signal, timeoutMs }) {
  const { status, text, retryAfter } = await send(address, path, { method, headers, body }, signal, timeoutMs);
  const answer = parsed(text);
  try {
    if (answer !== undefined) return checked(withCode(status, answer));
  } catch (problem) {
    // The server stops, or its store fails for now. The end of a session closes its waits too, without a time to try again.
    const isOver = status !== 503 || (problem.code === 'CLOSED' && !retryAfter);
    if (problem instanceof KlockError && !isOver) passWithAnswer(problem, retryAfter);
    throw problem;
  }
  const error = new KlockConnectionError(
    `What ${address.name}${proxyNote(address)} answered (${status}) to ${method} /${path.split(/[/?]/)[1]} is no answer of Klock: `
      + 'is another server there, or an older one?',
  );
  if (GATEWAYS.has(status)) passWithAnswer(error, retryAfter);
  throw error;
}

module.exports = { exchange, isRefused, letPass, mayPass, retryAfterMs, wasSent };
