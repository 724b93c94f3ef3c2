import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { COST } from '../agent.mjs';
import { KlockPrograms } from '../klock_programs.mjs';
import { pathOf } from '../repository.mjs';
import { Policy } from './policy.mjs';

const INDEX = 'git:index'; // which a commit needs
const REAL_WAIT = '100s'; // the driver ends a wait when it is up in virtual time; by the real clock none may be

/** Klock's hooks as Claude Code calls them. They wait; the model has nothing to do. */
export class Klock extends Policy {
  static title = 'klock';
  static about = 'Klock with its defaults: hooks wait up to 30 s, an idle lease stays for 20 s unless somebody wants it.';

  waitMs = 30_000;
  idle = '20s';
  denied = { use: 0, stale: 0 };
  #calls = 0;

  async open() {
    this.programs = new KlockPrograms(this.fleet, { KLOCK_WAIT: REAL_WAIT, KLOCK_IDLE: this.idle });
    await promisify(execFile)(this.fleet.klock, ['install', 'claude'], { cwd: this.fleet.repo, env: this.fleet.environment });
  }

  async start(agent) {
    await this.event(agent, 'SessionStart', { source: 'startup' });
  }

  async end(agent) {
    await this.event(agent, 'SessionEnd', { reason: 'other' });
  }

  async beforeRead(agent, files) {
    const read = (file) => this.run(agent, 'PreToolUse', this.#tool('Read', { file_path: this.#path(file) }));
    await Promise.all(files.map(read));
    await this.clock.sleep(COST.hook); // all at once
  }

  async beforeEdit(agent, edit, change) {
    edit.tool = this.#tool(...(edit.isWhole ? ['Write', { file_path: this.#path(edit.file), content: change.content }]
      : ['Edit', { file_path: this.#path(edit.file), old_string: change.old, new_string: change.new }]));
    return this.ask(agent, edit.tool, edit, [edit.file]);
  }

  async afterEdit(agent, edit, change, isPossible) {
    await this.over(agent, edit.tool, isPossible ? 'PostToolUse' : 'PostToolUseFailure');
  }

  async beforeCommand(agent, command, files) {
    agent.tool = this.#tool('Bash', { command });
    return this.ask(agent, agent.tool, agent.tool, files.length > 0 ? files : [INDEX]);
  }

  async afterCommand(agent) {
    await this.over(agent, agent.tool, 'PostToolUse');
  }

  async endTask(agent) {
    await this.event(agent, 'Stop', {});
  }

  async close() {
    return { denied: this.denied, overrun: this.programs.overrun, hookMs: this.programs.took };
  }

  /** The hook before a tool, and how long it was waited for. */
  async ask(agent, tool, work, files) {
    const from = this.clock.now;
    const onGrant = () => files.forEach((file) => this.ledger.hold(agent.number, file));
    const { decision, isTimedOut, wasParked } = await this.event(agent, 'PreToolUse', tool, { waitMs: this.waitMs, onGrant });
    if (wasParked) agent.blocked(work, files, from);
    if (decision?.permissionDecision !== 'deny') return {};
    files.forEach((file) => this.ledger.free(agent.number, file));
    const reason = decision.permissionDecisionReason;
    const isStale = / was changed by /.test(reason);
    this.denied[isStale ? 'stale' : 'use']++;
    if (isStale) return { isStale };
    if (isTimedOut || / in use by /.test(reason)) return { isRefused: true, files };
    throw new Error(`a hook refused for another reason: ${reason}`);
  }

  /** The hook after a tool. */
  async over(agent, tool, event) {
    this.ledger.freeAll(agent.number);
    await this.event(agent, event, { ...tool, tool_response: { success: true } });
  }

  /** Runs one hook. What it says to the model besides its decision goes to `heard`. */
  async event(agent, name, input, options) {
    const call = await this.run(agent, name, input, options);
    if (!call.wasParked) await this.clock.sleep(COST.hook);
    const decision = call.output === '' ? undefined : JSON.parse(call.output).hookSpecificOutput;
    if (decision?.additionalContext) this.heard(agent, decision.additionalContext);
    return { decision, isTimedOut: call.isTimedOut, wasParked: call.wasParked };
  }

  run(agent, name, input, options) {
    const text = JSON.stringify({ session_id: agent.id, cwd: this.fleet.repo, hook_event_name: name, ...input });
    return this.programs.call(agent, ['hook', 'claude', name], { ...options, input: text });
  }

  heard() {}

  #tool(name, input) {
    return { tool_name: name, tool_use_id: `call-${this.#calls++}`, tool_input: input };
  }

  #path(file) {
    return path.join(this.fleet.repo, pathOf(file));
  }
}
