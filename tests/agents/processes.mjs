// Which processes belong to a world: those with its mark in their environment, and those that work in its folder (Codex empties the
// environment of what it starts). A daemon that a client left behind is found too, whoever its parent is.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const MARK = 'KLOCK_TEST_WORLD';

/** The live processes of the world with this folder: [{ pid, parent, command }]. A zombie has ended and does not count. */
export function processesOf(folder) {
  return everyPid().map(describe).filter((process) => process && belongs(process.pid, folder));
}

/** The process and all below it. */
export function treeOf(pid) {
  const all = everyPid().map(describe).filter((process) => process);
  const tree = all.filter((process) => process.pid === pid);
  for (const found of tree) tree.push(...all.filter(({ parent }) => parent === found.pid));
  return tree;
}

/** Kills until none is left, for what is killed may just be starting another. */
export async function killAll(folder) {
  for (;;) {
    const left = processesOf(folder);
    if (left.length === 0) return;
    left.forEach(({ pid }) => kill(pid));
    await sleep(10);
  }
}

export function kill(pid, signal = 'SIGKILL') {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function everyPid() {
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => pid !== process.pid);
}

function describe(pid) {
  const [state, parent] = (read(pid, 'stat') ?? '').split(') ').at(-1).split(' ');
  if (parent === undefined || state === 'Z') return undefined;
  return { pid, parent: Number(parent), command: (read(pid, 'cmdline') ?? '').split('\0').join(' ').trim() };
}

function belongs(pid, folder) {
  if ((read(pid, 'environ') ?? '').split('\0').includes(`${MARK}=${folder}`)) return true;
  try {
    const at = fs.readlinkSync(path.join('/proc', String(pid), 'cwd'));
    return at === folder || at.startsWith(folder + path.sep);
  } catch {
    return false;
  }
}

// A process that ended meanwhile, or another user's, has nothing to read.
function read(pid, what) {
  try {
    return fs.readFileSync(path.join('/proc', String(pid), what), 'utf8');
  } catch {
    return undefined;
  }
}
