#!/usr/bin/env node
// The one entry to the fleet benchmark and its tests: every *.mjs that is a test by its name.
//
// Usage: tests/fleet/run.mjs [--junit FILE] [part of a test's name]
//        tests/fleet/run.mjs --bench [--short] [--agents 3,6] [--overlaps 0,50] [--seeds 20] [--policies lock,klock] [--tasks 3]
//                            [--jobs 2] [--first-seed 1] [--replay FILE] [--out FOLDER]
//        tests/fleet/run.mjs --bench --real [--agents 6] [--overlaps 50] [--seeds 3] [--policies lock,klock] [--tasks 3] [--scale 5]
//                            [--first-seed 1] [--out FOLDER]     with real clients, which it brings from npm when they are not there
//        tests/fleet/run.mjs --report FILE     makes the table and the plots of raw results anew
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from '../agents/install.mjs';
import { isolated } from '../agents/namespace.mjs';
import { bench } from './bench.mjs';
import { mix } from './real/fleet.mjs';
import { makeReport } from './results.mjs';

const tests = path.dirname(fileURLToPath(import.meta.url));
const top = path.dirname(path.dirname(tests));
const klock = path.join(top, 'dist', 'bin', 'klock');

async function main(options) {
  if (options[0] === '--report') return console.log(makeReport(path.resolve(options[1])));
  if (!fs.existsSync(klock)) throw new Error(`${klock} is not built: run ./build.sh first`);
  if (options.includes('--real')) return benchReal(options.filter((option) => !['--bench', '--real'].includes(option)));
  if (options[0] === '--bench') return bench(options.slice(1), top, klock);
  const junit = options[0] === '--junit' ? path.resolve(options.splice(0, 2)[1]) : undefined;
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  if (junit) reporters.push('--test-reporter=junit', `--test-reporter-destination=${junit}`);
  const pattern = options[0] ? [`--test-name-pattern=${options[0]}`] : [];
  const files = fs.readdirSync(tests).filter((name) => name.endsWith('.test.mjs')).map((name) => path.join(tests, name));
  const { status } = spawnSync(process.execPath, ['--test', ...pattern, ...reporters, ...files], { cwd: top, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

// The clients come from the network, and are then cut off from it.
function benchReal(options) {
  if (process.platform === 'linux') mix.forEach(install); // elsewhere the benchmark says why not
  const [program, ...rest] = isolated([process.execPath, path.join(tests, 'real', 'bench.mjs'), ...options]);
  process.exitCode = spawnSync(program, rest, { cwd: top, stdio: 'inherit' }).status ?? 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`tests/fleet/run.mjs: ${error.message}`);
  process.exitCode = 1;
}
