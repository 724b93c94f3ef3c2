#!/usr/bin/env node
// The one entry to the Node tests: installs the built packages into an empty project, and runs the tests there.
//
// Usage: tests/node/run.mjs [--junit FILE] [part of a test file's name]
//        tests/node/run.mjs --bench     measures instead
//        tests/node/run.mjs --install FOLDER   only installs the packages, into a new project there
//
// koffi comes from npm's cache or the registry. The tools of a few tests (TypeScript, ...) come from there too; where they cannot
// be had, the tests that need them are skipped, and say so.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const tests = path.dirname(fileURLToPath(import.meta.url));
const top = path.dirname(path.dirname(tests));
const work = path.join(top, 'artifacts', 'node-tests');
const project = path.join(work, 'project');
const tools = path.join(work, 'tools');
const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

function npm(folder, ...command) {
  const done = spawnSync('npm', [...command, ...quiet], { cwd: folder, encoding: 'utf8', env: environment() });
  return done.status === 0 ? undefined : `npm ${command[0]} ended with ${done.status}: ${done.stderr || done.stdout || done.error}`;
}

function environment(more) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(KLOCK_|NODE_)/.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

function packages() {
  const folder = path.join(top, 'dist', 'npm');
  const found = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.tgz')) : [];
  if (found.length !== 2) throw new Error(`dist/npm must hold two packages, it holds ${found.length}: run ./build.sh first`);
  return found.map((name) => path.join(folder, name));
}

function installPackages(folder = project) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  const failure = npm(folder, 'install', ...packages());
  if (failure !== undefined) throw new Error(failure);
}

function installTools() {
  fs.rmSync(tools, { recursive: true, force: true });
  fs.mkdirSync(tools);
  for (const name of ['package.json', 'package-lock.json']) fs.copyFileSync(path.join(tests, name), path.join(tools, name));
  const failure = npm(tools, 'ci');
  if (failure !== undefined) console.error(`Tests that need tools are skipped: ${failure}`);
  return failure === undefined ? tools : '';
}

function bench() {
  installPackages();
  fs.copyFileSync(path.join(tests, 'bench.mjs'), path.join(project, 'bench.mjs'));
  return spawnSync(process.execPath, ['bench.mjs'], { cwd: project, stdio: 'inherit', env: environment() }).status;
}

function main(options) {
  if (options[0] === '--bench') return bench();
  if (options[0] === '--install') return installPackages(path.resolve(options[1]));
  const junit = options[0] === '--junit' ? path.resolve(options.splice(0, 2)[1]) : undefined;
  installPackages();
  const found = installTools();
  fs.cpSync(tests, path.join(project, 'tests'), { recursive: true, filter: (name) => !name.includes('node_modules') });
  // Every file named *.mjs that is a test, as its name says.
  const chosen = fs.readdirSync(tests).filter((name) => name.endsWith('.test.mjs') && name.includes(options[0] ?? ''));
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  if (junit) reporters.push('--test-reporter=junit', `--test-reporter-destination=${junit}`);
  return spawnSync(process.execPath, ['--test', ...reporters, ...chosen.map((name) => path.join('tests', name))], {
    cwd: project,
    stdio: 'inherit',
    env: environment({ KLOCK_TEST_TOP: top, KLOCK_TEST_TOOLS: found }),
  }).status;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(`tests/node/run.mjs: ${error.message}`);
  process.exitCode = 1;
}
