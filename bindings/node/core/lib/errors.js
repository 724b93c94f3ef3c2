'use strict';

/** A request that could not be judged: bad input, an ended lease, a closed client, a store that failed. */
class KlockError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** A guard did not get its lease: somebody else has it, or waits for it. Nothing is held, and nothing waits any more. */
class KlockConflictError extends KlockError {
  constructor(agentId, resourcePath, reason, waitTimeMs, message, conflicts = [], code = reason) {
    super(code, message || `${agentId} did not get ${resourcePath}.`);
    this.agentId = agentId;
    this.resourcePath = resourcePath;
    this.reason = reason;
    this.waitTimeMs = waitTimeMs;
    this.conflicts = conflicts;
  }
}

/** A guard's lease ended before the guard did, so somebody else may have changed what it protected. */
class KlockLeaseLostError extends KlockError {}

/** The server could not be reached, did not answer in time, or its answer is not Klock's. */
class KlockConnectionError extends KlockError {
  constructor(message, cause) {
    super('STORAGE_UNAVAILABLE', message);
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause, writable: true, configurable: true });
  }
}

/** The server did not answer in time. */
class KlockTimeoutError extends KlockConnectionError {}

/** The native library is missing, or of another version. */
class KlockLibraryError extends Error {
  constructor(message) {
    super(message);
    this.code = 'LIBRARY_UNAVAILABLE';
  }
}

const errors = { KlockError, KlockConflictError, KlockConnectionError, KlockLeaseLostError, KlockLibraryError, KlockTimeoutError };

// Listed here and not read from the classes: a bundler may rename those.
for (const [name, { prototype }] of Object.entries(errors)) {
  Object.defineProperty(prototype, 'name', { value: name, writable: true, configurable: true });
}

module.exports = errors;
