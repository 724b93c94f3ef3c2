// A line for each agent.
import type { Blocked } from './blocked.ts';
import type { State } from './state.ts';
import type { Lease } from './wire.ts';

export interface AgentLine {
  id: string;
  state: 'waiting' | 'holding' | 'idle';
  /** Since when it is in that state; null when that is longer ago than the events go back. */
  since: number | null;
  holds: Lease[];
  waits: Blocked[];
  /** 1: the oldest. Null: an agent that is not listed, as those in other namespaces. */
  seniority: number | null;
  sessions: number;
}

const ORDER = { waiting: 0, holding: 1, idle: 2 };

/** All agents: those who wait, those who hold something, the idle ones. */
export function agentLines(state: State, waiting: Blocked[]): AgentLine[] {
  const lines = new Map<string, AgentLine>();
  const line = (id: string): AgentLine => {
    let there = lines.get(id);
    if (!there) lines.set(id, there = { id, state: 'idle', since: null, holds: [], waits: [], seniority: null, sessions: 0 });
    return there;
  };
  const oldestFirst = [...state.live.agents.values()].sort((a, b) =>
    (a.priority ?? Infinity) - (b.priority ?? Infinity) || (a.agent_id < b.agent_id ? -1 : 1));
  oldestFirst.forEach((agent, at) => { line(agent.agent_id).seniority = agent.priority === null ? null : at + 1; });
  for (const lease of state.live.leases.values()) line(lease.agent_id).holds.push(lease);
  for (const one of waiting) line(one.waiter.agent_id).waits.push(one);
  for (const each of lines.values()) settle(each, state);
  return [...lines.values()].sort((a, b) =>
    ORDER[a.state] - ORDER[b.state] || (a.state === 'idle' ? (b.since ?? 0) - (a.since ?? 0) : (a.since ?? 0) - (b.since ?? 0))
    || (a.id < b.id ? -1 : 1));
}

function settle(line: AgentLine, state: State): void {
  line.sessions = new Set([...line.holds, ...line.waits.map((one) => one.waiter)].map((claim) => claim.session_id)).size;
  if (line.waits.length > 0) {
    line.state = 'waiting';
    line.since = line.waits.some((one) => one.since === null) ? null : Math.min(...line.waits.map((one) => one.since!));
  } else if (line.holds.length > 0) {
    line.state = 'holding';
    line.since = Math.min(...line.holds.map((lease) => lease.acquired_at));
  } else {
    line.since = state.history.lastSeen.get(line.id) ?? null;
  }
}
