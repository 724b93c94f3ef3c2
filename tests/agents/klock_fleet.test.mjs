// Six agents of three kinds, 60 edits to 10 files in one repository: without Klock some are lost, with it none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claude, codex, gemini } from './clients/all.mjs';
import { fleetWorld, runFleet } from './fleet.mjs';
import { missing } from './install.mjs';
import { installKlock, leases } from './klock.mjs';

const kinds = [claude, claude, codex, codex, gemini, gemini];
const files = Array.from({ length: 10 }, (_, number) => `file${number}.txt`);
const why = [claude, codex, gemini].map(missing).find((reason) => reason);
const OPTIONS = { timeout: 600_000, skip: why ?? false };

test('fleet: six agents of three kinds lose edits without Klock', OPTIONS, async (t) => {
  const world = await fleetWorld(t, files);
  const { marks } = await runFleet(world, { kinds, files });
  const lost = marks.filter(({ kept }) => !kept).length;
  t.diagnostic(`${lost} of ${marks.length} edits were lost`);
  assert.equal(marks.length, 60);
  assert.ok(lost > 0, 'none was lost: the fleet does not meet');
});

test('fleet: six agents of three kinds lose none with Klock, and history has every one', OPTIONS, async (t) => {
  const world = await fleetWorld(t, files);
  [claude, codex, gemini].forEach((client) => installKlock(world, client));
  const { marks, refused } = await runFleet(world, { kinds, files, commit: true });
  const without = (what) => marks.filter((one) => !one[what]).map(({ mark }) => mark);
  t.diagnostic(`of ${marks.length} edits ${without('kept').length} were lost; an agent was refused, and tried again, ${refused} times`);
  assert.equal(marks.length, 60);
  assert.deepEqual(without('kept'), []);
  assert.deepEqual(without('committed'), []);
  assert.deepEqual(await leases(world), []);
});
