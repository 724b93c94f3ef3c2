// What happened lately: the events, and from when to when something was held or waited for.
import type { Live } from './live.ts';
import { addWait, takeWait, waitKey } from './waits.ts';
import type { Claim, KlockEvent } from './wire.ts';

/** From when to when an agent held or waited for a resource, or the moment when it was refused. */
export interface Span {
  kind: 'held' | 'waited' | 'refused';
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
  /** All but renewals, the oldest first. */
  events: KlockEvent[];
  /** The last ones: there are so many that the other events would soon be gone. */
  renewals: KlockEvent[];
  /** Ended spans, in the order of their ends. */
  ended: Span[];
  held: Map<number, Span>;
  /** See waits.ts for the keys. */
  waited: Map<string, Span>;
  /** When nothing is known. */
  gaps: Gap[];
  /** From when on everything is known, gaps aside; null while nothing is. */
  since: number | null;
  /** When each agent last did something. */
  lastSeen: Map<string, number>;
  /** The time of the last event. */
  at: number | null;
  /** The number of the last snapshot since which no event was lost: what goes on is all known. -1: there is none. */
  wholeFrom: number;
}

/** How far back the charts go at the most, in ms. */
export const LONGEST_WINDOW = 30 * 60_000;
export const MOST_EVENTS = 10_000;
const MOST_RENEWALS = 1_000;
const MOST_SPANS = 20_000;
const SLACK = 1_000;

export function emptyHistory(): History {
  return {
    sequence: -1, events: [], renewals: [],
    ended: [], held: new Map(), waited: new Map(), gaps: [], since: null, lastSeen: new Map(), at: null,
    wholeFrom: -1,
  };
}

/** Adds an event; one that is in it already changes nothing. */
export function applyToHistory(history: History, event: KlockEvent): void {
  if (event.seq <= history.sequence) return;
  history.sequence = event.seq;
  if (event.kind === 'RENEWED') keep(history.renewals, event, MOST_RENEWALS);
  else keep(history.events, event, MOST_EVENTS);
  if (event.at === undefined) return;
  history.since ??= event.at;
  history.at = event.at;
  if (event.agent_id !== undefined) history.lastSeen.set(event.agent_id, event.at);
  follow(history, event, event.at);
}

/** Adds to a list with a bound; the last one that it drops for that. */
function keep<T>(list: T[], one: T, most: number): T | undefined {
  list.push(one);
  return list.length > most + SLACK ? list.splice(0, list.length - most).at(-1) : undefined;
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
      const span = history.held.get(event.fencing_token!) ?? unknownUntilNow(history, 'held', claimOf(event));
      history.held.delete(event.fencing_token!);
      if (span) end(history, span, at);
      break;
    }
    case 'QUEUED':
    case 'PARKED':
    case 'PROMOTED':
      beginWait(history, event, at);
      break;
    case 'WAIT_ENDED':
      endWaits(history, claimOf(event), at);
      break;
    case 'REFUSED':
      end(history, { kind: 'refused', claim: claimOf(event), from: at, to: at }, at);
      break;
    case 'FORGOTTEN':
      history.lastSeen.delete(event.agent_id!);
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

function beginWait(history: History, event: KlockEvent, at: number): void {
  const claim = claimOf(event);
  const there = history.waited.get(waitKey(claim));
  if (there && event.kind === 'PROMOTED') return;
  // A snapshot told of it before its event came.
  if (there && event.seq <= history.wholeFrom) there.from ??= at;
  else addWait(history.waited, claim, { kind: 'waited', claim, from: at, to: null });
}

/** What ends and was not known to go on. Null when all was known: then a snapshot without it, as it was overdue, has ended it. */
function unknownUntilNow(history: History, kind: Span['kind'], claim: Claim): Span | null {
  return history.wholeFrom >= 0 ? null : { kind, claim, from: null, to: null };
}

/** A wait for several resources has one event; its spans were opened by `reconcile`. */
function endWaits(history: History, claim: Claim, at: number): void {
  const key = waitKey(claim);
  const span = takeWait(history.waited, claim) ?? unknownUntilNow(history, 'waited', claim);
  if (!span) return;
  end(history, span, at);
  for (const [other, sibling] of history.waited) {
    if (isSameSession(sibling.claim, claim) && sibling.from === span.from && waitKey(sibling.claim) !== key) {
      history.waited.delete(other);
      end(history, sibling, at);
    }
  }
}

function isSameSession(a: Claim, b: Claim): boolean {
  return a.agent_id === b.agent_id && a.session_id === b.session_id;
}

function end(history: History, span: Span, at: number): void {
  const dropped = keep(history.ended, { ...span, to: at }, MOST_SPANS);
  // From there on, all is kept.
  if (dropped) history.since = Math.max(history.since ?? dropped.to!, dropped.to!);
}

/** Forgets what no chart shows any more. */
export function forgetOld(history: History, now: number): void {
  const start = now - LONGEST_WINDOW;
  let old = 0;
  while (old < history.ended.length && history.ended[old]!.to! < start) old++;
  if (old > 0) history.ended.splice(0, old);
  history.gaps = history.gaps.filter((gap) => gap.to >= start);
  dropBefore(history.events, start);
  dropBefore(history.renewals, start);
}

function dropBefore(events: KlockEvent[], start: number): void {
  const first = events.findIndex((event) => (event.at ?? 0) >= start);
  if (first !== 0) events.splice(0, first < 0 ? events.length : first);
}

/** When, within a chart that starts at `start`, it is not known what happened. */
export function unknownIn(history: History, start: number): Gap[] {
  const { gaps, since } = history;
  return since !== null && since > start ? [{ from: start, to: since }, ...gaps] : gaps;
}

/** Notes that nothing is known from the last event, or from when the page lost the server, until now. */
export function addGap(history: History, from: number, to: number): void {
  history.wholeFrom = -1;
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
  history.wholeFrom = live.sequence;
}

/** When something ended whose end no event told: as far as known in a gap, else just now, as it was overdue. */
function lastKnown(history: History, now: number): number {
  const gap = history.gaps.at(-1);
  return gap && gap.to >= now - SLACK ? gap.from : now;
}

/** When a span began within a chart that starts at `start`: of one whose beginning is not known, the least. */
export function beganAt(span: Span, history: History, start: number): number {
  return Math.max(start, span.from ?? history.since ?? start);
}
