// How a typed program uses the package. Never run: types.test.mjs gives it to the TypeScript compiler.
import { Klock, KlockClient, KlockConflictError, KlockConnectionError, KlockError, KlockHttpClient } from '@klock-protocol/core';
import { KlockLeaseLostError, KlockTimeoutError, LeaseGuard, canonicalPath, klockProtected } from '@klock-protocol/core';
import type { AcquireOptions, Client, Intent, LeaseInfo, LeaseResult, Snapshot, WaiterInfo } from '@klock-protocol/core';

async function take(client: KlockClient): Promise<string> {
  const text: string = client.acquireLease('a', 's', 'FILE', '/a', 'MUTATES', 60_000, { note: 'why' });
  const request: AcquireOptions = {
    agentId: 'a', sessionId: 's', resourceType: 'FILE', resourcePath: '/a', predicate: 'MUTATES', ttl: 60_000, requestId: 'r',
  };
  const result: LeaseResult = await client.acquireAsync({ ...request, waitMs: 5, signal: AbortSignal.timeout(5) });
  if (!result.success) {
    const holders: string[] = result.conflicts.map((conflict) => conflict.agentId);
    return `${result.reason} ${result.waitTime} ${holders.join()} ${text}`;
  }
  const token: number = result.fencingToken;
  const changed: LeaseResult = client.changeLease(result.leaseId, 'CONSUMES');
  const later: LeaseResult = await client.changeLeaseAsync(result.leaseId, 'MUTATES', { waitMs: 5 });
  return `${token} ${changed.success} ${later.success} ${client.releaseLease(result.leaseId)}`;
}

async function look(client: KlockClient): Promise<number> {
  client.registerAgent('a', 1);
  client.registerAgent('b', 1n);
  const leases: LeaseInfo[] = client.listLeases({ agentId: 'a', resource: 'FILE:/a' });
  const intents: Intent[] = [{ predicate: 'MUTATES', resourceType: 'FILE', resourcePath: '/a' }];
  const verdict = client.declareIntent({ agentId: 'a', sessionId: 's', intents });
  const all = await client.acquireAllAsync({ agentId: 'a', sessionId: 's', intents, ttl: 1000, waitMs: 5 });
  const ids: string[] = all.success ? all.leases.map((lease) => lease.leaseId) : [];
  const kinds: string[] = client.events({ after: 0, limit: 10 }).map((event) => event.kind);
  return leases.length + (verdict.retryAfterMs ?? 0) + ids.length + kinds.length + client.endSession('a', 's') + client.evictExpired();
}

async function guard(): Promise<number> {
  using client = new KlockClient({ storage: 'sqlite:klock.db' });
  await using klock: Klock = Klock.embedded({ agentId: 'a', priority: 3 });
  await using held = await klock.file('a.ts', { mode: 'read', ttlMs: 1000, maxRetries: 3, note: 'why' });
  try {
    const length: number = await klock.withFile('a.ts', async (each) => each.leaseId.length);
    await held.check();
    const both = ['a.ts', 'b.ts'];
    const tokens: number[] = await klock.withFiles(both, { mode: 'read' }, ({ leases }) => leases.map((each) => each.fencingToken));
    await klock.withResource('CUSTOM', 'deploy:staging', () => tokens.length);
    await klock.withRename('a.ts', 'b.ts', { note: 'why' }, async () => undefined);
    const guards: LeaseGuard[] = [await klock.files(['a.ts']), await klock.resource('SYMBOL', 'a.ts#b'), await klock.rename('a', 'b')];
    await Promise.all(guards.map((each) => each.release()));
    const waiting: WaiterInfo[] = client.listWaiters({ namespace: 'github.com/acme/shop' });
    const { leases, agents, next }: Snapshot = client.snapshot({ agentId: 'a', limit: 10 });
    const ids: (string | undefined)[] = [...leases.map((each) => each.id), agents[0]?.agentId, next.agents];
    client.releaseLease(ids[0] ?? '');
    client.heartbeatLease(waiting[0]!.agentId, { ttl: 1000 });
    const files: Klock<KlockClient> = Klock.embedded({ storage: 'sqlite:x.db' });
    const somewhere: Klock<Client> = Klock.embedded({ namespace: 'x' });
    await somewhere.close();
    files.client.listLeases().length;
    return length + held.fencingToken + Number(held.signal.aborted) + client.activeLeaseCount();
  } catch (error) {
    if (error instanceof KlockTimeoutError) return error.message.length;
    if (error instanceof KlockConflictError) return error.waitTimeMs + error.reason.length + error.resourcePath.length;
    if (error instanceof KlockLeaseLostError || error instanceof KlockError) return error.code.length;
    throw error;
  }
}

async function http(): Promise<number | null> {
  await using server = new KlockHttpClient({ baseUrl: 'http://localhost:3100', timeoutMs: 5, serverCommand: ['klock'] });
  const result: LeaseResult = await server.acquireLease('a', 's', 'FILE', '/a', 'MUTATES', 1000, { waitMs: 5 });
  const count: number = await Klock.local({ agentId: 'a', autoStart: false }).client.activeLeaseCount();
  const write = klockProtected(async (input: { path: string }) => input.path.length, {
    client: server, agentId: 'a', sessionId: 's', resourcePath: (input) => input.path,
  });
  const length: number = await write({ path: 'a.ts' });
  const problem: Error = new KlockConnectionError('why');
  return result.success ? count + length + problem.message.length : server.autoStartedPid;
}

const root: string | null = canonicalPath('a.ts', '/').root;
void [take, look, guard, http, root];
