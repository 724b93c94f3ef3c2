// A scripted agent: it reads several files, thinks, edits one after another, runs a command, commits. What it writes comes from what it
// read, as a model's does. A policy is asked before each step; what a refusal means is the same for all policies.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { apiOf, brokenImports, pathOf, replacementOf } from './repository.mjs';

const run = promisify(execFile);

/** What things take, in virtual ms. Thinking and the command's time are drawn with the task. */
export const COST = { read: 1_000, edit: 300, commit: 1_500, check: 3_000, merge: 2_000, hook: 50 };
const BACK_OFF = { first: 10_000, most: 60_000 }; // a refused agent with nothing else to do looks again after so long
const PASSES = 10; // of one task that must be done again, and of repairs after it

export class Agent {
  /** The content of files as this agent knows it. */
  known = new Map();
  /** Longest time for which one edit (or one declaration) was blocked. */
  longestWaitMs = 0;
  /** What was not done in the end: edits that were given up. */
  givenUp = 0;
  endedAt = 0;
  /** Imports that this agent's tasks had broken, or others' had broken of them, and that it repaired. */
  repairs = 0;
  /** A notice said that somebody waits: the next thought is a short one. */
  isHurried = false;

  constructor(fleet, number, tasks) {
    Object.assign(this, { fleet, number, tasks, id: `a${number}`, folder: fleet.repo, clock: fleet.clock, ledger: fleet.ledger });
  }

  async live() {
    const { policy } = this.fleet;
    await policy.start(this);
    await this.doTasks();
    await policy.end(this);
    this.endedAt = this.clock.now;
  }

  async doTasks() {
    for (const task of this.tasks) {
      await this.#untilDone(task);
      await this.#repair(task);
    }
  }

  /** Something of this agent's that takes time and has a name in the time line. */
  async spend(state, ms) {
    const from = this.clock.now;
    await this.clock.sleep(ms);
    this.ledger.did(this.number, state, from);
  }

  text(file) {
    return fs.readFileSync(path.join(this.folder, pathOf(file)), 'utf8');
  }

  /** Whether somebody else has changed a file since this agent read it. */
  isStale(file) {
    return this.known.get(file) !== this.text(file);
  }

  /** Reads files, all at once, as a model calls several tools in one turn. */
  async read(files) {
    await this.fleet.policy.beforeRead(this, files);
    await this.spend('read', COST.read);
    for (const file of files) this.known.set(file, this.text(file));
  }

  async think(ms) {
    const isShort = this.isHurried;
    this.isHurried = false;
    await this.spend('think', isShort ? ms / 2 : ms);
  }

  /** A program in the agent's folder, run by its shell. */
  shell(command) {
    return run('/bin/sh', ['-c', command], { cwd: this.folder, env: this.fleet.environment });
  }

  /** One try at an edit: { isDone }, { isRefused } or { isStale }, which means that the agent must read again. */
  async tryEdit(edit, change) {
    const answer = await this.fleet.policy.beforeEdit(this, edit, change);
    if (answer.isRefused || answer.isStale) return answer;
    return (await this.#write(edit, change)) ? { isDone: true } : { isStale: true };
  }

  /** One try at a shell command that takes so long: { } when it was run, or { isRefused }. */
  async tryCommand(state, ms, command, files) {
    const answer = await this.fleet.policy.beforeCommand(this, command, files);
    if (answer.isRefused) return answer;
    await this.spend(state, ms);
    await this.shell(command);
    await this.fleet.policy.afterCommand(this, command, files);
    return {};
  }

  /** The work was blocked since `from`; `work` keeps how long in all. */
  blocked(work, files, from, to = this.clock.now) {
    this.ledger.waited(this.number, files, from, to);
    work.blockedMs = (work.blockedMs ?? 0) + to - from;
    this.longestWaitMs = Math.max(this.longestWaitMs, work.blockedMs);
  }

  async #untilDone(task) {
    for (let pass = 0; pass < PASSES; pass++) {
      if (pass === 0 && task.idleMs) await this.clock.sleep(task.idleMs);
      const from = this.clock.now;
      await this.fleet.policy.beginTask(this, task);
      await this.#work(task);
      if (!(await this.fleet.policy.endTask(this, task))) return;
      this.ledger.redoneMs += this.clock.now - from;
      this.ledger.did(this.number, 'redo', from);
    }
    this.givenUp += task.edits.length;
  }

  async #work(task) {
    if (task.reads.length > 0) await this.read(task.reads);
    await this.think(task.thinkMs);
    await this.fleet.policy.beforeEdits(this, task);
    const left = task.edits.map((edit) => ({ edit, tries: 0 }));
    const times = [];
    let refused = 0; // since the last edit or pause
    let pauses = 0; // since the last edit
    while (left.length > 0) {
      const one = left.shift();
      if (one.tries === 0) await this.think(one.edit.thinkMs);
      const answer = await this.#edit(one);
      if (answer.isDone) {
        times.push(this.clock.now);
        refused = pauses = 0;
        continue;
      }
      // Refused: other work first. With none left the agent tries again after a while.
      left.push(one);
      if (++refused < left.length) continue;
      await this.#backOff(left, ++pauses, task);
      refused = 0;
    }
    if (times.length > 0) this.ledger.series.push(times.at(-1) - times[0]);
    if (task.command) await this.#command(task);
    await this.#commit(task);
  }

  async #backOff(left, pauses, task) {
    if (pauses % this.fleet.policy.letsGoAfter === 0) {
      await this.#commit(task); // what is done so far, so that others can go on
      await this.fleet.policy.letGo(this, task);
    }
    const from = this.clock.now;
    await this.clock.sleep(Math.min(BACK_OFF.most, BACK_OFF.first * 2 ** (pauses - 1)));
    this.blocked(left[0].edit, left.map(({ edit }) => edit.file), from);
  }

  // One try at an edit, and as many as it takes while only its content is stale.
  async #edit(one) {
    const { edit } = one;
    for (;;) {
      one.tries++;
      const change = this.#changeOf(edit);
      if (edit.kind === 'fix' && !change && !this.isStale(edit.file)) return { isDone: true }; // somebody else has repaired it
      const answer = change ? await this.tryEdit(edit, change) : { isStale: true };
      if (!answer.isStale) return answer;
      await this.#again(edit);
    }
  }

  // Reads a file again and thinks about the edit again.
  async #again(edit) {
    const from = this.clock.now;
    await this.read(edit.target ? [edit.file, edit.target] : [edit.file]);
    await this.think(edit.thinkMs);
    this.ledger.redoneMs += this.clock.now - from;
    this.ledger.did(this.number, 'redo', from);
  }

  // What the model asks for: a text and what replaces it, or the whole file with that replaced in it.
  #changeOf(edit) {
    const text = this.known.get(edit.file);
    const replacement = replacementOf(edit, text, (file) => this.known.get(file));
    return replacement && { ...replacement, content: text.replace(replacement.old, () => replacement.new) };
  }

  // The tool itself. A client refuses to replace what is not there.
  async #write(edit, change) {
    const place = path.join(this.folder, pathOf(edit.file));
    await this.spend('edit', COST.edit);
    const now = fs.readFileSync(place, 'utf8');
    const isPossible = edit.isWhole || now.includes(change.old);
    if (isPossible) fs.writeFileSync(place, edit.isWhole ? change.content : now.replace(change.old, () => change.new));
    if (isPossible) this.known.set(edit.file, change.content);
    await this.fleet.policy.afterEdit(this, edit, change, isPossible);
    return isPossible;
  }

  // A formatter over the task's files and another one, then something that a build leaves.
  async #command(task) {
    const command = `sed -i 's/[ \\t]*$//' ${task.command.files.map(pathOf).join(' ')} && node tools/count.mjs`;
    await this.#untilRun(task, 'command', task.command.ms, command, task.command.files);
  }

  async #commit(task) {
    const files = [...new Set(task.edits.map(({ file }) => file))].map(pathOf).join(' ');
    const command = `git add -- ${files} && { git diff --quiet HEAD -- ${files} || git commit -q -m ${task.id} -- ${files}; }`;
    await this.#untilRun(task, 'commit', COST.commit, command, []);
  }

  async #untilRun(task, state, ms, command, files) {
    for (let refusals = 1; ; refusals++) {
      const answer = await this.tryCommand(state, ms, command, files);
      if (!answer.isRefused) return;
      const from = this.clock.now;
      await this.clock.sleep(Math.min(BACK_OFF.most, BACK_OFF.first * 2 ** (refusals - 1)));
      this.blocked(task, answer.files ?? files, from);
    }
  }

  // After the commit: does the repository still hold together, as far as this task goes? What does not is a small task of its own.
  async #repair(task) {
    for (let pass = 0; pass < PASSES; pass++) {
      await this.spend('check', COST.check);
      const renamed = new Set(task.edits.filter(({ kind }) => kind === 'bump').map(({ file }) => file));
      const broken = (await brokenImports(this.fleet.repo, this.fleet.environment))
        .filter(({ id, target }) => id.startsWith(`${task.id}_`) || renamed.has(target));
      if (broken.length === 0) return;
      this.repairs += broken.length;
      await this.#untilDone(this.#repairOf(task, broken, pass));
    }
  }

  #repairOf(task, broken, pass) {
    const edits = broken.map((one, i) => {
      const name = apiOf(one.target, fs.readFileSync(path.join(this.fleet.repo, pathOf(one.target)), 'utf8'));
      const fresh = one.line.replace(one.name, name);
      return { id: `${task.id}_r${pass}_${i}`, file: one.file, kind: 'fix', old: one.line, new: fresh, isWhole: false, thinkMs: 3_000 };
    });
    return { id: `${task.id}_r${pass}`, reads: [...new Set(edits.map(({ file }) => file))], edits, thinkMs: 5_000 };
  }
}
