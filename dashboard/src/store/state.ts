// All that the page knows, and how it changes. No DOM and no clock: whoever calls says what time it is.
import { addGap, applyToHistory, emptyHistory, forgetOld, reconcile, type History } from './history.ts';
import { applyToLive, emptyLive, liveOf, type Live } from './live.ts';
import type { KlockEvent, Session, Snapshot } from './wire.ts';

export type Phase = 'starting' | 'login' | 'live' | 'lost';

export interface State {
  phase: Phase;
  session: Session | null;
  live: Live;
  history: History;
  /** By how much the server's clock is ahead of the browser's, in ms. */
  clockAhead: number;
  /** By the server's clock: when it was last heard of. */
  heardAt: number;
  /** Why the connection is lost, in words. */
  problem: string | null;
}

export function emptyState(): State {
  return {
    phase: 'starting', session: null, live: emptyLive(), history: emptyHistory(), clockAhead: 0, heardAt: 0, problem: null,
  };
}

/** Events that happened before a snapshot. */
export interface Past {
  events: KlockEvent[];
  /** They go on from the last event that is known, with none left out. */
  isWhole: boolean;
}

/** Whether a snapshot is of another store than what is known: within a store numbers only rise. */
export function isOtherStore(state: State, snapshot: Snapshot): boolean {
  return snapshot.sequence < state.history.sequence;
}

/** Takes in a snapshot, and the events up to it that could be read. */
export function takeSnapshot(state: State, snapshot: Snapshot, past: Past, now: number): void {
  const hadHistory = state.history.sequence >= 0;
  const lastHeard = Math.min(Math.max(state.history.at ?? 0, state.heardAt), now);
  if (isOtherStore(state, snapshot)) state.history = emptyHistory();
  if (hadHistory && !past.isWhole) {
    addGap(state.history, lastHeard, past.events.find((event) => event.at !== undefined)?.at ?? now);
    // The list of events shows it where it is.
    applyToHistory(state.history, { seq: (past.events[0]?.seq ?? snapshot.sequence + 1) - 1, kind: 'GAP' });
  }
  for (const event of past.events) applyToHistory(state.history, event);
  state.history.sequence = Math.max(state.history.sequence, snapshot.sequence);
  state.history.since ??= now;
  refreshSnapshot(state, snapshot, now);
}

/** Takes in a snapshot while the events go on: those after it are applied to it once more. */
export function refreshSnapshot(state: State, snapshot: Snapshot, now: number): void {
  const live = liveOf(snapshot, state.session?.namespaces != null);
  const { events, renewals } = state.history;
  const after = [...events, ...renewals].filter((event) => event.kind !== 'GAP' && event.seq > snapshot.sequence);
  for (const event of after.sort((a, b) => a.seq - b.seq)) applyToLive(live, event);
  live.sequence = Math.max(live.sequence, state.history.sequence);
  state.live = live;
  reconcile(state.history, live, now);
  forgetOld(state.history, now);
}

/** Takes in events of the stream. */
export function takeEvents(state: State, events: KlockEvent[], now: number): void {
  for (const event of events) {
    applyToHistory(state.history, event);
    applyToLive(state.live, event);
  }
  forgetOld(state.history, now);
}

/** Forgets everything but that there is a server: nobody is signed in. */
export function signOut(state: State): void {
  state.live = emptyLive();
  state.history = emptyHistory();
  state.phase = 'login';
}
