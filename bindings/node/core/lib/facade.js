'use strict';
// Klock for one agent: its identity is given once.

const { inspect } = require('node:util');
const { namedServer } = require('./address.js');
const { ask } = require('./asking.js');
const { KlockClient } = require('./client.js');
const { invalid } = require('./codec.js');
const { hold, holding, waitMsOf, workOf } = require('./holding.js');
const { KlockHttpClient } = require('./http_client.js');
const { named, namespaceOf } = require('./names.js');
const { only, optional } = require('./options.js');
const { shown } = require('./showing.js');

const PREDICATES = {
  read: 'CONSUMES',
  mutate: 'MUTATES',
  delete: 'DELETES',
  rename: 'RENAMES',
  provide: 'PROVIDES',
  depend: 'DEPENDS_ON',
};

function predicateOf({ mode = 'mutate' }) {
  if (Object.hasOwn(PREDICATES, mode)) return PREDICATES[mode];
  throw invalid(`mode is ${String(mode).slice(0, 64)}: it must be ${Object.keys(PREDICATES).join(', ')}.`);
}

/** The paths that a caller asks for: the name of each, and its part of a request. */
function files(paths, predicate) {
  const isList = Array.isArray(paths) && paths.length > 0;
  if (!isList) throw invalid('paths is no list of paths: it must be an array of one or more.');
  return paths.map((path) => ['FILE', path, predicate]);
}

/** The options and the callback of a call in which the options may be left out. */
function split(options, callback) {
  return typeof options === 'function' ? [undefined, options] : [options, callback];
}

class Klock {
  #priority;
  #namespace;
  #registered;

  constructor(client, options) {
    const { agentId, sessionId, priority, namespace } = optional(options, 'agent');
    if (typeof client?.[ask] !== 'function') throw invalid('client is none: it must be a KlockClient or a KlockHttpClient.');
    this.client = client;
    this.agentId = agentId ?? `agent-${crypto.randomUUID()}`;
    this.sessionId = sessionId ?? `session-${crypto.randomUUID()}`;
    this.#priority = priority;
    this.#namespace = namespace;
  }

  static embedded(options) {
    const { storage = 'auto', ...agent } = optional(options, 'embedded');
    const server = storage === 'auto' ? namedServer() : undefined;
    if (server !== undefined) return new Klock(new KlockHttpClient({ ...server, autoStart: false }), agent);
    const client = new KlockClient({ storage });
    try {
      const klock = new Klock(client, agent);
      if (klock.#priority !== undefined) client.registerAgent(klock.agentId, klock.#priority);
      return klock;
    } catch (problem) {
      client.close();
      throw problem;
    }
  }

  static local(options) {
    const given = optional(options, 'local');
    const isSaid = given.baseUrl !== undefined || given.socketPath !== undefined;
    return new Klock(new KlockHttpClient({ ...(isSaid ? undefined : namedServer()), ...only(given, 'http') }), only(given, 'agent'));
  }

  async file(path, options) {
    return this.#hold([['FILE', path, predicateOf(optional(options, 'file'))]], options);
  }

  async withFile(path, options, callback) {
    const [given, work] = split(options, callback);
    return this.#holding([['FILE', path, predicateOf(optional(given, 'file'))]], given, work);
  }

  async files(paths, options) {
    return this.#hold(files(paths, predicateOf(optional(options, 'file'))), options);
  }

  async withFiles(paths, options, callback) {
    const [given, work] = split(options, callback);
    return this.#holding(files(paths, predicateOf(optional(given, 'file'))), given, work);
  }

  async resource(type, path, options) {
    return this.#hold([[type, path, predicateOf(optional(options, 'file'))]], options);
  }

  async withResource(type, path, options, callback) {
    const [given, work] = split(options, callback);
    return this.#holding([[type, path, predicateOf(optional(given, 'file'))]], given, work);
  }

  async rename(from, to, options) {
    optional(options, 'guard');
    return this.#hold([['FILE', from, 'RENAMES'], ['FILE', to, 'PROVIDES']], options);
  }

  async withRename(from, to, options, callback) {
    const [given, work] = split(options, callback);
    optional(given, 'guard');
    return this.#holding([['FILE', from, 'RENAMES'], ['FILE', to, 'PROVIDES']], given, work);
  }

  async close() {
    try {
      await this.client[ask]('end_session', { agent_id: this.agentId, session_id: this.sessionId });
    } catch {
      // Closed already, or the store fails: what the session holds expires.
    }
    await this.client.close();
  }

  [Symbol.asyncDispose]() {
    return this.close();
  }

  [inspect.custom](depth, options) {
    const { agentId, sessionId, client } = this;
    return shown(this, { agentId, sessionId, priority: this.#priority, namespace: this.#namespace, client }, depth, options);
  }

  async #hold(resources, options) {
    return hold(this.client, await this.#wanted(resources, options), options?.signal);
  }

  async #holding(resources, options, callback) {
    const work = workOf(callback, 'callback');
    return holding(this.client, await this.#wanted(resources, options), options?.signal, work);
  }

  async #wanted(resources, options) {
    const { ttlMs = 60000, maxRetries = 10, note, signal } = options ?? {};
    const waitMs = waitMsOf(maxRetries);
    const names = resources.map(([type, path]) => named(type, path));
    await this.#register();
    return {
      agent_id: this.agentId,
      session_id: this.sessionId,
      intents: resources.map(([type, , predicate], index) => ({
        resource_type: type, resource_path: names[index].resourcePath, predicate,
      })),
      ttl: ttlMs,
      wait_ms: waitMs,
      note,
      namespace: await namespaceOf(this.client, this.#namespace, names, waitMs, signal),
    };
  }

  // Only with the first request: before it nothing is sent to a server, or started.
  #register() {
    if (this.#priority !== undefined) this.#registered ??= this.#tryToRegister();
    return this.#registered;
  }

  async #tryToRegister() {
    try {
      await this.client.registerAgent(this.agentId, this.#priority);
    } catch (problem) {
      this.#registered = undefined;
      throw problem;
    }
  }
}

module.exports = { Klock };
