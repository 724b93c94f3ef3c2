'use strict';
// Starting `klock serve` where none listens.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { invalid } = require('./codec.js');
const { KlockConnectionError } = require('./errors.js');
const { platformFile } = require('./library.js');

const LOOK_EVERY_MS = 25;
const DEFAULT_PORT = '3100';
const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a server that is started here could be reached at this address: on this machine, without TLS. */
function isLocal({ url, socketPath }) {
  return socketPath === undefined && url.protocol === 'http:' && LOCAL.has(url.hostname);
}

function onPath(program) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, program)).find(isProgram);
}

function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

// Words as a shell would split them: quotes keep spaces in, in the middle of a word too.
function words(text) {
  const unquoted = (word) => word.replace(/"([^"]*)"|'([^']*)'|\\(.)/gs, (_, double, single, escaped) => double ?? single ?? escaped);
  return [...text.matchAll(/(?:"[^"]*"|'[^']*'|\\.|\S)+/gs)].map(([word]) => unquoted(word));
}

// The forms that System.CommandLine accepts: --port 1, --port=1, --port:1, and the same with -p, which may also be -p1.
function saysPort(word) {
  return /^(?:--port(?:=.*)?|-p(?:=?\d.*)?)$/s.test(word);
}

// Without a port a server uses the default one.
function withPort(command, port) {
  return port === DEFAULT_PORT || command.some(saysPort) ? command : [...command, '--port', port];
}

/**
 * What to run: the option, KLOCK_SERVER_COMMAND, `klock` on PATH, or the one in the platform's package. The latter two listen on
 * this machine alone: with a key a server would listen on the whole network, which nobody asked for.
 */
function commandFor(serverCommand, port) {
  if (serverCommand !== undefined) {
    const isCommand = Array.isArray(serverCommand) && serverCommand.length > 0 && serverCommand.every((word) => typeof word === 'string');
    if (!isCommand) throw invalid('serverCommand is no command: it must be an array of strings, the program and its arguments.');
    return withPort(serverCommand, port);
  }
  const named = words(process.env.KLOCK_SERVER_COMMAND ?? '');
  if (named.length > 0) return withPort(named, port);
  const klock = onPath('klock') ?? platformFile('bin/klock');
  if (klock !== undefined) return [klock, 'serve', '--host', '127.0.0.1', '--port', port];
  throw new KlockConnectionError(
    'No server listens, and there is none to start: put klock on PATH, set KLOCK_SERVER_COMMAND, or pass serverCommand.',
  );
}

// A file without a name, which is gone with its last descriptor.
function openUnnamed() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'klock-serve-'));
  try {
    return fs.openSync(path.join(folder, 'log'), 'a+', 0o600);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

// This process as the server needs to know it, so that a later one with its number is not taken for it. The name in parentheses may
// contain anything: proc_pid_stat(5).
function thisProcess() {
  try {
    const stat = fs.readFileSync('/proc/self/stat', 'latin1');
    const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${process.pid} ${startedAt} ${fs.readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

const children = new Set();

// A klock serve notices by itself that this process is gone; another command may not.
function endWithThisProcess(child) {
  if (children.size === 0) process.on('exit', endAll);
  children.add(child);
  child.once('exit', () => {
    children.delete(child);
    if (children.size === 0) process.off('exit', endAll);
  });
}

function endAll() {
  for (const child of children) child.kill();
}

function start(command, apiKey) {
  const { spawn } = require('node:child_process'); // here: it is slow to load, and most programs start nothing
  // Not a pipe: what the server says when this process is gone must not end it before it has finished.
  const output = openUnnamed();
  // Not arguments, which every user can see; undefined removes a variable. Without a store of its own the server has that of the place,
  // which all who work here share: what it grants outlives it. The variables for clients would make it a client of another one.
  const env = {
    ...process.env, KLOCK_API_KEY: apiKey, KLOCK_ENDS_WITH: thisProcess(), KLOCK_STORAGE: process.env.KLOCK_STORAGE || 'auto',
    KLOCK_SERVER: undefined, KLOCK_SOCKET: undefined,
  };
  const child = spawn(command[0], command.slice(1), { detached: true, stdio: ['ignore', output, output], env });
  child.unref();
  endWithThisProcess(child);
  const server = { child, output, failure: undefined };
  child.once('error', (problem) => (server.failure = problem.message));
  child.once('exit', (code, signal) => (server.failure ??= `it ended with ${code ?? signal}`));
  return server;
}

/** The output of the server so far. */
function said(server) {
  const text = Buffer.alloc(fs.fstatSync(server.output).size);
  return text.toString('utf8', 0, fs.readSync(server.output, text, 0, text.length, 0)).trim();
}

function isOurs(server) {
  return /^klock listening on /m.test(said(server));
}

/**
 * Starts a server and resolves to its process once `isReady` does. When another server was quicker on the same port it resolves
 * to undefined: then that one serves. Rejects with KlockConnectionError when none is ready in time.
 */
async function startServer(command, apiKey, isReady, timeoutMs) {
  const server = start(command, apiKey);
  try {
    return await untilReady(server, command, isReady, timeoutMs);
  } finally {
    fs.closeSync(server.output);
  }
}

async function untilReady(server, command, isReady, timeoutMs) {
  for (const end = performance.now() + timeoutMs; performance.now() < end; await sleep(LOOK_EVERY_MS)) {
    // Another server may answer at the port already: which one it is shows when ours prints that it listens, or has ended.
    const isGone = server.failure !== undefined;
    const isUp = (isGone || isOurs(server)) && (await isReady());
    if (isUp) return isGone ? undefined : server.child;
    if (isGone) break;
  }
  if (server.failure === undefined) {
    if (await isReady()) return server.child; // a server whose output does not reach us
    server.child.kill();
  }
  const what = server.failure ?? `it was not ready within ${timeoutMs} ms`;
  const last = said(server).split('\n').slice(-3).join(' ');
  throw new KlockConnectionError(`No server listens, and ${command.join(' ')} could not be started: ${what}. ${last}`.trim());
}

/** Whether a server that was started is gone. */
function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Ends a server that was started, and resolves once it is gone. */
async function stopServer(child) {
  if (hasEnded(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.ref();
  child.kill();
  await gone;
}

module.exports = { commandFor, hasEnded, isLocal, startServer, stopServer };
