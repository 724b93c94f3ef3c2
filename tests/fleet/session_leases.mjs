// Leases that an agent's session takes with `klock acquire` around those of its hooks, as a claim of `klock mcp` is: its own edits go
// through, and nobody else can end them.
import { sessionOf } from './klock_programs.mjs';
import { pathOf } from './repository.mjs';

export class SessionLeases {
  #held = new Map(); // agent -> file -> { lease, cancel }

  constructor(fleet, programs) {
    Object.assign(this, { clock: fleet.clock, ledger: fleet.ledger, programs });
  }

  has(agent, file) {
    return this.#of(agent).has(file);
  }

  /** All or none, at once or after a wait; returns whether they were granted. */
  async take(agent, files, waitMs = 0) {
    const wanted = files.flatMap((file) => ['--file', pathOf(file)]);
    const command = ['acquire', '--json', ...who(agent), '--ttl', '1h', ...wanted];
    const onGrant = () => files.forEach((file) => this.ledger.hold(agent.number, file));
    const { code, output } = await this.programs.call(agent, waitMs > 0 ? [...command, '--wait', '100s'] : command, { waitMs, onGrant });
    if (code !== 0) return false;
    const { data } = JSON.parse(output);
    (data.leases ?? [data]).forEach(({ lease_id: lease }, i) => this.#of(agent).set(files[i], { lease, cancel: () => {} }));
    return true;
  }

  /** From now on one lasts so long. */
  last(agent, file, ms) {
    const held = this.#of(agent).get(file);
    if (!held) return;
    held.cancel();
    held.cancel = this.clock.after(ms, () => this.release(agent, [file]));
  }

  /** Releases some, or all. */
  async release(agent, files = [...this.#of(agent).keys()]) {
    const held = files.filter((file) => this.has(agent, file)).map((file) => [file, this.#of(agent).get(file)]);
    if (held.length === 0) return;
    for (const [file, { cancel }] of held) {
      cancel();
      this.#of(agent).delete(file);
      this.ledger.free(agent.number, file);
    }
    await this.programs.call(agent, ['release', ...held.map(([, { lease }]) => lease), ...who(agent)]);
  }

  /** What a hook after a tool ended was its own leases: these are still held. */
  stay(agent) {
    for (const file of this.#of(agent).keys()) this.ledger.hold(agent.number, file);
  }

  #of(agent) {
    if (!this.#held.has(agent)) this.#held.set(agent, new Map());
    return this.#held.get(agent);
  }
}

const who = (agent) => ['--agent', sessionOf(agent), '--session', sessionOf(agent)];
