// The spans of each agent within the last minutes.
import { beganAt, type History, type Span } from './history.ts';
import type { State } from './state.ts';

export interface TimelineRow {
  agent: string;
  held: Span[];
  waited: Span[];
  /** How long it waited within the window, in ms. */
  waitedMs: number;
  heldMs: number;
  isActive: boolean;
}

/** How much of the window a span covers, in ms. */
export function covered(span: Span, history: History, start: number, now: number): number {
  return Math.max(0, Math.min(span.to ?? now, now) - beganAt(span, history, start));
}

/** A row for each agent that within the last `length` ms held or waited for something: those who waited longest first. */
export function timeline(state: State, filter: string, now: number, length: number): TimelineRow[] {
  const start = now - length;
  const word = filter.trim().toLowerCase();
  const found = new Map<string, TimelineRow>();
  const add = (span: Span): void => {
    if (span.kind === 'refused' || (span.to ?? now) < start) return;
    const agent = span.claim.agent_id;
    if (word !== '' && !agent.toLowerCase().includes(word)) return;
    let row = found.get(agent);
    if (!row) found.set(agent, row = { agent, held: [], waited: [], waitedMs: 0, heldMs: 0, isActive: false });
    if (span.kind === 'held') row.held.push(span);
    else row.waited.push(span);
    if (span.to === null) row.isActive = true;
  };
  state.history.ended.forEach(add);
  state.history.held.forEach(add);
  state.history.waited.forEach(add);
  for (const row of found.values()) {
    row.waitedMs = union(row.waited, state.history, start, now);
    row.heldMs = union(row.held, state.history, start, now);
  }
  return [...found.values()].sort((a, b) => b.waitedMs - a.waitedMs || (a.agent < b.agent ? -1 : 1));
}

/** How long at least one of the spans lasted. */
function union(spans: Span[], history: History, start: number, now: number): number {
  let sum = 0;
  let reached = start;
  const blocks = spans.map((span) => ({ began: beganAt(span, history, start), to: Math.min(span.to ?? now, now) }));
  for (const { began, to } of blocks.sort((a, b) => a.began - b.began)) {
    const from = Math.max(began, reached);
    if (to > from) {
      sum += to - from;
      reached = to;
    }
  }
  return sum;
}
