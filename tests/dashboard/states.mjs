// States of the page, and what makes them, without a browser.
import { pathToFileURL } from 'node:url';
import { store } from './place.mjs';

const { emptyState, rows, takeSnapshot, Tree } = await import(pathToFileURL(store).href);

export const T0 = 1_800_000_000_000;
export const WHOLE = { events: [], isWhole: true };
export let sequence = 100;

/** The next number of an event, or one that is so much later. */
export function next(by = 1) {
  sequence += by;
  return sequence;
}

export function claim(agent, resource, more = {}) {
  return { agent_id: agent, session_id: 's', resource, predicate: 'MUTATES', ...more };
}

export function lease(agent, resource, more = {}) {
  return {
    id: 'secret', ...claim(agent, resource), acquired_at: T0, ttl: 60_000, expires_at: T0 + 60_000, fencing_token: ++sequence, note: null,
    ...more,
  };
}

export function waiter(agent, resource, more = {}) {
  return { ...claim(agent, resource), state: 'queued', wait_until: T0 + 60_000, note: null, ...more };
}

export function event(kind, agent, resource, more = {}) {
  const seq = ++sequence;
  const granted = kind === 'GRANTED' ? { fencing_token: seq, expires_at: T0 + 60_000, note: null } : {};
  return { seq, kind, at: T0, ...claim(agent, resource), ...granted, ...more };
}

export const ANN = { agent_id: 'a', priority: 1 };

/** The lines of the tree; `kept` is one that was shown before. */
export function linesOf(state, { filter = '', kept = new Tree(filter) } = {}) {
  kept.update(state.live);
  return rows(kept.top, () => false).shown.map((row) => `${'  '.repeat(row.depth)}${row.name}`);
}

export function stateOf({ leases = [], waiters = [], agents = [] } = {}, now = T0) {
  const state = emptyState();
  takeSnapshot(state, { sequence: ++sequence, time: '', leases, waiters, agents }, WHOLE, now);
  return state;
}
