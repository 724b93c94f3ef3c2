// The examples run, as they are, against the installed package.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runText, top } from './support.mjs';

test('lost_update.mjs: edits vanish without Klock, and none with it', async () => {
  const { code, output } = await runText(fs.readFileSync(path.join(top, 'examples', 'node', 'lost_update.mjs'), 'utf8'));
  assert.equal(code, 0, output);
  const [without, withKlock] = [...output.matchAll(/: +(\d+) of 80 edits are there/g)].map(([, kept]) => Number(kept));
  assert.ok(without < 80, output);
  assert.equal(withKlock, 80, output);
});
