// Real time, scaled. What an agent only thinks or waits for is shortened, and all that is measured is lengthened as much: so figures are
// in the same unit as those of virtual time, and what clients, hooks and git really take counts `scale` times.
import { setTimeout as sleep } from 'node:timers/promises';

export class ScaledClock {
  #began;

  constructor(scale) {
    this.scale = scale;
  }

  /** All are there: time begins. */
  begin() {
    this.#began ??= Date.now();
  }

  /** Scaled ms since then. */
  get now() {
    return this.of(Date.now());
  }

  /** A moment of the wall clock. */
  of(at) {
    return this.#began === undefined ? 0 : (at - this.#began) * this.scale;
  }

  async sleep(ms) {
    await sleep(ms / this.scale);
  }
}
