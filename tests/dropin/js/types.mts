// Every name that the original gives to its types.
import { Klock, KlockHttpClient } from '@klock-protocol/core';
import type {
  AcquireLeaseFailure,
  AcquireLeaseResult,
  AcquireLeaseSuccess,
  ActiveLeaseInfo,
  KlockEmbeddedOptions,
  KlockFailureReason,
  KlockFileMode,
  KlockFileOptions,
  KlockHttpClientOptions,
  KlockLocalOptions,
  KlockPredicate,
  KlockResourceType,
} from '@klock-protocol/core';

const http: KlockHttpClientOptions = { baseUrl: 'http://localhost:3100', apiKey: '', timeoutMs: 5000, autoStart: false };
const local: KlockLocalOptions = { agentId: 'a', sessionId: 's', priority: 1, baseUrl: 'http://localhost:3100', autoStart: false };
const embedded: KlockEmbeddedOptions = { agentId: 'a', sessionId: 's', priority: 1, storage: 'memory' };
const mode: KlockFileMode = 'mutate';
const file: KlockFileOptions = { mode, ttlMs: 60000, maxRetries: 1 };
const type: KlockResourceType = 'FILE';
const predicate: KlockPredicate = 'MUTATES';

function told(result: AcquireLeaseResult): string {
  if (result.success) {
    const success: AcquireLeaseSuccess = result;
    return `${success.leaseId} ${success.agentId} ${success.resource} ${success.predicate} ${success.expiresAt + 1}`;
  }
  const failure: AcquireLeaseFailure = result;
  const reason: KlockFailureReason = failure.reason;
  return `${reason} ${failure.waitTime + 1}`;
}

async function work(client: KlockHttpClient): Promise<string[]> {
  const result: AcquireLeaseResult = await client.acquireLease('a', 's', type, '/a', predicate, 60000);
  const active: ActiveLeaseInfo[] = await client.listLeases();
  return [told(result), ...active.map((lease) => `${lease.id} ${lease.resource} ${lease.expiresAt}`)];
}

const mocked: AcquireLeaseSuccess = { success: true, leaseId: 'l', agentId: 'a', resource: 'FILE:/a', predicate, expiresAt: 1 };
const refused: AcquireLeaseResult = { success: false, reason: 'WAIT', waitTime: 1000 };
console.log(told(mocked), '-', told(refused));

const klock = Klock.embedded(embedded);
console.log(await klock.withFile('a.ts', file, async (guard) => typeof guard.leaseId));
console.log(work.length, new KlockHttpClient(http).autoStart, Klock.local(local).agentId);
await klock.close();

// It prints:
//   l a FILE:/a MUTATES 2 - WAIT 1001
//   string
//   1 false a
