// What happened lately: the events, and from when to when something was held or waited for.
import { waitKey, type Live } from './live.ts';
import type { Claim, KlockEvent } from './wire.ts';

/** From when to when an agent held or waited for a resource. */
export interface Span {
  kind: 'held' | 'waited';
  claim: Claim;
  /** Null: before the first event that is known. */
  from: number | null;
  /** Null: it goes on. */
  to: number | null;
}

export interface Gap {
  from: number;
  to: number;
}

export interface History {
  /** The number of the last event. */
  sequence: number;
  /** The oldest first. */
  events: KlockEvent[];
  /** Ended spans, in the order of their ends. */
  ended: Span[];
  held: Map<number, Span>;
  waited: Map<string, Span>;
  /** When nothing is known. */
  gaps: Gap[];
  /** From when on everything is known, gaps aside; null while nothing is. */
  since: number | null;
  /** When each agent last did something. */
  lastSeen: Map<string, number>;
  /** The time of the last event. */
  at: number | null;
}

/** How far back the charts go at the most, in ms. */
export const LONGEST_WINDOW = 30 * 60_000;
export const MOST_EVENTS = 10_000;
const MOST_SPANS = 20_000;
const SLACK = 1_000;

export function emptyHistory(): History {
  return {
    sequence: -1, events: [], ended: [], held: new Map(), waited: new Map(), gaps: [], since: null, lastSeen: new Map(), at: null,
  };
}

/** Adds an event; one that is in it already changes nothing. */
export function applyToHistory(history: History, event: KlockEvent): void {
  if (event.seq <= history.sequence) return;
  history.sequence = event.seq;
  history.events.push(event);
  if (history.events.length > MOST_EVENTS + SLACK) history.events.splice(0, history.events.length - MOST_EVENTS);
  if (event.at === undefined) return;
  history.since ??= event.at;
  history.at = event.at;
  if (event.agent_id !== undefined) history.lastSeen.set(event.agent_id, event.at);
  follow(history, event, event.at);
}

function follow(history: History, event: KlockEvent, at: number): void {
  switch (event.kind) {
    case 'GRANTED':
      history.held.set(event.fencing_token!, { kind: 'held', claim: claimOf(event), from: at, to: null });
      break;
    case 'CHANGED':
      retoken(history, event, at);
      break;
    case 'RELEASED':
    case 'EXPIRED':
    case 'REVOKED': {
      const span = history.held.get(event.fencing_token!) ?? { kind: 'held', claim: claimOf(event), from: null, to: null };
      history.held.delete(event.fencing_token!);
      end(history, span, at);
      break;
    }
    case 'QUEUED':
    case 'PARKED':
    case 'PROMOTED': {
      const claim = claimOf(event);
      const key = waitKey(claim);
      if (!history.waited.has(key)) history.waited.set(key, { kind: 'waited', claim, from: at, to: null });
      break;
    }
    case 'WAIT_ENDED':
      endWaits(history, claimOf(event), at);
      break;
    default:
      break;
  }
}

function claimOf(event: KlockEvent): Claim {
  const { agent_id, session_id, resource, namespace, predicate } = event;
  return {
    agent_id: agent_id ?? '', session_id: session_id ?? '', resource: resource ?? '', predicate: predicate ?? '',
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function retoken(history: History, event: KlockEvent, at: number): void {
  const claim = claimOf(event);
  let from: number | null = history.since === null ? at : null;
  for (const [token, span] of history.held) {
    if (isSameSession(span.claim, claim) && span.claim.resource === claim.resource && span.claim.namespace === claim.namespace) {
      from = span.from;
      history.held.delete(token);
      break;
    }
  }
  history.held.set(event.fencing_token!, { kind: 'held', claim, from, to: null });
}

/** A wait for several resources has one event; its spans were opened by `reconcile`. */
function endWaits(history: History, claim: Claim, at: number): void {
  const key = waitKey(claim);
  const span = history.waited.get(key) ?? { kind: 'waited', claim, from: null, to: null };
  history.waited.delete(key);
  end(history, span, at);
  for (const [other, sibling] of history.waited) {
    if (isSameSession(sibling.claim, claim) && sibling.from === span.from) {
      history.waited.delete(other);
      end(history, sibling, at);
    }
  }
}

function isSameSession(a: Claim, b: Claim): boolean {
  return a.agent_id === b.agent_id && a.session_id === b.session_id;
}

function end(history: History, span: Span, at: number): void {
  history.ended.push({ ...span, to: at });
  if (history.ended.length > MOST_SPANS + SLACK) history.ended.splice(0, history.ended.length - MOST_SPANS);
}

/** Forgets what no chart shows any more. */
export function forgetOld(history: History, now: number): void {
  const start = now - LONGEST_WINDOW;
  let old = 0;
  while (old < history.ended.length && history.ended[old]!.to! < start) old++;
  if (old > 0) history.ended.splice(0, old);
  history.gaps = history.gaps.filter((gap) => gap.to >= start);
}

/** Notes that nothing is known from the last event, or from when the page lost the server, until now. */
export function addGap(history: History, from: number, to: number): void {
  const last = history.gaps.at(-1);
  if (last && from <= last.to) last.to = Math.max(last.to, to);
  else history.gaps.push({ from, to });
}

/** Brings the spans that go on into line with a snapshot: what the events did not tell, and what was lost in a gap. */
export function reconcile(history: History, live: Live, now: number): void {
  for (const [token, span] of history.held) {
    if (!live.leases.has(token)) {
      history.held.delete(token);
      end(history, span, lastKnown(history, now));
    }
  }
  for (const [token, lease] of live.leases) {
    if (!history.held.has(token)) history.held.set(token, { kind: 'held', claim: lease, from: lease.acquired_at, to: null });
  }
  for (const [key, span] of history.waited) {
    if (!live.waiters.has(key)) {
      history.waited.delete(key);
      end(history, span, lastKnown(history, now));
    }
  }
  for (const [key, waiter] of live.waiters) {
    if (history.waited.has(key)) continue;
    const sibling = [...history.waited.values()].find((span) => isSameSession(span.claim, waiter));
    history.waited.set(key, { kind: 'waited', claim: waiter, from: sibling?.from ?? null, to: null });
  }
}

function lastKnown(history: History, now: number): number {
  const gap = history.gaps.at(-1);
  return gap && gap.to >= now - SLACK ? gap.from : history.at ?? now;
}

/** Since when an agent waits; null when it began before the first event that is known. */
export function waitsSince(history: History, claim: Claim): number | null {
  return history.waited.get(waitKey(claim))?.from ?? null;
}
