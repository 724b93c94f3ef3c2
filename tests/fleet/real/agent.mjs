// An agent of the benchmark whose hands are a real client: what it decides is as in virtual time, and each read, edit and command is a
// tool call of the client, with the client's hooks around it.
import { Agent } from '../agent.mjs';
import { IN_USE, STALE } from '../refusals.mjs';
import { pathOf } from '../repository.mjs';
import { Conversation } from './conversation.mjs';

const TRIES = 30; // of one edit or command that fails for another reason than a refusal; a git command may meet another's lock
const AGAIN_MS = 3_000; // a thought about such a command

export class ClientAgent extends Agent {
  /** The edit that its client has been told to make. */
  editing;
  /** Edits and commands that were tried: { work, files, from, to }. */
  tries = [];

  #conversation = new Conversation();

  constructor(fleet, number, tasks, client) {
    super(fleet, number, tasks);
    this.client = client;
  }

  async live() {
    const { fleet, client, folder } = this;
    const script = { turns: this.#conversation.turns, directory: folder, environment: { FLEET_AGENT: String(this.number) } };
    this.tools = client.tools(folder);
    const process = await fleet.world.start(client, script);
    const ended = process.ended.then(() => {
      if (this.endedAt === 0) throw new Error(`${client.name} ended in the midst of its work: ${process.stdout}\n${process.stderr}`);
    });
    await Promise.race([this.#work(), ended]);
    await process.finished();
    this.isOver = true;
  }

  async #work() {
    const { policy, meet } = this.fleet;
    await this.#conversation.begun();
    await policy.start(this);
    await meet(); // clients start at different speeds; time begins when all are there
    await this.doTasks();
    this.endedAt = this.clock.now;
    this.#conversation.end();
  }

  async read(files) {
    const from = this.clock.now;
    const results = await this.#conversation.call(files.map((file) => this.tools.read(pathOf(file))));
    files.forEach((file, i) => this.known.set(file, `${this.client.textOfRead(results[i]).trimEnd()}\n`));
    this.ledger.did(this.number, 'read', from);
  }

  async tryEdit(edit, change) {
    const { file, isWhole } = edit;
    const { old, fresh } = wholeLines(this.known.get(file), change);
    this.editing = edit;
    const call = isWhole ? this.tools.write(pathOf(file), change.content) : this.tools.edit(pathOf(file), old, fresh);
    const result = await this.#timed('edit', edit, [file], call);
    this.editing = undefined;
    if (this.client.isDone(result)) {
      this.known.set(file, change.content);
      return { isDone: true };
    }
    if (this.#isRefused(result.text)) return { isRefused: true };
    edit.failures = (edit.failures ?? 0) + 1;
    if (edit.failures > TRIES) throw new Error(`${this.client.name} cannot make edit ${edit.id}: ${result.text}`);
    return { isStale: true };
  }

  async tryCommand(state, ms, command, files) {
    const whole = state === 'command' ? `sleep ${ms / this.clock.scale / 1000} && ${command}` : command;
    for (let tries = 1; ; tries++) {
      const from = this.clock.now;
      const { isDone, text } = await this.run(state, whole, files);
      if (isDone) return {};
      if (this.#isRefused(text)) return { isRefused: true };
      if (tries === TRIES) throw new Error(`${this.client.name} cannot run ${command}: ${text}`);
      await this.think(AGAIN_MS);
      this.ledger.redoneMs += this.clock.now - from;
      this.ledger.did(this.number, 'redo', from);
    }
  }

  /** A command in the client's own shell: { isDone, text }. */
  async run(state, command, files = []) {
    // Clients tell an exit code in different ways, or not at all. A refusal may quote the command, so what is printed is not in it.
    const call = this.tools.shell(`${command} && printf 'all %s\\n' done`);
    const { text } = await this.#timed(state, {}, files, call);
    return { isDone: text.includes('all done'), text };
  }

  #isRefused(text) {
    const why = IN_USE.test(text) ? 'use' : STALE.test(text) ? 'stale' : 'client';
    this.fleet.denied[why]++;
    return why === 'use';
  }

  async #timed(state, work, files, call) {
    const from = this.clock.now;
    const [result] = await this.#conversation.call([call]);
    this.tries.push({ work, files, from, to: this.clock.now });
    this.ledger.did(this.number, state, from);
    return result;
  }
}

// Clients that patch know whole lines only.
function wholeLines(text, { old, new: fresh }) {
  const at = text.indexOf(old);
  const from = text.lastIndexOf('\n', at - 1) + 1;
  const to = text.indexOf('\n', at + old.trimEnd().length);
  const [before, after] = [text.slice(from, at), text.slice(at + old.trimEnd().length, to)];
  return { old: text.slice(from, to), fresh: before + fresh.trimEnd() + after };
}
