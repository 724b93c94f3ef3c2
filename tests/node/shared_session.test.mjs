// Two live processes that hold the same thing in one session: the second is warned, once.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { Klock } from '@klock-protocol/core';
import { temporaryFolder } from './support.mjs';

const HOLDER = `
const { Klock } = require('@klock-protocol/core');
const klock = Klock.embedded({ storage: process.argv[1], agentId: 'a', sessionId: 's' });
klock.withFile(process.argv[2], async () => {
  console.log('held');
  for await (const _ of process.stdin);
});
`;

test('the second process that uses a session is warned once', async () => {
  const folder = temporaryFolder();
  const storage = `sqlite:${path.join(folder, 'klock.db')}`;
  const file = path.join(folder, 'held.js');
  const holder = spawn(process.execPath, ['-e', HOLDER, storage, file], { stdio: ['pipe', 'pipe', 'inherit'], cwd: import.meta.dirname });
  await once(holder.stdout, 'data');
  const told = [];
  const note = (warning) => told.push(warning);
  process.on('warning', note);
  const klock = Klock.embedded({ storage, agentId: 'a', sessionId: 's' });
  for (let i = 0; i < 30; i++) await klock.withFile(file, () => {});
  await new Promise(setImmediate);
  process.off('warning', note);
  assert.deepEqual(told.map(({ name }) => name), ['KlockWarning']);
  assert.match(told[0].message, /^FILE:.*held\.js is held by another live process too, in the same session, s of agent a: /);
  assert.equal(klock.client.events({ limit: 1000 }).filter(({ kind }) => kind === 'SESSION_SHARED').length, 1);
  holder.stdin.end(); // first, since to close a Klock ends its session, which is that one's too
  await once(holder, 'exit');
  klock.close();
});
