'use strict';
// Klock: leases for agents that work on the same files, databases and configuration.

const { KlockClient } = require('./client.js');
const { KlockConflictError, KlockError, KlockLeaseLostError } = require('./errors.js');
const { Klock } = require('./facade.js');
const { LeaseGuard } = require('./guard.js');
const { KlockLibraryError } = require('./library.js');
const { canonicalPath } = require('./paths.js');

module.exports = { Klock, KlockClient, KlockConflictError, KlockError, KlockLeaseLostError, KlockLibraryError, LeaseGuard, canonicalPath };
