import { Policy } from './policy.mjs';

/** All files of a task are declared before its first edit, and held until its commit. In a queue. */
export class Manifest extends Policy {
  static title = 'manifest';
  static about = 'Declare ahead: a task gets all its files at once before its first edit, in a queue, and holds them until its commit.';

  #queue = [];

  async beforeEdits(agent, task) {
    const files = [...new Set(task.edits.map(({ file }) => file))];
    const from = this.clock.now;
    await this.clock.park((wake) => {
      this.#queue.push({ agent, files, wake });
      this.#grant();
    });
    agent.blocked(task, files, from);
  }

  async beforeEdit(agent, { file, isWhole }) {
    return { isStale: isWhole && agent.isStale(file) };
  }

  async endTask(agent) {
    this.ledger.freeAll(agent.number);
    this.#grant();
  }

  // In the order of the queue, but a task whose files are free does not wait for others; nor does it take those of who is before it.
  #grant() {
    const wanted = new Set();
    this.#queue = this.#queue.filter(({ agent, files, wake }) => {
      const isFree = !files.some((file) => wanted.has(file) || this.ledger.isTaken(agent.number, file));
      files.forEach((file) => (isFree ? this.ledger.hold(agent.number, file) : wanted.add(file)));
      if (isFree) wake();
      return !isFree;
    });
  }
}
