// The fleet benchmark with real clients (tests/fleet/real) in a short form: who loses what, and do the figures add up?
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRealFleet } from '../fleet/real/fleet.mjs';
import { policies } from '../fleet/real/policies.mjs';
import { drawFleet } from '../fleet/tasks.mjs';
import { claude, codex, gemini } from './clients/all.mjs';
import { missing } from './install.mjs';

const kinds = [claude, codex, gemini];
// Sooner than the test's own: it says which client hangs.
const LIMIT = { realMs: 240_000, scaledMs: 0 };
const OPTIONS = { timeout: 300_000, skip: kinds.map(missing).find((reason) => reason) ?? false };
// A seed with which Codex and Gemini write the same files as a whole, and so undo each other's edits in whichever order they come.
const plan = drawFleet({ agents: 3, overlap: 80, tasks: 1, seed: 84 });

async function run(title) {
  const { result, spans } = await runRealFleet(plan, policies.find((Kind) => Kind.title === title), { kinds, scale: 20, limit: LIMIT });
  const total = (state) => spans.filter((one) => one.state === state).reduce((sum, { from, to }) => sum + to - from, 0);
  assert.deepEqual(result.clients, ['claude', 'codex', 'gemini']);
  assert.equal(result.edits, plan.work.flat().flatMap(({ edits }) => edits).length);
  assert.equal(total('blocked'), result.blockedMs);
  assert.equal(total('redo'), result.redoneMs);
  assert.ok(result.longestWaitMs <= result.blockedMs);
  assert.ok(result.wallMs <= result.agentMs && result.agentMs <= 3 * result.wallMs, `${result.wallMs} and ${result.agentMs} ms`);
  return result;
}

test('fleet benchmark: three clients that nobody coordinates lose edits', OPTIONS, async () => {
  const { lost, blockedMs } = await run('nothing');
  assert.ok(lost > 0);
  assert.equal(blockedMs, 0);
});

test('fleet benchmark: with Klock the same three lose nothing, and the repository builds', OPTIONS, async () => {
  const { lost, torn, half, semantic, uncommitted, givenUp, isBuilt, denied } = await run('klock');
  assert.deepEqual({ lost, torn, half, semantic, uncommitted, givenUp, isBuilt }, {
    lost: 0, torn: 0, half: 0, semantic: 0, uncommitted: 0, givenUp: 0, isBuilt: true,
  });
  assert.ok(denied.stale > 0, 'nobody was told to read again: the agents did not meet');
});
