'use strict';
// The client of a server: `klock serve`, here or elsewhere.

const { leaseResult, leasesResult, broughtLeases, verdict } = require('./answers.js');
const { ask } = require('./asking.js');
const { checked, encode, invalid, toCamel } = require('./codec.js');
const { KlockError } = require('./errors.js');
const { exchange, isRefused } = require('./exchange.js');
const requests = require('./requests.js');
const { ROUTES } = require('./routes.js');
const { commandFor, isLocal, startServer, stopServer } = require('./server_process.js');

const LOOK_MS = 1000;

function milliseconds(value, name) {
  const isTime = Number.isInteger(value) && value >= 1 && value <= 2 ** 31 - 1;
  if (!isTime) throw invalid(`${name} is ${String(value).slice(0, 64)}: it must be an integer of ms, 1 or more.`);
  return value;
}

function parsedUrl(baseUrl) {
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw invalid('baseUrl is no address: it must be as in http://localhost:3100.');
  return url;
}

class KlockHttpClient {
  #url;
  #apiKey;
  #headers;
  #timeoutMs;
  #startupTimeoutMs;
  #serverCommand;
  #starting;
  #server;
  #isClosed = false;

  constructor(options) {
    const { baseUrl = 'http://localhost:3100', apiKey = process.env.KLOCK_API_KEY, timeoutMs = 5000, autoStart = true,
      startupTimeoutMs = 5000, serverCommand } = requests.optional(options);
    this.#url = parsedUrl(baseUrl);
    this.#timeoutMs = milliseconds(timeoutMs, 'timeoutMs');
    this.#startupTimeoutMs = milliseconds(startupTimeoutMs, 'startupTimeoutMs');
    this.#serverCommand = serverCommand;
    this.#apiKey = apiKey;
    // Events come as a stream to who does not ask for JSON.
    this.#headers = { accept: 'application/json', ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) };
    this.baseUrl = this.#url.href.replace(/\/+$/, '');
    this.autoStartDisabledByEnv = process.env.KLOCK_DISABLE_AUTOSTART === '1';
    this.autoStart = Boolean(autoStart) && !this.autoStartDisabledByEnv && isLocal(this.#url);
    this.autoStartAttempted = false;
    this.autoStartedPid = null;
  }

  async registerAgent(agentId, priority) {
    await this[ask]('register_agent', { agent_id: agentId, priority });
  }

  acquireLease(agentId, sessionId, resourceType, resourcePath, predicate, ttl, options) {
    const more = requests.optional(options);
    return this.acquire({ agentId, sessionId, resourceType, resourcePath, predicate, ttl, ...more });
  }

  async acquire(options) {
    return leaseResult(await this[ask]('acquire', requests.acquire(options), options.signal));
  }

  acquireAsync(options) {
    return this.acquire(options);
  }

  async acquireAll(options) {
    return leasesResult(await this[ask]('acquire_all', requests.acquireAll(options), options.signal));
  }

  acquireAllAsync(options) {
    return this.acquireAll(options);
  }

  async changeLease(leaseId, predicate, options) {
    const { waitMs, signal } = requests.optional(options);
    return leaseResult(await this[ask]('change_lease', { lease_id: leaseId, predicate, wait_ms: waitMs }, signal));
  }

  changeLeaseAsync(leaseId, predicate, options) {
    return this.changeLease(leaseId, predicate, options);
  }

  releaseLease(leaseId) {
    return this.#askAbout('release', leaseId);
  }

  heartbeatLease(leaseId, { ttl } = {}) {
    return this.#askAbout('heartbeat', leaseId, { ttl });
  }

  revokeLease(leaseId) {
    return this.#askAbout('revoke', leaseId);
  }

  async renewSession(agentId, sessionId) {
    return (await this[ask]('renew_session', requests.session(agentId, sessionId))).data.renewed;
  }

  async endSession(agentId, sessionId) {
    return (await this[ask]('end_session', requests.session(agentId, sessionId))).data.released;
  }

  async listLeases(filter) {
    return toCamel((await this[ask]('list_leases', requests.filter(filter))).data);
  }

  async listAgents() {
    return toCamel((await this[ask]('list_agents', {})).data);
  }

  async events(options) {
    return toCamel((await this[ask]('events', requests.events(options))).data);
  }

  async declareIntent(manifest) {
    return verdict(await this[ask]('declare_intents', requests.manifest(manifest)));
  }

  async activeLeaseCount() {
    return (await this[ask]('list_leases', {})).data.length;
  }

  async evictExpired() {
    return (await this[ask]('evict_expired', {})).data.evicted;
  }

  /** No request is sent any more. A server that was started goes on. */
  close() {
    this.#isClosed = true;
  }

  /** Ends the server that this client started, and resolves once it is gone; without one it does nothing. */
  async shutdown() {
    const server = this.#server;
    this.#server = undefined;
    this.autoStartedPid = null;
    this.#starting = undefined;
    if (server !== undefined) await stopServer(server);
  }

  async [Symbol.asyncDispose]() {
    this.close();
    await this.shutdown();
  }

  async [ask](verb, request, signal) {
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid(`signal is ${typeof signal}: it must be an AbortSignal.`);
    if (this.#isClosed) throw new KlockError('CLOSED', 'The client is closed.');
    signal?.throwIfAborted();
    try {
      return checked(await this.#exchange(verb, request, signal));
    } catch (problem) {
      if (!this.autoStart || !isRefused(problem)) throw problem;
      await (this.#starting ??= this.#startServer());
      return checked(await this.#exchange(verb, request, signal));
    }
  }

  async #exchange(verb, request, signal) {
    const waitMs = Number.isInteger(request.wait_ms) && request.wait_ms > 0 ? request.wait_ms : 0;
    const isAbortable = signal !== undefined && (verb === 'acquire' || verb === 'acquire_all');
    // By its name a request can be found again whose answer nobody waited for.
    const needsName = isAbortable && request.request_id === undefined;
    const named = needsName ? { ...request, request_id: `abortable-${crypto.randomUUID()}` } : request;
    try {
      return await this.#send(verb, named, signal, waitMs);
    } catch (problem) {
      if (isAbortable && signal.aborted && problem === signal.reason) await this.#undo(verb, named);
      throw problem;
    }
  }

  async #undo(verb, request) {
    try {
      // The server takes a request off the queue whose client is gone. It may have been granted just before: then this tells.
      const answer = await this.#send(verb, { ...request, wait_ms: 0 }, undefined, 0);
      for (const leaseId of broughtLeases(verb, answer)) await this.#send('release', { lease_id: leaseId }, undefined, 0);
    } catch {
      // The server cannot be reached: time ends what it granted.
    }
  }

  #send(verb, request, signal, waitMs) {
    const [method, path, body] = ROUTES[verb](request);
    return exchange({
      url: this.baseUrl + path,
      method,
      headers: body === undefined ? this.#headers : { ...this.#headers, 'content-type': 'application/json' },
      body: body === undefined ? undefined : encode(body),
      signal,
      timeoutMs: this.#timeoutMs + waitMs,
      isWait: waitMs > 0,
    });
  }

  async #startServer() {
    this.autoStartAttempted = true;
    try {
      const command = commandFor(this.#serverCommand, this.#url.port || '80');
      this.#server = await startServer(command, this.#apiKey, () => this.#isReady(), this.#startupTimeoutMs);
    } catch (problem) {
      this.#starting = undefined; // the next request may try again
      throw problem;
    }
    this.autoStartedPid = this.#server?.pid ?? null;
    if (this.#server !== undefined) process.stderr.write(`klock: started a server at ${this.baseUrl} (PID ${this.autoStartedPid})\n`);
  }

  async #isReady() {
    try {
      await exchange({ url: `${this.baseUrl}/health`, method: 'GET', headers: {}, timeoutMs: LOOK_MS });
      return true;
    } catch {
      return false;
    }
  }

  async #askAbout(verb, leaseId, more) {
    try {
      await this[ask](verb, { lease_id: leaseId, ...more });
      return true;
    } catch (error) {
      if (error.code === 'UNKNOWN_LEASE' || error.code === 'EXPIRED') return false;
      throw error;
    }
  }
}

module.exports = { KlockHttpClient };
