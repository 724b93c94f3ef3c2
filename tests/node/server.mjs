// A real klock-server for a test, and servers that are none.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after } from 'node:test';
import { temporaryFolder, top } from './support.mjs';

export const program = path.join(top, 'dist', 'bin', 'klock-server');

const ends = [];
after(() => Promise.all(ends.map((end) => end())));

/** A server, with a store of its own on a free port by default: its address, its process, and how to end it. */
export async function startServer(environment = {}, parameters = ['--port', '0']) {
  const child = spawn(program, parameters, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'ignore'] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const end = (signal = 'SIGKILL') => {
    child.kill(signal);
    return gone;
  };
  ends.push(() => end());
  let said = '';
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`klock-server ended with ${code} and said: ${said}`)));
    child.stdout.on('data', (data) => {
      said += data;
      const found = /^klock listening on (\S+)$/m.exec(said);
      if (found) resolve({ baseUrl: found[1], child, end });
    });
  });
}

/** The address of a server that answers as `answer` does. */
export async function otherServer(answer) {
  const server = http.createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/**
 * The address of a go-between to a real server. What it has read of an answer it hands to `onAnswer(request, send, response)`, which calls
 * `send` when it is to go out, or never, or answers something else.
 */
export function goBetween(baseUrl, onAnswer) {
  return otherServer((request, response) => {
    const { method, headers, url } = request;
    const asked = http.request(baseUrl + url, { method, headers }, async (answer) => {
      const body = Buffer.concat(await answer.toArray());
      onAnswer(request, () => response.writeHead(answer.statusCode, answer.headers).end(body), response);
    });
    asked.on('error', () => response.destroy());
    request.on('close', () => response.destroyed && asked.destroy());
    request.pipe(asked);
  });
}

/** An address where nothing listens. */
export async function freeAddress() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** A folder with a `klock` that serves as the program of that name does: `klock serve` hands over to klock-server. */
export function folderWithKlock() {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'klock'), `#!/bin/sh\nshift\nexec "${program}" "$@"\n`, { mode: 0o755 });
  return folder;
}
