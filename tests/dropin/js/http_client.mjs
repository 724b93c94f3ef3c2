// The client of a server, which is started when there is none.
import { KlockHttpClient } from '@klock-protocol/core';

const client = new KlockHttpClient({ baseUrl: process.env.KLOCK_URL ?? 'http://localhost:3100', timeoutMs: 5000, autoStart: true });
console.log('may start a server:', client.autoStart, '- turned off:', client.autoStartDisabledByEnv);
await client.registerAgent('refactor-bot', 100);
await client.registerAgent('lint-bot', 200);
console.log('started one:', client.autoStartAttempted, typeof client.autoStartedPid);

const lease = await client.acquireLease('refactor-bot', 'session-1', 'FILE', '/src/auth.ts', 'MUTATES', 60000);
if (lease.success) console.log(lease.agentId, lease.resource, lease.predicate, typeof lease.leaseId, typeof lease.expiresAt);
const refused = await client.acquireLease('lint-bot', 'session-2', 'FILE', '/src/auth.ts', 'MUTATES', 60000);
if (!refused.success) console.log(refused.reason, refused.waitTime);
console.log('renewed:', await client.heartbeatLease(lease.leaseId));
for (const active of await client.listLeases()) console.log(active.agentId, active.resource);
console.log('released:', await client.releaseLease(lease.leaseId), await client.releaseLease(lease.leaseId));
console.log('evicted:', await client.evictExpired());
await client.shutdown();

// It prints:
//   may start a server: true - turned off: false
//   started one: true number
//   refactor-bot FILE:/src/auth.ts MUTATES string number
//   DIE 1000
//   renewed: true
//   refactor-bot FILE:/src/auth.ts
//   released: true false
//   evicted: 0
