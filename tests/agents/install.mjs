// Clients come from npm, pinned, once: artifacts/agents/NAME, with npm's cache beside them. A client that cannot be had leaves
// its reason behind, with which its tests are skipped.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
export const installations = path.join(top, 'artifacts', 'agents');

export const folderOf = ({ name }) => path.join(installations, name);
const markOf = (part) => path.join(folderOf(part), 'installed.json');
const reasonOf = ({ name }) => path.join(installations, `${name}.missing`);
const partsOf = (client) => [client, ...(client.needs ?? [])];

/** Why the client cannot be started here, or undefined. */
export function missing(client) {
  if (process.platform !== 'linux') return 'what a client leaves running is found in /proc, which only Linux has';
  const part = partsOf(client).find((one) => !isInstalled(one));
  if (!part) return undefined;
  const why = fs.existsSync(reasonOf(part)) ? fs.readFileSync(reasonOf(part), 'utf8') : 'tests/agents/run.mjs installs it';
  return `${part.name} is not installed: ${why}`;
}

/** Installs the client unless its pinned version is there. It needs the network, so the namespace comes after it. */
export function install(client) {
  partsOf(client).filter((part) => !isInstalled(part)).forEach(installPart);
}

function installPart(part) {
  const folder = folderOf(part);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.rmSync(reasonOf(part), { force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: part.packages }));
  const done = npm(folder);
  if (done.status === 0 && fs.existsSync(part.program(folder))) {
    fs.writeFileSync(markOf(part), JSON.stringify(part.packages));
    return;
  }
  const said = (done.stderr || String(done.error ?? '')).split('\n').map((line) => line.replace(/^npm error /, '').trim());
  fs.writeFileSync(reasonOf(part), said.filter((line) => line !== '').slice(0, 2).join('; ') || 'its program is not in the package');
}

function isInstalled(part) {
  const mark = markOf(part);
  return fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === JSON.stringify(part.packages);
}

function npm(folder) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(KLOCK_|NODE_)/.test(name));
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', '--fetch-retries=1'];
  return spawnSync('npm', ['install', ...quiet, `--cache=${path.join(installations, 'npm-cache')}`], {
    cwd: folder, encoding: 'utf8', env: Object.fromEntries(kept), timeout: 180_000,
  });
}
