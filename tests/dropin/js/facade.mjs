// The facade: a file is held while a callback works on it.
import { Klock } from '@klock-protocol/core';

const baseUrl = process.env.KLOCK_URL ?? 'http://localhost:3100';
const refactor = Klock.local({ agentId: 'refactor-bot', sessionId: 'session-1', priority: 100, baseUrl });
const lint = Klock.local({ agentId: 'lint-bot', sessionId: 'session-2', priority: 200, baseUrl });

const done = await refactor.withFile('src/auth.ts', async () => {
  try {
    await lint.withFile('src/auth.ts', { mode: 'mutate', ttlMs: 60000, maxRetries: 1 }, () => console.log('never printed'));
  } catch (error) {
    console.log(`${error.agentId} did not get ${error.resourcePath}: ${error.reason}`);
  }
  return 'refactor-bot is done';
});
console.log(done);
await lint.withFile('src/auth.ts', { mode: 'read' }, async () => console.log('lint-bot reads src/auth.ts'));

// It prints:
//   lint-bot did not get src/auth.ts: DIE
//   refactor-bot is done
//   lint-bot reads src/auth.ts
