// Who holds, who waits and which agents there are: a snapshot, and what the events after it change.
import { keyOf } from './resource.ts';
import { addWait, equalWaits, takeWait } from './waits.ts';
import type { Agent, Claim, KlockEvent, Lease, Snapshot, Waiter } from './wire.ts';

export interface Live {
  /** The number of the last event that is in it. */
  sequence: number;
  /** By fencing token, which is unique. No lease id is kept: it is the right to release the lease. */
  leases: Map<number, Lease>;
  /** In the order of their arrival; see waits.ts for the keys. */
  waiters: Map<string, Waiter>;
  agents: Map<string, Agent>;
  /** An event did not say all that it changed: only a new snapshot is right again. */
  isStale: boolean;
  /** By a key that is confined to namespaces: it is told of agents only while they hold or wait for something there. */
  isConfined: boolean;
}

export function emptyLive(): Live {
  return { sequence: -1, leases: new Map(), waiters: new Map(), agents: new Map(), isStale: false, isConfined: false };
}

export function liveOf(snapshot: Snapshot, isConfined = false): Live {
  const waiters = new Map<string, Waiter>();
  for (const waiter of snapshot.waiters) addWait(waiters, waiter, waiter);
  return {
    sequence: snapshot.sequence,
    leases: new Map(snapshot.leases.map((lease) => [lease.fencing_token, withoutId(lease)])),
    waiters,
    agents: new Map(snapshot.agents.map((agent) => [agent.agent_id, agent])),
    isStale: false,
    isConfined,
  };
}

function withoutId(lease: Lease & { id?: string }): Lease {
  const { id: _, ...rest } = lease;
  return rest;
}

/** Changes the state as an event says; one that is in it already changes nothing. */
export function applyToLive(live: Live, event: KlockEvent): void {
  if (event.seq <= live.sequence) return;
  live.sequence = event.seq;
  switch (event.kind) {
    case 'REGISTERED':
      live.agents.set(event.agent_id!, { agent_id: event.agent_id!, priority: event.priority ?? 0 });
      break;
    case 'FORGOTTEN':
      live.agents.delete(event.agent_id!);
      break;
    case 'GRANTED':
      requireAgent(live, event);
      live.leases.set(event.fencing_token!, leaseOf(event));
      break;
    case 'RENEWED':
      renew(live, event);
      break;
    case 'CHANGED':
      change(live, event);
      break;
    case 'RELEASED':
    case 'EXPIRED':
    case 'REVOKED':
      live.leases.delete(event.fencing_token!);
      dropIdle(live, event);
      break;
    case 'QUEUED':
    case 'PARKED':
    case 'PROMOTED':
      wait(live, event);
      break;
    case 'WAIT_ENDED':
      endWait(live, event);
      break;
    case 'CREATED':
    case 'RESUMED':
    case 'GAP':
      live.isStale = true;
      break;
    default:
      break;
  }
}

/** A key that is confined to namespaces sees what an agent does there, and not that it registered. */
function requireAgent(live: Live, event: KlockEvent): void {
  if (live.agents.has(event.agent_id!)) return;
  if (live.isConfined) live.agents.set(event.agent_id!, { agent_id: event.agent_id!, priority: null });
  else live.isStale = true;
}

function dropIdle(live: Live, event: KlockEvent): void {
  if (!live.isConfined) return;
  for (const claims of [live.leases, live.waiters]) {
    for (const claim of claims.values()) if (claim.agent_id === event.agent_id) return;
  }
  live.agents.delete(event.agent_id!);
}

function claimOf(event: KlockEvent): Claim {
  return {
    agent_id: event.agent_id!,
    session_id: event.session_id!,
    resource: event.resource!,
    ...(event.namespace === undefined ? {} : { namespace: event.namespace }),
    predicate: event.predicate!,
    ...(event.senior ? { senior: true } : {}),
  };
}

function leaseOf(event: KlockEvent, acquiredAt = event.at!): Lease {
  return {
    ...claimOf(event),
    acquired_at: acquiredAt,
    ttl: event.expires_at! - event.at!,
    expires_at: event.expires_at!,
    fencing_token: event.fencing_token!,
    note: event.note ?? null,
  };
}

function renew(live: Live, event: KlockEvent): void {
  const lease = live.leases.get(event.fencing_token!);
  if (lease) live.leases.set(event.fencing_token!, leaseOf(event, lease.acquired_at));
}

/** The event has the new token alone. */
function change(live: Live, event: KlockEvent): void {
  const key = keyOf({ resource: event.resource!, namespace: event.namespace });
  const before = [...live.leases.values()].filter((lease) =>
    lease.agent_id === event.agent_id && lease.session_id === event.session_id && keyOf(lease) === key);
  const [only] = before;
  if (before.length === 1 && only) live.leases.delete(only.fencing_token);
  else live.isStale = true;
  live.leases.set(event.fencing_token!, leaseOf(event, only?.acquired_at));
}

/** A request for several resources has one event, which names the first of them. */
function wait(live: Live, event: KlockEvent): void {
  requireAgent(live, event);
  const waiter: Waiter = {
    ...claimOf(event),
    state: event.kind === 'PARKED' ? 'parked' : 'queued',
    wait_until: event.wait_until!,
    note: event.note ?? null,
  };
  // A later page of a snapshot may have had it already, and of equal ones it is not said which is promoted.
  if ((event.intents ?? 1) > 1 || equalWaits(live.waiters, waiter) > (event.kind === 'PROMOTED' ? 1 : 0)) live.isStale = true;
  // Whoever is promoted goes to the end of the queue.
  if (event.kind === 'PROMOTED') takeWait(live.waiters, waiter);
  addWait(live.waiters, waiter, waiter);
}

function endWait(live: Live, event: KlockEvent): void {
  takeWait(live.waiters, claimOf(event));
  for (const waiter of live.waiters.values()) {
    if (waiter.agent_id === event.agent_id && waiter.session_id === event.session_id) live.isStale = true;
  }
  dropIdle(live, event);
}
