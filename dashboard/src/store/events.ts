// The event stream, filtered.
import type { KlockEvent } from './wire.ts';

export interface EventFilter {
  kinds: string;
  agent: string;
  resource: string;
}

/** What can be chosen, and the kinds of events it stands for. */
export const KINDS: Record<string, { label: string; kinds: string[] | null }> = {
  important: { label: 'All but renewals', kinds: null },
  grants: { label: 'Grants and ends of leases', kinds: ['GRANTED', 'CHANGED', 'RELEASED', 'EXPIRED', 'REVOKED'] },
  waits: { label: 'Waits and refusals', kinds: ['QUEUED', 'PARKED', 'PROMOTED', 'WAIT_ENDED', 'REFUSED'] },
  trouble: { label: 'Refused, expired, revoked, lost', kinds: ['REFUSED', 'EXPIRED', 'REVOKED', 'GAP', 'SESSION_SHARED'] },
  agents: { label: 'Agents', kinds: ['REGISTERED', 'FORGOTTEN'] },
  renewals: { label: 'Renewals', kinds: ['RENEWED', 'KEPT_ALIVE'] },
};

const TROUBLE = new Set(KINDS['trouble']!.kinds);

/** Whether a kind of event says that something did not go as its agent wanted. */
export function isTrouble(kind: string): boolean {
  return TROUBLE.has(kind);
}

const RENEWALS = new Set(['RENEWED', 'KEPT_ALIVE']);

/** The newest first, at most so many, and how many pass the filter. */
export function filterEvents(events: KlockEvent[], filter: EventFilter, most: number): { shown: KlockEvent[]; total: number } {
  const kinds = KINDS[filter.kinds]?.kinds ?? null;
  const agent = filter.agent.trim().toLowerCase();
  const resource = filter.resource.trim().toLowerCase();
  const shown: KlockEvent[] = [];
  let total = 0;
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at]!;
    const passes = (kinds ? kinds.includes(event.kind) : !RENEWALS.has(event.kind))
      && (agent === '' || (event.agent_id ?? '').toLowerCase().includes(agent))
      && (resource === '' || `${event.resource ?? ''} ${event.namespace ?? ''}`.toLowerCase().includes(resource));
    if (!passes) continue;
    total++;
    if (shown.length < most) shown.push(event);
  }
  return { shown, total };
}

/** The rest of what an event says, in words. */
export function detailOf(event: KlockEvent): string {
  if (event.kind === 'GAP') return 'events are missing here';
  if (event.reason !== undefined) return event.reason;
  if (event.outcome !== undefined) return event.outcome;
  if (event.note) return event.note;
  if (event.fencing_token !== undefined) return `token ${event.fencing_token}`;
  return event.priority === undefined ? '' : `priority ${event.priority}`;
}
