'use strict';

/**
 * What guards and the facade ask a client through, embedded or over HTTP: `await client[ask](verb, request, signal)` sends a request as it
 * is on the wire and resolves to the answer as it is on the wire, a refusal included; it rejects with KlockError, and when the signal
 * aborts with its reason, after the request has left the queue.
 */
const ask = Symbol('klock.ask');

module.exports = { ask };
