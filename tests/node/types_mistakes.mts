// Mistakes that the declarations must show. Never run: types.test.mjs gives it to the TypeScript compiler.
import { Klock, KlockClient, KlockHttpClient, LeaseGuard, klockProtected } from '@klock-protocol/core';

const client = new KlockClient({ storage: 'redis:x' }); // mistake
client.registerAgent('a', '1'); // mistake
client.acquireLease('a', 's', 'FOLDER', '/a', 'MUTATES', 1000); // mistake
client.acquireLease('a', 's', 'FILE', '/a', 'WRITES', 1000); // mistake
const text: { success: boolean } = client.acquireLease('a', 's', 'FILE', '/a', 'MUTATES', 1000); // mistake
const request = { agentId: 'a', sessionId: 's', resourceType: 'FILE', resourcePath: '/a', predicate: 'MUTATES', ttl: 1 } as const;
client.acquire({ ...request, waitMs: 5 }); // mistake
const id: string = client.acquire(request).leaseId; // mistake
const granted = client.acquire(request);
if (!granted.success) granted.fencingToken.toFixed(); // mistake
new LeaseGuard(); // mistake
await Klock.embedded().withFile('a.ts', { mode: 'write' }, () => 1); // mistake
const number: string = await Klock.embedded().withFile('a.ts', () => 1); // mistake
const embedded: KlockClient = Klock.local().client; // mistake
await new KlockHttpClient({ serverCommand: 'klock' }).listLeases(); // mistake
klockProtected(async (path: string) => path, { client, agentId: 'a', sessionId: 's', resourcePath: (path) => path.length }); // mistake
klockProtected(async function* () { yield 1; }, { client, resourcePath: () => 'a' }); // mistake
client.heartbeatLease('x', 1000); // mistake
const sync: KlockClient = Klock.embedded().client; // mistake
await Klock.embedded().withRename('a', 'b', { mode: 'read' }, () => 1); // mistake
await Klock.embedded().withFiles('a.ts', () => 1); // mistake
await Klock.embedded().withResource('FOLDER', 'a', () => 1); // mistake
client.listLeases({ agent: 'a' }); // mistake
await Klock.embedded().file('a.ts', { ttl: 1000 }); // mistake
void [text, id, number, embedded, sync];
