// Keeps the state as the server has it: a snapshot, then the events after it; after a gap or a lost connection a snapshot again.
import {
  emptyState, isOtherStore, refreshSnapshot, signOut, takeEvents, takeSnapshot, type Past, type State,
} from '../store/state.ts';
import type { KlockEvent, Session, Snapshot } from '../store/wire.ts';
import * as api from './api.ts';
import { Frames } from './frames.ts';

// All but KEPT_ALIVE, which changes nothing that is shown. RENEWED is sent only to who names it.
const KINDS = [
  'CREATED', 'REGISTERED', 'FORGOTTEN', 'GRANTED', 'RENEWED', 'RELEASED', 'EXPIRED', 'REVOKED', 'CHANGED', 'REFUSED', 'QUEUED', 'PARKED',
  'PROMOTED', 'WAIT_ENDED', 'RESUMED', 'SESSION_SHARED',
].join(',');
const LOOK_MS = 4_000;
const REFRESH_MS = 400;
const RETRY_MS = [250, 500, 1_000, 2_000];
// More than the charts need, and read in a moment.
const MOST_PAST = 4_000;

type Ended = 'gap' | 'lost' | 'refused' | 'signed out';

export class Connection {
  readonly state: State = emptyState();
  private readonly frames: Frames;
  private stop: ((why: Ended) => void) | null = null;
  private proceed: (() => void) | null = null;
  private refreshAt: number | null = null;
  private failures = 0;
  private isLeaving = false;

  /** Calls back when there is something new to draw. */
  constructor(changed: () => void) {
    this.frames = new Frames((events) => this.take(events), changed);
  }

  /** By the server's clock; while the connection is lost, when it was last heard of. */
  now(): number {
    return this.state.phase === 'lost' ? this.state.heardAt : Date.now() + this.state.clockAhead;
  }

  /** Has the page drawn again with the next frame. */
  redraw(): void {
    this.frames.schedule();
  }

  /** Never ends. */
  async run(): Promise<never> {
    for (;;) {
      try {
        if (this.isLeaving) await api.signOut();
        this.isLeaving = false;
        const session = await api.session();
        this.meet(session);
        if (!session.signed_in) {
          this.show(() => signOut(this.state));
          await new Promise<void>((resolve) => { this.proceed = resolve; });
          continue;
        }
        await this.catchUp();
        if (this.isLeaving) continue;
        const ended = await this.follow();
        if (ended === 'refused') await api.tryStream(this.stream());
        else if (ended !== 'lost') continue;
        this.lose('The server does not answer.');
      } catch (error) {
        const isKeyGone = error instanceof api.Refused && error.status === 401;
        if (!isKeyGone && !this.isLeaving) this.lose(error instanceof api.Refused ? error.message : 'The server does not answer.');
      }
      await sleep(RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)]!);
    }
  }

  /** Takes the session in which a sign-in resulted. */
  resume(session: Session): void {
    this.isLeaving = false;
    this.state.session = session;
    this.proceed?.();
  }

  /** Signs out: on the page at once, at the server as soon as it answers. */
  leave(): void {
    this.isLeaving = true;
    this.stop?.('signed out');
    this.show(() => signOut(this.state));
  }

  private meet(session: Session): void {
    const before = this.state.session?.version;
    // Another server has another page.
    if (before !== undefined && before !== session.version) location.reload();
    this.state.session = session;
  }

  private show(change: () => void): void {
    change();
    this.frames.schedule();
  }

  private lose(problem: string): void {
    this.show(() => Object.assign(this.state, { phase: 'lost', problem }));
  }

  private async catchUp(): Promise<void> {
    const { state } = this;
    const snapshot = await api.snapshot();
    const past = await this.readPast(snapshot);
    if (this.isLeaving) return;
    this.show(() => {
      this.hear(snapshot);
      takeSnapshot(state, snapshot, past, state.heardAt);
      // It is live once the stream is open.
      if (state.phase === 'login') state.phase = 'starting';
    });
  }

  private async readPast(snapshot: Snapshot): Promise<Past> {
    const last = isOtherStore(this.state, snapshot) ? -1 : this.state.history.sequence;
    const after = Math.max(last, snapshot.sequence - MOST_PAST, 0);
    const read = await api.eventsBetween(after, snapshot.sequence);
    const isWhole = last === after && read[0]?.kind !== 'GAP';
    // Where the page begins, what was before is no loss.
    return { events: last < 0 ? read.filter((event) => event.kind !== 'GAP') : read, isWhole };
  }

  private hear(snapshot: Snapshot): void {
    const at = Date.parse(snapshot.time);
    Object.assign(this.state, { clockAhead: at - Date.now(), heardAt: at });
  }

  private stream(): string {
    return `events?after=${this.state.history.sequence}&kind=${KINDS}`;
  }

  private follow(): Promise<Ended> {
    return new Promise((resolve) => {
      const stream = new EventSource(this.stream());
      const look = setInterval(() => void this.look(), LOOK_MS);
      this.stop = (why) => {
        stream.close();
        clearInterval(look);
        this.stop = null;
        this.frames.flush();
        resolve(why);
      };
      stream.onopen = () => {
        this.failures = 0;
        this.show(() => Object.assign(this.state, { phase: 'live', problem: null }));
      };
      stream.onmessage = (message) => {
        const event = JSON.parse(message.data as string) as KlockEvent;
        this.frames.add(event);
        if (event.kind === 'GAP') this.stop?.('gap');
      };
      // It gives up by itself only where it got another answer than a stream.
      stream.onerror = () => this.stop?.(stream.readyState === EventSource.CLOSED ? 'refused' : 'lost');
    });
  }

  /** Notices a dead connection, which the stream alone would not, and a key that is no longer one. */
  private async look(): Promise<void> {
    const { stop } = this;
    try {
      const session = await api.session();
      if (this.stop !== stop) return;
      const had = this.state.session;
      this.meet(session);
      this.state.heardAt = Date.now() + this.state.clockAhead;
      if (!session.signed_in) stop?.('signed out');
      else if (session.access !== had?.access) this.frames.schedule();
    } catch {
      if (this.stop === stop) stop?.('lost');
    }
  }

  private take(events: KlockEvent[]): void {
    this.state.heardAt = Date.now() + this.state.clockAhead;
    takeEvents(this.state, events.filter((event) => event.kind !== 'GAP'), this.state.heardAt);
    if (this.state.live.isStale && this.refreshAt === null) {
      this.refreshAt = window.setTimeout(() => void this.refresh(), REFRESH_MS);
    }
  }

  /** Some events do not say all that changed. The events go on meanwhile. */
  private async refresh(): Promise<void> {
    try {
      const { stop } = this;
      const snapshot = await api.snapshot();
      if (stop === null || this.stop !== stop) return;
      this.frames.flush();
      this.show(() => {
        this.hear(snapshot);
        refreshSnapshot(this.state, snapshot, this.state.heardAt);
      });
    } catch {
      // The stream, or the next look, tells whether the server is gone.
    } finally {
      this.refreshAt = null;
      if (this.state.live.isStale && this.stop) this.refreshAt = window.setTimeout(() => void this.refresh(), REFRESH_MS);
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}
