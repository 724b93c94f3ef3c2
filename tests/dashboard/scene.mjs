// Six agents at work on one repository for three quarters of a minute: the same every time, but for what the clock adds.
import { Fleet, pause } from './fleet.mjs';

const TEST = { note: 'run the login tests' };

/** Plays it, and ends in a moment where some hold and some wait. `speed` 10 is ten times as quick. */
export async function play(url, { speed = 1, key } = {}) {
  const fleet = new Fleet(url, key);
  const step = (seconds) => pause((seconds * 1000) / speed);
  const waits = [];
  const wait = (...request) => waits.push(fleet.request(...request).catch(() => null));
  const agents = ['claude:7f2a', 'codex:api-refactor', 'gemini:docs', 'claude:91c4', 'opencode:db', 'qwen:tests'];
  for (const [at, agent] of agents.entries()) await fleet.register(agent, at + 1);
  const [claude, codex, gemini, second, opencode, qwen] = agents;

  const schema = await fleet.hold(opencode, 'DATABASE_TABLE:sessions', { note: 'add expires_at' });
  const auth = await fleet.hold(codex, 'FILE:src/auth/login.ts', { note: 'extract the token check' });
  await step(5);
  wait(claude, 'FILE:src/auth/login.ts', { wait_ms: 600_000, note: 'fix the redirect' });
  const guide = await fleet.hold(gemini, 'FILE:docs/guide.md', { predicate: 'PROVIDES' });
  await step(6);
  const tests = await fleet.hold(qwen, 'FILE:tests/auth/**', { ...TEST, predicate: 'CONSUMES' });
  await fleet.release(auth);
  const session = await fleet.hold(second, 'SYMBOL:src/session.ts#renew', { note: 'sliding expiry' });
  await step(4);
  wait(codex, 'FILE:src/session.ts', { wait_ms: 600_000, note: 'types' });
  await fleet.request(gemini, 'FILE:src/session.ts');
  await step(7);
  await fleet.release(guide);
  await fleet.release(schema);
  const routes = await fleet.hold(opencode, 'FILE:src/api/routes.ts');
  await step(5);
  await fleet.release(session);
  await fleet.hold(gemini, 'FILE:docs/api/**', { note: 'new routes' });
  await step(4);
  wait(second, 'FILE:src/session.ts', { wait_ms: 600_000, note: 'sliding expiry' });
  await fleet.release(routes);
  await fleet.hold(opencode, 'FILE:src/db/migrations/0042_sessions.sql', { predicate: 'PROVIDES', note: 'add expires_at' });
  await step(6);
  await fleet.release(tests);
  wait(qwen, 'FILE:src/auth/login.ts', { wait_ms: 600_000, predicate: 'CONSUMES', ...TEST });
  await fleet.request(opencode, 'FILE:src/auth/login.ts', { predicate: 'CONSUMES' });
  await fleet.hold(qwen, 'API_ENDPOINT:POST /login', { session_id: 's2', predicate: 'DEPENDS_ON' });
  await step(7);
  await fleet.untilWaiting(2);
  return { fleet, waits };
}
