// What an agent's time went to, who held which file when, and so what of a wait was slack: the file was free, and not taken.
export class Ledger {
  /** Who waited for what: { agent, files, from, to }. */
  waits = [];
  /** What agents did: { agent, state, from, to }; the rest of the time they thought. */
  spans = [];
  /** Work that was done a second time, in virtual ms. */
  redoneMs = 0;
  /** From the first to the last edit of each task, in virtual ms. */
  series = [];

  #clock;
  #held = new Map(); // file -> agents
  #history = new Map(); // file -> [{ agent, from, to }]

  constructor(clock) {
    this.#clock = clock;
  }

  hold(agent, file) {
    const now = this.#heldOf(file);
    if (!now.has(agent)) now.set(agent, this.#clock.now);
  }

  free(agent, file) {
    const from = this.#heldOf(file).get(agent);
    if (from === undefined) return;
    this.#heldOf(file).delete(agent);
    if (!this.#history.has(file)) this.#history.set(file, []);
    this.#history.get(file).push({ agent, from, to: this.#clock.now });
  }

  freeAll(agent) {
    for (const file of this.#held.keys()) this.free(agent, file);
  }

  /** Whether somebody else has the file. */
  isTaken(agent, file) {
    return [...this.#heldOf(file).keys()].some((other) => other !== agent);
  }

  /** An agent was blocked since `from`. */
  waited(agent, files, from, to = this.#clock.now) {
    if (to === from) return;
    this.waits.push({ agent, files: [...files], from, to });
    this.did(agent, 'blocked', from, to);
  }

  /** An agent did something since `from`. */
  did(agent, state, from, to = this.#clock.now) {
    this.spans.push({ agent, state, from, to });
  }

  /** Of a wait, the ms in which nobody else held any of the files. */
  slackOf({ agent, files, from, to }) {
    const taken = files.flatMap((file) => [
      ...(this.#history.get(file) ?? []),
      ...[...this.#heldOf(file)].map(([holder, since]) => ({ agent: holder, from: since, to: this.#clock.now })),
    ]).filter((one) => one.agent !== agent && one.to > from && one.from < to).sort((a, b) => a.from - b.from);
    let [free, at] = [0, from];
    for (const one of taken) {
      free += Math.max(0, one.from - at);
      at = Math.max(at, one.to);
    }
    return free + Math.max(0, to - at);
  }

  #heldOf(file) {
    if (!this.#held.has(file)) this.#held.set(file, new Map());
    return this.#held.get(file);
  }
}
