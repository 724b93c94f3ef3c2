'use strict';
// The name of a repository without an origin.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');

const PATIENCE_MS = 10_000;
const run = promisify(execFile);
const known = new Map(); // by root: a repository's first commit never changes, and finding it takes a walk through its history

/**
 * The first commit that the repository's HEAD descends from, as for the command line; of several the lowest as text. undefined when there
 * is none or git does not know: a shallow clone has only a later one, which others do not share.
 */
async function firstCommit(root) {
  const found = known.get(root) ?? (await ask(root));
  if (found !== undefined) known.set(root, found);
  return found;
}

async function ask(root) {
  const [common] = await git(root, ['rev-parse', '--git-common-dir']);
  if (!common) return undefined;
  const folder = path.resolve(root, common); // the one that all work trees share, so that they agree
  if (fs.existsSync(path.join(folder, 'shallow'))) return undefined;
  const lines = await git(root, [`--git-dir=${folder}`, 'rev-list', '--max-parents=0', 'HEAD']);
  return lines.filter((line) => /^[0-9a-f]{40,}$/.test(line)).sort()[0];
}

async function git(root, parameters) {
  // The variables that hooks and some shells set would name another repository.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  try {
    return (await run('git', parameters, { cwd: root, env, timeout: PATIENCE_MS })).stdout.split('\n');
  } catch {
    return [];
  }
}

module.exports = { firstCommit };
