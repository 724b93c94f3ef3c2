// Takes in events in batches, one an animation frame at the most, so that a hundred a second cost what a few do.
import type { KlockEvent } from '../store/wire.ts';

// Nobody reads faster, and a page that redraws less leaves the machine to the agents.
const LEAST_MS = 100;
const HIDDEN_MS = 1_000;

export class Frames {
  private waiting: KlockEvent[] = [];
  private isScheduled = false;
  private lastAt = 0;

  constructor(private readonly take: (events: KlockEvent[]) => void, private readonly draw: () => void) {
    // Frames stop while a page is hidden.
    document.addEventListener('visibilitychange', () => { if (this.isScheduled) this.run(); });
  }

  add(event: KlockEvent): void {
    this.waiting.push(event);
    this.schedule();
  }

  schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    const rest = Math.max(0, LEAST_MS - (performance.now() - this.lastAt));
    if (document.hidden) setTimeout(() => this.run(), HIDDEN_MS);
    else setTimeout(() => requestAnimationFrame(() => this.run()), rest);
  }

  /** Takes in what waits, without drawing. */
  flush(): void {
    const events = this.waiting;
    this.waiting = [];
    if (events.length > 0) this.take(events);
  }

  private run(): void {
    if (!this.isScheduled) return;
    this.isScheduled = false;
    const start = this.lastAt = performance.now();
    this.flush();
    this.draw();
    performance.measure('klock-frame', { start });
  }
}
