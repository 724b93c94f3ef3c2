#!/usr/bin/env node
// The one entry to the tests of the documentation site: makes the site as `./build.sh site` does, and runs every *.mjs that is a test by
// its name.
//
// Usage: tests/site/run.mjs [--junit FILE] [part of a test file's name]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { buildProgram, tests, top } from './place.mjs';

function main(options) {
  const junit = options[0] === '--junit' ? path.resolve(options.splice(0, 2)[1]) : undefined;
  if (!fs.existsSync(buildProgram)) throw new Error('the build program is not built: run ./build.sh first');
  const made = spawnSync(buildProgram, ['site'], { cwd: top, stdio: 'inherit' });
  const chosen = fs.readdirSync(tests).filter((name) => name.endsWith('.test.mjs') && name.includes(options[0] ?? ''));
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  if (junit) reporters.push('--test-reporter=junit', `--test-reporter-destination=${junit}`);
  return spawnSync(process.execPath, ['--test', ...reporters, ...chosen.map((name) => path.join(tests, name))], {
    cwd: top,
    stdio: 'inherit',
    env: { ...process.env, KLOCK_SITE_MADE: String(made.status) },
  }).status;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(`tests/site/run.mjs: ${error.message}`);
  process.exitCode = 1;
}
