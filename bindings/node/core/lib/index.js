'use strict';
// Klock: leases for agents that work on the same files, databases and configuration.

const { KlockClient } = require('./client.js');
const errors = require('./errors.js');
const { Klock } = require('./facade.js');
const { LeaseGuard } = require('./guard.js');
const { KlockHttpClient } = require('./http_client.js');
const { canonicalPath } = require('./paths.js');
const { klockProtected } = require('./protected.js');

module.exports = { Klock, KlockClient, KlockHttpClient, LeaseGuard, canonicalPath, klockProtected, ...errors };
