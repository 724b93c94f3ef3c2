// Where the site is, whether it could be made, and a server for it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const tests = path.dirname(fileURLToPath(import.meta.url));
export const top = path.dirname(path.dirname(tests));
export const site = path.join(top, 'dist', 'site');
export const packages = path.join(top, 'artifacts', 'site', 'node_modules');
export const buildProgram = path.join(top, 'artifacts', 'bin', 'Klock.Build', 'release', 'Klock.Build');

/** Why the site's tests cannot run, or false. That it cannot be built from its pages is a failure, and no reason. */
export function cannotRun() {
  return process.env.KLOCK_SITE_MADE === '2' ? 'npm could not bring what builds the site' : false;
}

/** The site as a stranger may serve it: by a plain static server, beneath some other path than its root. */
export async function serve() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'klock-site-'));
  fs.mkdirSync(path.join(folder, 'some/deep'), { recursive: true });
  fs.symlinkSync(site, path.join(folder, 'some/deep/path'));
  const server = spawn('python3', ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1', '--directory', folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const port = await new Promise((resolve, reject) => {
    server.once('exit', () => reject(new Error('python3 -m http.server ended')));
    server.stdout.once('data', (text) => resolve(/port (\d+)/.exec(text)[1]));
  });
  return {
    url: `http://127.0.0.1:${port}/some/deep/path/`,
    stop() {
      server.kill();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The names of files beneath a folder that end in this. */
export function filesIn(folder, ending) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)));
}
