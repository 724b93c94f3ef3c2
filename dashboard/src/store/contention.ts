// Which resources are fought over, and when.
import { beganAt, type Span } from './history.ts';
import { keyOf, ofKey, type Named } from './resource.ts';
import type { State } from './state.ts';
import { covered } from './timeline.ts';

export interface ContentionRow {
  named: Named;
  waitsNow: number;
  waits: number;
  refusals: number;
  /** The sum over all who waited, in ms. */
  waitedMs: number;
  longestMs: number;
  /** The ms waited within each part of the window, the oldest first. */
  parts: number[];
}

export const PARTS = 60;

/** The resources that somebody waited for or was refused within the last `length` ms: the longest waited for first. */
export function contention(state: State, filter: string, now: number, length: number): ContentionRow[] {
  const start = now - length;
  const word = filter.trim().toLowerCase();
  const found = new Map<string, ContentionRow>();
  const rowOf = (named: Named): ContentionRow | null => {
    if (word !== '' && !`${named.resource} ${named.namespace ?? ''}`.toLowerCase().includes(word)) return null;
    const key = keyOf(named);
    let row = found.get(key);
    if (!row) {
      row = { named: ofKey(key), waitsNow: 0, waits: 0, refusals: 0, waitedMs: 0, longestMs: 0, parts: new Array(PARTS).fill(0) };
      found.set(key, row);
    }
    return row;
  };
  const add = (span: Span): void => {
    if (span.kind === 'held' || (span.to !== null && span.to < start)) return;
    const row = rowOf(span.claim);
    if (!row) return;
    if (span.kind === 'refused') {
      row.refusals++;
      return;
    }
    const ms = covered(span, state.history, start, now);
    row.waits++;
    if (span.to === null) row.waitsNow++;
    row.waitedMs += ms;
    row.longestMs = Math.max(row.longestMs, ms);
    spread(row.parts, beganAt(span, state.history, start) - start, Math.min(span.to ?? now, now) - start, length / PARTS);
  };
  state.history.ended.forEach(add);
  state.history.waited.forEach(add);
  return [...found.values()].sort((a, b) =>
    b.waitedMs - a.waitedMs || b.refusals - a.refusals || (a.named.resource < b.named.resource ? -1 : 1));
}

function spread(parts: number[], from: number, to: number, length: number): void {
  for (let part = Math.floor(from / length); part < PARTS && part * length < to; part++) {
    parts[part]! += Math.min(to, (part + 1) * length) - Math.max(from, part * length);
  }
}
