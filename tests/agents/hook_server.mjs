// Hooks that a test answers itself: hook.mjs, which the client starts, brings each call here and prints what `decide` returns.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('hook.mjs', import.meta.url));

export class HookServer {
  /** What the hooks were told, in order: { client, event, input, environment, pid, parent, directory }. */
  calls = [];

  /** Given a call, what its hook does: { stdout?, stderr?, code? }, or nothing to say, which allows. May be async: the hook waits. */
  decide = () => undefined;

  #server = net.createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
  #waiting = new Set();

  constructor(folder) {
    this.socket = path.join(folder, 'hooks.sock');
  }

  async start() {
    await new Promise((resolve) => this.#server.listen(this.socket, resolve));
    return this;
  }

  async stop() {
    this.#waiting.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.#server.close(resolve));
    fs.rmSync(this.socket, { force: true });
  }

  /** The command line for a client's settings; the event's name follows it. */
  command(client) {
    return `${process.execPath} ${program} ${this.socket} ${client.name}`;
  }

  #accept(socket) {
    const chunks = [];
    this.#waiting.add(socket);
    socket.on('close', () => this.#waiting.delete(socket));
    socket.on('error', () => {}); // a hook that was killed is no error
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => this.#answer(socket, JSON.parse(Buffer.concat(chunks).toString('utf8'))));
  }

  async #answer(socket, call) {
    this.calls.push(call);
    socket.end(JSON.stringify((await this.decide(call)) ?? {}));
  }
}
