// What a fleet comes to when nobody sees to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codex } from './clients/all.mjs';
import { fleetWorld, meeting, runFleet } from './fleet.mjs';
import { missing } from './install.mjs';

const OPTIONS = { timeout: 300_000, skip: missing(codex) ?? false };
const files = ['a.txt', 'b.txt'];

test('fleet: one agent alone keeps and commits all its edits', OPTIONS, async (t) => {
  const world = await fleetWorld(t, files);
  const { marks, refused } = await runFleet(world, { kinds: [codex], files, rounds: 2, commit: true });
  assert.equal(marks.length, 4);
  assert.ok(marks.every(({ kept, committed }) => kept && committed), JSON.stringify(marks));
  assert.equal(refused, 0);
});

test('fleet: of two that read a file before either writes, one loses its edit', OPTIONS, async (t) => {
  const world = await fleetWorld(t, files);
  const { marks } = await runFleet(world, { kinds: [codex, codex], files, beforeWrite: meeting(2) });
  assert.equal(marks.length, 4);
  for (const file of files) assert.equal(marks.filter((one) => one.file === file && one.kept).length, 1, file);
});
