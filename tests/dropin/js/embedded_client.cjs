// The kernel in this process; acquireLease answers with JSON.
const { KlockClient } = require('@klock-protocol/core');

const client = new KlockClient();
client.registerAgent('refactor-bot', 100);
client.registerAgent('lint-bot', 200);
const first = JSON.parse(client.acquireLease('refactor-bot', 'session-1', 'FILE', '/src/auth.ts', 'MUTATES', 60000));
const second = JSON.parse(client.acquireLease('lint-bot', 'session-2', 'FILE', '/src/auth.ts', 'MUTATES', 60000));
console.log(first.success, first.resource, '-', second.success, second.reason, second.waitTime);
console.log(client.activeLeaseCount(), 'active lease');
console.log('released:', client.releaseLease(first.leaseId));
console.log(client.activeLeaseCount(), 'active leases, evicted:', client.evictExpired());

// It prints:
//   true FILE:/src/auth.ts - false DIE 1000
//   1 active lease
//   released: true
//   0 active leases, evicted: 0
