'use strict';
// What guards and the facade need of a client, embedded or over HTTP. Symbols, because none of it is for users.

/**
 * `await client[ask](verb, request, signal)` sends a request as it is on the wire and resolves to the answer as it is on the wire, a
 * refusal included; it rejects with KlockError, and when the signal aborts with its reason, after the request has left the queue.
 */
const ask = Symbol('klock.ask');

/** `client[clock]()` is the time in ms by which the holder of a lease of this client counts. */
const clock = Symbol('klock.clock');

/** `await client[namespaceBy](waitMs, signal)` is 'repository' where requests must say the namespace of theirs; else null. */
const namespaceBy = Symbol('klock.namespaceBy');

module.exports = { ask, clock, namespaceBy };
