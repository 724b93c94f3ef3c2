// One real client at work in a world, with a model of its own that says what the test scripted.
import { spawn } from 'node:child_process';
import { folderOf } from './install.mjs';
import { Model } from './model.mjs';
import { kill, treeOf } from './processes.mjs';

export class Agent {
  stdout = '';
  stderr = '';

  #folder;

  /** @param place { repo, home, temporary, environment }: where it works, and the whole environment that it starts from. */
  static async start(client, script, place) {
    const agent = new Agent();
    agent.client = client;
    agent.home = place.home;
    agent.#folder = folderOf(client);
    agent.model = await new Model(script).start();
    const context = { ...place, url: agent.model.url, prompt: script.prompt ?? 'Do the work.' };
    client.prepare(context);
    const how = client.start(context);
    // A group of its own: an interrupt of the tests is not the client's.
    agent.process = spawn(client.program(agent.#folder), [...how.arguments, ...(script.arguments ?? [])], {
      cwd: place.repo, detached: true, stdio: [client.hasScreen ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      env: { ...place.environment, HOME: place.home, ...how.environment, ...script.environment },
    });
    agent.process.stdout.on('data', (data) => (agent.stdout += data));
    agent.process.stderr.on('data', (data) => (agent.stderr += data));
    agent.ended = new Promise((resolve, reject) => {
      agent.process.on('error', reject).on('exit', (code, signal) => resolve({ code, signal }));
    });
    agent.ended.catch(() => {}); // who awaits it is told
    return agent;
  }

  /** Types on its screen. */
  type(keys) {
    this.process.stdin.write(keys);
  }

  /** Waits for its end, and fails unless it ended well: with code 0, and no request that the scripted model did not know. */
  async finished() {
    const { code, signal } = await this.ended;
    if (code !== 0 || this.model.unknown.length > 0) {
      const unknown = this.model.unknown.map((request) => `\nnot known to the model: ${request}`).join('');
      const said = `${this.stdout.slice(-2000)}\n${this.stderr.slice(-4000)}`;
      throw new Error(`${this.client.name} ended with ${code ?? signal}${unknown}\n${said}`);
    }
    return this;
  }

  /** The client's own processes: its launcher, and the program that this starts; not its hooks and commands. */
  get processes() {
    const isOwn = (command) => command.includes(this.#folder) || command === this.client.processTitle;
    return treeOf(this.process.pid).filter(({ command }) => isOwn(command));
  }

  /** As a crash or the kernel's out-of-memory killer would: the client's processes at once, nothing that they started. */
  kill(signal = 'SIGKILL') {
    this.processes.forEach(({ pid }) => kill(pid, signal));
  }
}
