// As types_sample.mts, for programs that are CommonJS: the declarations are found there too.
import core = require('@klock-protocol/core');

const client = new core.KlockClient({ storage: 'memory' });
const result: core.LeaseResult = client.acquire({
  agentId: 'a', sessionId: 's', resourceType: 'FILE', resourcePath: '/a', predicate: 'MUTATES', ttl: 60_000,
});
const made: Promise<number> = core.Klock.embedded().withFile('a.ts', { mode: 'mutate' }, (held) => held.fencingToken);
void [result.success ? result.leaseId : result.reason, made];
