// A world for one test: a repository, homes, hooks that the test answers, clients at work. Nothing of it is left afterwards.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Agent } from './agent.mjs';
import { clients } from './clients/all.mjs';
import { put } from './clients/writing.mjs';
import { HookServer } from './hook_server.mjs';
import { killAll, MARK, processesOf } from './processes.mjs';

export class World {
  agents = [];

  #gates = new Map();
  #homes = 0;
  #closed;

  /** A repository with these files, committed. `t` is the test: the world ends with it. */
  static async of(t, files, options = {}) {
    const world = new World();
    t.after(() => world.close());
    world.folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'klock-world-')));
    world.repo = path.join(world.folder, 'repo');
    world.temporary = path.join(world.folder, 'tmp');
    world.path = [...(options.programs ?? []), path.dirname(process.execPath), '/usr/bin', '/bin'].join(':');
    put(world.repo, files);
    fs.mkdirSync(world.temporary);
    world.hooks = await new HookServer(world.folder).start();
    world.git('init', '-q', '-b', 'main');
    world.git('config', 'user.name', 'agent');
    world.git('config', 'user.email', 'agent@example.com');
    // The clients' settings are not the agents' work.
    const settings = clients.map(({ configuration }) => `/${configuration}/\n`).join('');
    fs.appendFileSync(path.join(world.repo, '.git', 'info', 'exclude'), settings);
    world.git('add', '.');
    world.git('commit', '-q', '-m', 'start');
    return world;
  }

  /** What every process here starts from: nothing of the tests' own environment, so no secret and no setting either. */
  get environment() {
    const { folder, temporary } = this;
    const plain = { TERM: 'dumb', LANG: 'C.UTF-8', DO_NOT_TRACK: '1' };
    return { ...plain, PATH: this.path, HOME: this.home('person'), TMPDIR: temporary, [MARK]: folder };
  }

  /** A home by its name, made when it is new. */
  home(name) {
    const home = path.join(this.folder, 'homes', name);
    fs.mkdirSync(home, { recursive: true });
    return home;
  }

  /** Starts a client. The script: { turns, subagents?, prompt?, arguments?, environment?, home?, directory? }. */
  async start(client, script) {
    const place = { repo: script.directory ?? this.repo, home: this.home(script.home ?? `agent-${this.#homes++}`) };
    const agent = await Agent.start(client, script, { ...place, temporary: this.temporary, environment: this.environment });
    this.agents.push(agent);
    return agent;
  }

  /** Starts a client and waits for its good end. */
  async run(client, script) {
    return (await this.start(client, script)).finished();
  }

  /** Tool calls of the client in this repository: edit, write, read, shell, delegate, finish. */
  tools(client) {
    return client.tools(this.repo);
  }

  read(file) {
    return fs.readFileSync(path.join(this.repo, file), 'utf8');
  }

  git(...command) {
    return execFileSync('git', command, { cwd: this.repo, env: this.environment, encoding: 'utf8' });
  }

  /** Lets those go on who await `signalled(name)`, now or later. */
  signal(name) {
    this.#gate(name).open();
  }

  /** Resolves once `signal(name)` was called. */
  signalled(name) {
    return this.#gate(name).opened;
  }

  #gate(name) {
    if (!this.#gates.has(name)) {
      const gate = {};
      gate.opened = new Promise((resolve) => (gate.open = resolve));
      this.#gates.set(name, gate);
    }
    return this.#gates.get(name);
  }

  /** The processes of this world that are alive. */
  get processes() {
    return processesOf(this.folder);
  }

  /** Ends all of it; a test may do so before its end, to see what is left. */
  close() {
    return (this.#closed ??= this.#clear());
  }

  async #clear() {
    if (!this.folder) return;
    await killAll(this.folder);
    await Promise.all(this.agents.map(({ model }) => model.stop()));
    await this.hooks?.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
