'use strict';
// Decides when a server is started, and remembers the one that was.

const { setTimeout: sleep } = require('node:timers/promises');
const { commandFor, hasEnded, isLocal, startServer, stopServer } = require('./server_process.js');

// How long another program's server may take to restart before one is started in its place.
const RESTART_MS = 3000;
const LOOK_EVERY_MS = 100;
const OFF = new Set(['1', 'true', 'yes', 'on']);

class Starter {
  #address;
  #apiKey;
  #serverCommand;
  #timeoutMs;
  #isReady;
  #starting;
  #server;
  #hasOwner = false; // whether somebody else runs the server that answered last

  constructor({ address, isWanted = true, apiKey, serverCommand, timeoutMs, isReady }) {
    this.#address = address;
    this.#apiKey = apiKey;
    this.#serverCommand = serverCommand;
    this.#timeoutMs = timeoutMs;
    this.#isReady = isReady;
    this.isDisabledByEnv = OFF.has((process.env.KLOCK_DISABLE_AUTOSTART ?? '').trim().toLowerCase());
    this.isWanted = Boolean(isWanted) && !this.isDisabledByEnv && isLocal(address);
    this.wasAttempted = false;
    /** How many starts have ended: a request that was refused before the last of them need not start another server. */
    this.starts = 0;
  }

  /** The process id of the server that was started here; null without one, or when it is gone. */
  get pid() {
    const server = this.#server;
    return server === undefined || hasEnded(server) ? null : server.pid;
  }

  /** A server answered. */
  answered() {
    this.#hasOwner = this.#server === undefined;
  }

  /** Starts a server where none listens, unless one was started since the count of starts was this. */
  async ensure(starts) {
    if (starts !== this.starts) return;
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
      this.starts++;
    });
    await this.#starting;
  }

  /** Ends the server that was started here, and resolves once it is gone; without one it does nothing. */
  async stop() {
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await stopServer(server);
  }

  async #start() {
    if (this.#hasOwner && (await this.#isBackSoon())) return;
    this.wasAttempted = true;
    const command = commandFor(this.#serverCommand, this.#address.url.port || '80');
    this.#server = await startServer(command, this.#apiKey, this.#isReady, this.#timeoutMs);
    if (this.#server !== undefined) process.stderr.write(`klock: started a server at ${this.#address.base} (PID ${this.pid})\n`);
  }

  async #isBackSoon() {
    for (const end = performance.now() + RESTART_MS; performance.now() < end; await sleep(LOOK_EVERY_MS)) {
      if (await this.#isReady()) return true;
    }
    return false;
  }
}

module.exports = { Starter };
