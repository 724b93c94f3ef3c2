'use strict';
// Klock for one agent: who it is, said once.

const { ask } = require('./asking.js');
const { KlockClient } = require('./client.js');
const { invalid } = require('./codec.js');
const { KlockHttpClient } = require('./http_client.js');
const { LeaseGuard, holding, waitMsOf } = require('./guard.js');
const { canonicalPath } = require('./paths.js');
const { optional } = require('./requests.js');

const PREDICATES = {
  read: 'CONSUMES',
  mutate: 'MUTATES',
  delete: 'DELETES',
  rename: 'RENAMES',
  provide: 'PROVIDES',
  depend: 'DEPENDS_ON',
};

class Klock {
  #priority;
  #registered;

  constructor(client, options) {
    const { agentId, sessionId, priority } = optional(options);
    if (typeof client?.[ask] !== 'function') throw invalid('client is none: it must be a KlockClient or a KlockHttpClient.');
    this.client = client;
    this.agentId = agentId ?? `agent-${crypto.randomUUID()}`;
    this.sessionId = sessionId ?? `session-${crypto.randomUUID()}`;
    this.#priority = priority;
  }

  static embedded(options) {
    const client = new KlockClient({ storage: optional(options).storage });
    try {
      const klock = new Klock(client, options);
      if (klock.#priority !== undefined) client.registerAgent(klock.agentId, klock.#priority);
      return klock;
    } catch (problem) {
      client.close();
      throw problem;
    }
  }

  static local(options) {
    return new Klock(new KlockHttpClient(options), options);
  }

  async file(path, options) {
    const { signal } = optional(options);
    const wanted = this.#wanted(path, options);
    await this.#register();
    return LeaseGuard.hold(this.client, wanted, signal);
  }

  async withFile(path, options, callback) {
    const work = typeof options === 'function' ? options : callback;
    const given = typeof options === 'function' ? undefined : options;
    if (typeof work !== 'function') throw invalid(`callback is ${typeof work}: it must be a function.`);
    const wanted = this.#wanted(path, given);
    await this.#register();
    return holding(this.client, wanted, optional(given).signal, work);
  }

  async close() {
    try {
      await this.client[ask]('end_session', { agent_id: this.agentId, session_id: this.sessionId });
    } catch {
      // Closed already, or a store that fails: what the session holds ends with its time.
    }
    await this.client.close();
  }

  [Symbol.asyncDispose]() {
    return this.close();
  }

  // Only when something is asked for: nothing is sent to a server, or started, before.
  #register() {
    if (this.#priority !== undefined) this.#registered ??= this.#tryRegister();
    return this.#registered;
  }

  async #tryRegister() {
    try {
      await this.client.registerAgent(this.agentId, this.#priority);
    } catch (problem) {
      this.#registered = undefined;
      throw problem;
    }
  }

  #wanted(path, options) {
    const { mode = 'mutate', ttlMs = 60000, maxRetries = 10, note } = optional(options);
    if (!Object.hasOwn(PREDICATES, mode)) {
      throw invalid(`mode is ${String(mode).slice(0, 64)}: it must be ${Object.keys(PREDICATES).join(', ')}.`);
    }
    return {
      agent_id: this.agentId,
      session_id: this.sessionId,
      resource_type: 'FILE',
      resource_path: canonicalPath(path).resourcePath,
      predicate: PREDICATES[mode],
      ttl: ttlMs,
      wait_ms: waitMsOf(maxRetries),
      note,
    };
  }
}

module.exports = { Klock };
