'use strict';
// The transport to a server: each request is answered once, whatever happens to the server or the connection.

const { setTimeout: sleep } = require('node:timers/promises');
const { addressesOf } = require('./address.js');
const { broughtLeases } = require('./answers.js');
const { encode, invalid } = require('./codec.js');
const { plainClass } = require('./dispatchers.js');
const { KlockConnectionError, KlockError } = require('./errors.js');
const { exchange, isRefused } = require('./exchange.js');
const { olderServer } = require('./older.js');
const { signalOf } = require('./options.js');
const { ridingOut } = require('./riding.js');
const { ROUTES } = require('./routes.js');
const { Servers } = require('./several.js');
const { Starter } = require('./starter.js');

const LOOK_MS = 1000;
const ENOUGH_MS = 1000; // to undo what was aborted, before its promise rejects
const UNDO_AGAIN_AFTER_MS = [100, 1000];

function milliseconds(value, name) {
  const isTime = Number.isInteger(value) && value >= 1 && value <= 2 ** 31 - 1;
  if (!isTime) throw invalid(`${name} is ${String(value).slice(0, 64)}: it must be an integer of ms, 1 or more.`);
  return value;
}

function key(value) {
  const isKey = value === undefined || value === null || (typeof value === 'string' && /^[\x21-\x7e]*$/.test(value));
  if (!isKey) throw invalid('apiKey is no key: it must be a string of visible ASCII characters.');
  return value || undefined;
}

class Link {
  #addresses;
  #servers;
  #headers;
  #timeoutMs;
  #isClosed = false;
  #isGone = false;

  constructor(options) {
    const { baseUrl, socketPath, apiKey = process.env.KLOCK_API_KEY, timeoutMs = 5000, autoStart, startupTimeoutMs = 5000,
      serverCommand } = options;
    this.#addresses = addressesOf(baseUrl, socketPath);
    this.#timeoutMs = milliseconds(timeoutMs, 'timeoutMs');
    this.#servers = new Servers(this.#addresses, this.#timeoutMs);
    const apiKeyOrNone = key(apiKey);
    // Without this header events come as a stream.
    this.#headers = { accept: 'application/json', ...(apiKeyOrNone && { authorization: `Bearer ${apiKeyOrNone}` }) };
    this.starter = new Starter({
      address: this.#addresses[0],
      isWanted: this.#addresses.length > 1 ? false : autoStart,
      apiKey: apiKeyOrNone,
      serverCommand,
      timeoutMs: milliseconds(startupTimeoutMs, 'startupTimeoutMs'),
      isReady: () => this.#isReady(),
    });
    plainClass(); // found now, whatever the program sets later
  }

  get servers() {
    return this.#addresses.length;
  }

  get base() {
    return this.#addresses.map(({ socketPath, base, name }) => (socketPath === undefined ? base : name)).join(',');
  }

  get hasKey() {
    return this.#headers.authorization !== undefined;
  }

  /** As `client[ask]` in asking.js. */
  async ask(verb, request, signal) {
    this.#mustBeOpen();
    signalOf(signal)?.throwIfAborted();
    // With a request id a request whose answer was lost can be repeated, and what it got can be released when nobody waits for it any more.
    const isNamedHere = (verb === 'acquire' || verb === 'acquire_all') && request.request_id === undefined;
    const named = isNamedHere ? { ...request, request_id: `one-call-${crypto.randomUUID()}` } : request;
    try {
      return await this.#askNamed(verb, named, signal);
    } catch (problem) {
      const isLost = problem instanceof KlockConnectionError && !isRefused(problem);
      const isAborted = signal?.aborted === true && problem === signal.reason;
      if (isNamedHere && (isLost || isAborted)) await this.#undo(verb, named);
      throw problem;
    }
  }

  /** The server's health answer; waits for it while it restarts. */
  async health(waitMs, signal) {
    this.#mustBeOpen();
    signalOf(signal)?.throwIfAborted();
    const send = () => this.#askOrStart('health', {}, signal, 0);
    return (await ridingOut(send, waitMs, signal, (problem) => this.#reportGone(problem))).data;
  }

  close() {
    this.#isClosed = true;
  }

  #mustBeOpen() {
    if (this.#isClosed) throw new KlockError('CLOSED', 'The client is closed.');
  }

  #askNamed(verb, request, signal) {
    const waitMs = Number.isInteger(request.wait_ms) && request.wait_ms > 0 ? request.wait_ms : 0;
    if (waitMs === 0) return this.#askOrStart(verb, request, signal, 0);
    const send = (leftMs) => {
      this.#mustBeOpen();
      return this.#askOrStart(verb, { ...request, wait_ms: leftMs }, signal, leftMs);
    };
    return ridingOut(send, waitMs, signal, (problem) => this.#reportGone(problem));
  }

  async #askOrStart(verb, request, signal, waitMs) {
    const starts = this.starter.starts;
    try {
      return await this.#send(verb, request, signal, waitMs);
    } catch (problem) {
      if (!isRefused(problem) || !this.starter.isWanted) throw problem;
      await this.starter.ensure(starts);
      return this.#send(verb, request, signal, waitMs);
    }
  }

  #send(verb, request, signal, waitMs) {
    const send = (address, asked, until, leftMs) => this.#exchange(address, verb, asked, until, leftMs);
    return this.#servers.ask(send, verb, request, signal, waitMs);
  }

  async #exchange(address, verb, request, signal, waitMs) {
    const [method, path, body] = ROUTES[verb](request);
    const answer = await exchange({
      address,
      path,
      method,
      headers: body === undefined ? this.#headers : { ...this.#headers, 'content-type': 'application/json' },
      body: body === undefined ? undefined : encode(body),
      signal,
      timeoutMs: this.#timeoutMs + waitMs,
    });
    this.#isGone = false;
    this.starter.answered();
    const problem = olderServer(verb, request, answer, address.name);
    if (problem === undefined) return answer;
    const leases = answer.data === undefined ? [] : broughtLeases(verb, answer);
    for (const leaseId of leases) await this.#exchange(address, 'release', { lease_id: leaseId }, undefined, 0).catch(() => {});
    throw problem;
  }

  // Once for all who wait, until the server is back.
  #reportGone(problem) {
    if (this.#isGone) return;
    this.#isGone = true;
    const isSaid = !(problem instanceof KlockConnectionError);
    const what = isSaid ? `The server at ${this.#addresses[0].name} says: ${problem.message}` : problem.message;
    process.stderr.write(`klock: ${what} What waits goes on waiting.\n`);
  }

  /** Releases what a request got that nobody needs now. Resolves once that is known, or after its caller has waited long enough. */
  async #undo(verb, request) {
    const enough = new AbortController();
    const first = this.#undoOnce(verb, request);
    await Promise.race([first, sleep(ENOUGH_MS, undefined, { signal: enough.signal }).catch(() => {})]);
    enough.abort();
    this.#undoLater(first, verb, request);
  }

  // The server unqueues a request once it knows that its client is gone. Until then it may be granted, so one check is no proof.
  async #undoLater(first, verb, request) {
    let isDone = await first;
    for (const pauseMs of UNDO_AGAIN_AFTER_MS) {
      if (isDone) return;
      await sleep(pauseMs, undefined, { ref: false });
      isDone = await this.#undoOnce(verb, request);
    }
  }

  async #undoOnce(verb, request) {
    try {
      // If it got nothing, repeating it would be a new request, and what its session then holds for a moment could end other waits of it.
      const { agent_id, session_id, namespace, intents: [{ resource_type: type, resource_path: path }] = [request] } = request;
      const held = { agent_id, session_id, namespace, resource: `${type}:${path}` };
      if ((await this.#send('list_leases', held, undefined, 0)).data.length === 0) return false;
      const answer = await this.#send(verb, { ...request, wait_ms: undefined }, undefined, 0);
      const leases = broughtLeases(verb, answer);
      for (const leaseId of leases) await this.#send('release', { lease_id: leaseId }, undefined, 0);
      return leases.length > 0;
    } catch (problem) {
      return problem.code !== 'STORAGE_UNAVAILABLE' && problem.code !== 'CLOSED'; // while the server fails it is unknown
    }
  }

  async #isReady() {
    try {
      await exchange({ address: this.#addresses[0], path: '/health', method: 'GET', headers: {}, timeoutMs: LOOK_MS });
      return true;
    } catch {
      return false;
    }
  }
}

module.exports = { Link };
