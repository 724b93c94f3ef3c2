// Where the page and its packages are, servers to test it on, and a browser.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const tests = path.dirname(fileURLToPath(import.meta.url));
export const top = path.dirname(path.dirname(tests));
export const page = path.join(top, 'artifacts', 'dashboard');
export const work = path.join(top, 'artifacts', 'dashboard-work');
export const store = path.join(top, 'artifacts', 'dashboard-store', 'index.js');
export const load = createRequire(path.join(work, 'x.js'));
const program = process.env.KLOCK_SERVER_PROGRAM ?? path.join(top, 'dist', 'bin', 'klock-server');

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
  process.env.PATH.split(path.delimiter).map((folder) => path.join(folder, name))).find((file) => fs.existsSync(file));

/** What each test in a browser runs with: why it cannot, and an end to one that hangs. */
export const inBrowser = { skip: chromium ? false : 'chromium is missing', timeout: 180_000 };

// What runs beside the tests. A test that fails leaves its own behind, and a process with a child never ends.
const running = new Set();

function track(stop) {
  const once = async () => {
    if (running.delete(once)) await stop();
  };
  running.add(once);
  return once;
}

/** Stops every browser, server and proxy that still runs. Each file of tests calls it at its end. */
export async function stopAll() {
  await Promise.all([...running].map((stop) => stop()));
}

export async function browser() {
  const { chromium: driver } = load('playwright-core');
  const started = await driver.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  track(() => started.close());
  return started;
}

export function folder() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'klock-dashboard-'));
}

/** A running `klock serve`. */
export async function serve({ port = 0, storage = 'memory', keys, args = [] } = {}) {
  const given = [...args, '--port', String(port), '--storage', storage, '--log-level', 'error'];
  if (keys) given.push('--api-key-file', keys, '--host', '127.0.0.1');
  const { KLOCK_API_KEY: _, ...env } = process.env;
  const child = spawn(program, given, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('close', () => process.off('exit', kill));
  const url = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`klock-server ended with ${code}`)));
    let text = '';
    child.stdout.on('data', (more) => {
      text += more;
      const found = /listening on (http:\S+)/.exec(text);
      if (found) resolve(`${found[1]}/`);
    });
  });
  child.removeAllListeners('exit');
  return {
    url,
    port: Number(new URL(url).port),
    pause: () => child.kill('SIGSTOP'),
    goOn: () => child.kill('SIGCONT'),
    stop: track(() => new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', resolve);
      child.kill('SIGCONT');
      child.kill('SIGTERM');
    })),
  };
}

/** A reverse proxy in front of a server, under a path. It can be cut off, and say things on event streams that the server does not. */
export async function proxy(target, prefix = '/') {
  const streams = new Set();
  let isCut = false;
  const server = http.createServer((request, answer) => {
    if (isCut) return answer.destroy();
    if (!request.url.startsWith(prefix)) return answer.writeHead(404).end();
    const forward = http.request(new URL(request.url.slice(prefix.length), target), {
      method: request.method, headers: request.headers,
    }, (got) => {
      if (got.headers['content-type'] === 'text/event-stream') streams.add(answer);
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    forward.on('error', () => answer.destroy());
    answer.on('close', () => {
      streams.delete(answer);
      forward.destroy();
    });
    return request.pipe(forward);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${server.address().port}${prefix}`,
    /** Waits for a stream to say it on: a page reads the state before it opens one. */
    async say(event) {
      while (streams.size === 0) await new Promise((resolve) => { setTimeout(resolve, 20); });
      streams.forEach((stream) => stream.write(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`));
    },
    cut() {
      isCut = true;
      server.closeAllConnections();
    },
    mend() { isCut = false; },
    stop: track(() => {
      server.closeAllConnections();
      server.close();
    }),
  };
}
