import { pathOf } from '../repository.mjs';
import { sessionOf } from '../klock_programs.mjs';
import { Klock } from './klock.mjs';

const RETRY_MS = 3_000; // a model's turn

/** Hooks, and leases of the agent's session around them that nobody else can end: what a window would be that waiters do not end. */
export class KlockHeld extends Klock {
  static title = 'klock-held-20s';
  static about = 'Klock, and a lease around each file that lasts until 20 s after its last edit, whoever waits.';

  windowMs = 20_000;
  idle = '0s'; // what hooks take besides ends at once
  #held = new Map(); // agent -> file -> { lease, cancel }

  async beforeEdit(agent, edit, change) {
    const held = this.heldBy(agent);
    held.get(edit.file)?.cancel();
    if (!held.has(edit.file) && !(await this.take(agent, [edit.file], 0))) {
      await this.releaseAll(agent); // who waits holds nothing
      const from = this.clock.now;
      const isGranted = await this.take(agent, [edit.file], this.waitMs);
      agent.blocked(edit, [edit.file], from);
      if (!isGranted) return { isRefused: true };
    }
    return this.hook(agent, edit, change);
  }

  async afterEdit(agent, edit, change, isPossible) {
    await this.afterHook(agent, edit, change, isPossible);
    const held = this.heldBy(agent);
    held.get(edit.file)?.cancel();
    if (held.has(edit.file)) held.get(edit.file).cancel = this.clock.after(this.windowMs, () => this.release(agent, edit.file));
  }

  async beforeCommand(agent, command, files) {
    await this.releaseAll(agent); // the series is over
    return super.beforeCommand(agent, command, files);
  }

  hook(...edit) {
    return super.beforeEdit(...edit);
  }

  async afterHook(agent, ...edit) {
    await super.afterEdit(agent, ...edit);
    for (const file of this.heldBy(agent).keys()) this.ledger.hold(agent.number, file); // the hook ended its own leases only
  }

  heldBy(agent) {
    if (!this.#held.has(agent)) this.#held.set(agent, new Map());
    return this.#held.get(agent);
  }

  /** All or none; returns whether they were granted. */
  async take(agent, files, waitMs) {
    const wanted = files.flatMap((file) => ['--file', pathOf(file)]);
    const command = ['acquire', '--json', '--agent', sessionOf(agent), '--session', sessionOf(agent), '--ttl', '1h', ...wanted];
    const onGrant = () => files.forEach((file) => this.ledger.hold(agent.number, file));
    const call = await this.programs.call(agent, waitMs > 0 ? [...command, '--wait', '100s'] : command, { waitMs, onGrant });
    if (call.code !== 0) return false;
    const { data } = JSON.parse(call.output);
    (data.leases ?? [data]).forEach(({ lease_id: lease }, i) => this.heldBy(agent).set(files[i], { lease, cancel: () => {} }));
    return true;
  }

  async release(agent, ...files) {
    const leases = files.map((file) => this.heldBy(agent).get(file).lease);
    files.forEach((file) => {
      this.heldBy(agent).get(file).cancel();
      this.heldBy(agent).delete(file);
      this.ledger.free(agent.number, file);
    });
    await this.programs.call(agent, ['release', ...leases, '--agent', sessionOf(agent), '--session', sessionOf(agent)]);
  }

  async releaseAll(agent) {
    if (this.heldBy(agent).size > 0) await this.release(agent, ...this.heldBy(agent).keys());
  }
}

/** A longer one. */
export class KlockHeldLong extends KlockHeld {
  static title = 'klock-held-60s';
  static about = 'The same with 60 s.';

  windowMs = 60_000;
}

/** The files of the whole series, claimed before its first edit. */
export class KlockClaim extends KlockHeld {
  static title = 'klock-claim';
  static about = 'Klock, and the files of a task claimed all at once before its first edit, until its last.';

  windowMs = 3_600_000;

  async beforeEdits(agent, task) {
    const files = [...new Set(task.edits.map(({ file }) => file))];
    const from = this.clock.now;
    // Until it has them: a model that was refused claims again.
    while (!(await this.take(agent, files, 100_000))) await this.clock.sleep(RETRY_MS);
    agent.blocked(task, files, from);
  }
}

/** Only what was refused as stale is held, until the agent has read it again and edited it. */
export class KlockReserve extends KlockHeld {
  static title = 'klock-reserve';
  static about = 'Klock, and a file whose edit was refused as stale is kept for that agent until it edits it, for 60 s at the most.';

  async beforeEdit(agent, edit, change) {
    const answer = await this.hook(agent, edit, change);
    if (answer.isStale && !this.heldBy(agent).has(edit.file) && (await this.take(agent, [edit.file], 0))) {
      this.heldBy(agent).get(edit.file).cancel = this.clock.after(60_000, () => this.release(agent, edit.file));
    }
    return answer;
  }

  async afterEdit(agent, edit, change, isPossible) {
    await this.afterHook(agent, edit, change, isPossible);
    if (this.heldBy(agent).has(edit.file)) await this.release(agent, edit.file);
  }
}
