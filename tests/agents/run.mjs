#!/usr/bin/env node
// The one entry to the tests with real coding agents: installs the clients, and runs, offline, every *.mjs that is a test by its name.
//
// Usage: tests/agents/run.mjs [--junit FILE] [--long] [part of a test file's name] [-- part of a test's name]
//        --long runs *.long.mjs as well: what Klock relies on in each client, which changes with the client and not with Klock
//        tests/agents/run.mjs --record [CLIENT]     makes samples/ anew: what each client's hooks are told
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { clients } from './clients/all.mjs';
import { install, missing, top } from './install.mjs';
import { parts } from './mcp_parts.mjs';
import { isolated } from './namespace.mjs';

const tests = path.join(top, 'tests', 'agents');

function commandFor(options) {
  if (options[0] === '--record') return [path.join(tests, 'record.mjs'), ...options.slice(1)];
  const junit = options[0] === '--junit' ? path.resolve(options.splice(0, 2)[1]) : undefined;
  const isTest = options.includes('--long') ? /\.(test|long)\.mjs$/ : /\.test\.mjs$/;
  options = options.filter((option) => option !== '--long');
  const pattern = options.includes('--') ? options.splice(options.indexOf('--'))[1] : undefined;
  const chosen = fs.readdirSync(tests).filter((name) => isTest.test(name) && name.includes(options[0] ?? ''));
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  if (junit) reporters.push('--test-reporter=junit', `--test-reporter-destination=${junit}`);
  // Two files at a time: a client sleeps as much as it works.
  const flags = ['--test', '--test-concurrency=2', ...(pattern ? [`--test-name-pattern=${pattern}`] : []), ...reporters];
  return [...flags, ...chosen.map((name) => path.join(tests, name))];
}

for (const client of [...clients, ...parts]) {
  if (process.platform === 'linux') install(client);
  if (missing(client)) console.log(`${client.name} is left out: ${missing(client)}`);
}
const [program, ...rest] = isolated([process.execPath, ...commandFor(process.argv.slice(2))]);
if (program === process.execPath) console.log('Without a network namespace: the clients could reach the network.');
process.exitCode = spawnSync(program, rest, { cwd: top, stdio: 'inherit' }).status ?? 1;
