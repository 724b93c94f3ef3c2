'use strict';
// The options of calls. An unknown name is an error: ignored, it would be a wish without effect.

const { invalid } = require('./codec.js');

const NOTES = ['note', 'requestId', 'namespace'];
const WAITS = ['waitMs', 'signal'];
const AGENT = ['agentId', 'sessionId', 'priority', 'namespace'];
const FILTER = ['agentId', 'sessionId', 'resource', 'namespace'];
const HTTP = ['baseUrl', 'socketPath', 'apiKey', 'timeoutMs', 'autoStart', 'startupTimeoutMs', 'serverCommand'];

const OPTIONS = {
  acquireLease: [...NOTES, ...WAITS],
  acquire: ['agentId', 'sessionId', 'resourceType', 'resourcePath', 'predicate', 'ttl', ...NOTES, ...WAITS],
  acquireAll: ['agentId', 'sessionId', 'intents', 'ttl', ...NOTES, ...WAITS],
  wait: WAITS,
  heartbeat: ['ttl'],
  filter: FILTER,
  snapshot: [...FILTER, 'limit', 'agents'],
  events: ['after', 'limit'],
  // A manifest may come from elsewhere, with every field that a manifest can have (KLIS-0).
  manifest: ['agentId', 'sessionId', 'intents', 'ttl', ...NOTES, 'waitMs', 'timestamp', 'confidence'],
  intent: ['predicate', 'resourceType', 'resourcePath', 'subject', 'object', 'agentId', 'sessionId', 'timestamp', 'confidence'],
  client: ['storage'],
  http: HTTP,
  agent: AGENT,
  embedded: ['storage', ...AGENT],
  local: [...HTTP, ...AGENT],
  guard: ['ttlMs', 'maxRetries', 'note', 'signal'],
  file: ['mode', 'ttlMs', 'maxRetries', 'note', 'signal'],
  protected: ['client', 'agentId', 'sessionId', 'resourceType', 'resourcePath', 'predicate', 'ttlMs', 'maxRetries', 'note', 'namespace'],
};

const SETS = Object.fromEntries(Object.entries(OPTIONS).map(([name, names]) => [name, new Set(names)]));

function kind(value) {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}

const plain = (name) => name.replaceAll('_', '').toLowerCase();

/** How many letters have to be inserted, removed or replaced to make one of the other. */
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= other.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
    }
  }
  return row[other.length];
}

function nearest(name, names) {
  if (name.length > 64) return undefined;
  const found = names.map((each) => [distance(plain(name), plain(each)), each]).sort(([one], [other]) => one - other)[0];
  return found[0] <= Math.max(1, Math.floor(found[1].length / 4)) ? found[1] : undefined;
}

function unknown(name, which, what) {
  const near = nearest(name, OPTIONS[which]);
  const shown = JSON.stringify(name.slice(0, 64));
  const hint = near === undefined ? `there are ${OPTIONS[which].join(', ')}` : `did you mean ${near}?`;
  return invalid(`${what} has ${shown}, which is none: ${hint}`);
}

/** The options of a call, which may be left out. Their names must be in the list `which` above. */
function optional(value, which, what = 'options') {
  return value === undefined ? {} : needed(value, which, what);
}

/** As `optional`, for options that may not be left out. */
function needed(value, which, what = 'options') {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  if (!isObject) throw invalid(`${what} is ${kind(value)}: it must be an object.`);
  const names = SETS[which];
  for (const name in value) {
    if (!names.has(name)) throw unknown(name, which, what);
  }
  return value;
}

/** Some of the options, for a part that takes no others. */
function only(value, which) {
  return Object.fromEntries(OPTIONS[which].filter((name) => name in value).map((name) => [name, value[name]]));
}

/** A signal, which may be left out. */
function signalOf(value) {
  if (value !== undefined && !(value instanceof AbortSignal)) throw invalid(`signal is ${kind(value)}: it must be an AbortSignal.`);
  return value;
}

module.exports = { optional, needed, only, signalOf };
