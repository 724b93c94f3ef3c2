'use strict';
// What guards and the facade need of a client, embedded or over HTTP. Symbols, because none of it is for users.

/**
 * `await client[ask](verb, request, signal)` sends a request in wire format and resolves to the answer in wire format, a refusal
 * included; it rejects with KlockError, and when the signal aborts with its reason, after the request has left the queue.
 */
const ask = Symbol('klock.ask');

/** `client[clock]()` is the time in ms on the clock of this client's leases. */
const clock = Symbol('klock.clock');

/** `await client[namespaceBy](waitMs, signal)` is 'repository' where requests must name their namespace; else null. */
const namespaceBy = Symbol('klock.namespaceBy');

/** `client[servers]` is how many servers share the time for an answer, where there may be several: each has to be asked within it. */
const servers = Symbol('klock.servers');

module.exports = { ask, clock, namespaceBy, servers };
