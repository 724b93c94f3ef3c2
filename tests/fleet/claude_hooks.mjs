// An agent's events, as Claude Code tells them to the hooks that `klock install claude` sets up, and what their answers mean.
import path from 'node:path';
import { COST } from './agent.mjs';
import { KlockPrograms } from './klock_programs.mjs';
import { IN_USE, STALE } from './refusals.mjs';
import { pathOf } from './repository.mjs';

export class ClaudeHooks {
  /** How often a hook refused, by the reason: somebody has the file, or what the agent knows of it is stale. */
  denied = { use: 0, stale: 0 };
  /** Is called with an agent and what a hook says to its model besides. */
  heard = () => {};

  #calls = 0;

  /** `settings`: variables for the hooks, as in docs/settings.md. */
  constructor(fleet, settings) {
    Object.assign(this, { fleet, clock: fleet.clock, ledger: fleet.ledger, programs: new KlockPrograms(fleet, settings) });
  }

  tool(name, input) {
    return { tool_name: name, tool_use_id: `call-${this.#calls++}`, tool_input: input };
  }

  /** The tool call of an edit: the whole file, or a text and what replaces it. */
  toolOf({ file, isWhole }, change) {
    const place = path.join(this.fleet.repo, pathOf(file));
    return isWhole ? this.tool('Write', { file_path: place, content: change.content })
      : this.tool('Edit', { file_path: place, old_string: change.old, new_string: change.new });
  }

  /** An agent reads files, with one call each, all at once. */
  async read(agent, files) {
    const call = (file) => this.tool('Read', { file_path: path.join(this.fleet.repo, pathOf(file)) });
    await Promise.all(files.map((file) => this.#run(agent, 'PreToolUse', call(file))));
    await this.clock.sleep(COST.hook);
  }

  /** The hook before a tool that needs these files; it may wait so long. Answers as a policy's `beforeEdit` does. */
  async ask(agent, tool, work, files, waitMs) {
    const from = this.clock.now;
    const onGrant = () => files.forEach((file) => this.ledger.hold(agent.number, file));
    const { decision, isTimedOut, wasParked } = await this.event(agent, 'PreToolUse', tool, { waitMs, onGrant });
    if (wasParked) agent.blocked(work, files, from);
    if (decision?.permissionDecision !== 'deny') return {};
    files.forEach((file) => this.ledger.free(agent.number, file));
    const reason = decision.permissionDecisionReason;
    const isStale = STALE.test(reason);
    this.denied[isStale ? 'stale' : 'use']++;
    if (isStale) return { isStale };
    if (isTimedOut || IN_USE.test(reason)) return { isRefused: true, files };
    throw new Error(`a hook refused for another reason: ${reason}`);
  }

  /** The hook after a tool. */
  async over(agent, tool, isDone = true) {
    this.ledger.freeAll(agent.number);
    await this.event(agent, isDone ? 'PostToolUse' : 'PostToolUseFailure', { ...tool, tool_response: { success: isDone } });
  }

  /** Any event. */
  async event(agent, name, input, options) {
    const { output, isTimedOut, wasParked } = await this.#run(agent, name, input, options);
    if (!wasParked) await this.clock.sleep(COST.hook);
    const decision = output === '' ? undefined : JSON.parse(output).hookSpecificOutput;
    if (decision?.additionalContext) this.heard(agent, decision.additionalContext);
    return { decision, isTimedOut, wasParked };
  }

  #run(agent, name, input, options) {
    const text = JSON.stringify({ session_id: agent.id, cwd: this.fleet.repo, hook_event_name: name, ...input });
    return this.programs.call(agent, ['hook', 'claude', name], { ...options, input: text });
  }
}
