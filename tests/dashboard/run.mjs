#!/usr/bin/env node
// The one entry to the tests of the dashboard: makes its store a module that runs without a browser, and runs every *.mjs
// that is a test by its name.
//
// Usage: tests/dashboard/run.mjs [--junit FILE] [part of a test file's name]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { store, tests, top, work } from './place.mjs';

function main(options) {
  const junit = options[0] === '--junit' ? path.resolve(options.splice(0, 2)[1]) : undefined;
  const vite = path.join(work, 'node_modules', 'vite', 'bin', 'vite.js');
  if (!fs.existsSync(vite)) throw new Error('the dashboard is not built: run ./build.sh first');
  const build = [vite, 'build', '--ssr', 'src/store/index.ts', '--outDir', path.dirname(store), '--emptyOutDir'];
  const made = spawnSync(process.execPath, build, { cwd: work, stdio: 'inherit' });
  if (made.status !== 0) throw new Error('the store does not build');
  const chosen = fs.readdirSync(tests).filter((name) => name.endsWith('.test.mjs') && name.includes(options[0] ?? ''));
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  if (junit) reporters.push('--test-reporter=junit', `--test-reporter-destination=${junit}`);
  const files = chosen.map((name) => path.join(tests, name));
  return spawnSync(process.execPath, ['--test', '--test-concurrency=2', ...reporters, ...files], { cwd: top, stdio: 'inherit' }).status;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(`tests/dashboard/run.mjs: ${error.message}`);
  process.exitCode = 1;
}
