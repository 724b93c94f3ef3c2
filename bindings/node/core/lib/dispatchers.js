'use strict';
// The dispatchers that `fetch` uses for our requests. Node's fetch is undici, whose dispatchers are open to programs but not to packages:
// this module finds its plain one, which uses no proxy, through the one that is set for the process.

const { KlockConnectionError } = require('./errors.js');

const GLOBAL = Symbol.for('undici.globalDispatcher.1');
const ROOM_MS = 60000;
const DEPTH = 2; // a proxy's dispatcher, or that of tests, contains a plain one

const made = new Map();

function isPlain(dispatcher) {
  return dispatcher?.constructor?.name === 'Agent' && typeof dispatcher.dispatch === 'function';
}

function plainIn(dispatcher, depth = DEPTH) {
  if (isPlain(dispatcher)) return dispatcher.constructor;
  if (depth === 0 || dispatcher === null || typeof dispatcher !== 'object') return undefined;
  for (const name of Reflect.ownKeys(dispatcher)) {
    const found = plainIn(dispatcher[name], depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The dispatcher that is set for the process; undefined when its fetch is not undici. */
function ofProcess() {
  void globalThis.Response; // Node loads undici when one of its globals is first read, and sets a dispatcher then
  return globalThis[GLOBAL];
}

let known = plainIn(globalThis[GLOBAL]); // the original one, unless the program has set another already

/** undici's class without a proxy. */
function plainClass() {
  known = plainIn(ofProcess()) ?? known;
  return known;
}

function remembered(Class, headersTimeout, socketPath) {
  const name = `${headersTimeout} ${socketPath ?? ''}`;
  const kept = made.get(name);
  if (kept?.constructor === Class) return kept;
  const dispatcher = new Class({ headersTimeout, ...(socketPath === undefined ? {} : { connect: { socketPath } }) });
  made.set(name, dispatcher);
  return dispatcher;
}

function direct(headersTimeout, socketPath) {
  const Class = plainClass();
  if (Class !== undefined) return remembered(Class, headersTimeout, socketPath);
  const other = ofProcess()?.constructor?.name;
  if (other === undefined && socketPath === undefined) return undefined; // no undici: the program that replaced fetch decides
  throw new KlockConnectionError(
    other === undefined
      ? 'The fetch of this program is not Node\'s, so no server can be reached by its Unix socket: say baseUrl in place of socketPath.'
      : `This program sends HTTP through a dispatcher of its own, ${other}, which may be a proxy, and requests to this machine never go ` +
          'through one: make the first KlockHttpClient before it is set.',
  );
}

function farther(headersTimeout) {
  const current = ofProcess();
  // If a dispatcher is configured by more than options, its limits cannot be changed: a wait beyond its five minutes is requested again.
  const isOpen = isPlain(current) || current?.constructor?.name === 'EnvHttpProxyAgent';
  return isOpen && headersTimeout > 5 * ROOM_MS ? remembered(current.constructor, headersTimeout) : undefined;
}

/**
 * The dispatcher for a request: to this machine, or to a socket on it, never through a proxy; elsewhere the program's own, which is
 * undefined, but with a longer time-out. undici gives up after five minutes without an answer, and a request may wait for an hour.
 */
function dispatcherFor({ isHere, socketPath }, timeoutMs) {
  const headersTimeout = Math.ceil(timeoutMs / ROOM_MS + 1) * ROOM_MS;
  return isHere ? direct(headersTimeout, socketPath) : farther(headersTimeout);
}

function withoutPassword(url) {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return 'that is no URL';
  }
}

/** What an error about a request elsewhere says about the proxy; '' when there is none. */
function proxyNote({ isHere, url }) {
  const name = isHere ? undefined : ofProcess()?.constructor?.name;
  if (name === 'EnvHttpProxyAgent') {
    const variables = url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
    const variable = variables.find((each) => process.env[each]);
    return variable === undefined ? '' : ` (${variable} names the proxy ${withoutPassword(process.env[variable])})`;
  }
  return name !== undefined && /Proxy/.test(name) ? ` (this program sends HTTP through a proxy: it has set a ${name})` : '';
}

module.exports = { dispatcherFor, plainClass, proxyNote };
