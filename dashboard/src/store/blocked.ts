// Who is blocked, by whom, since when.
import type { Live } from './live.ts';
import { conflict, keyOf, meets, placeOf, type Named } from './resource.ts';
import type { State } from './state.ts';
import type { Claim, Lease, Waiter } from './wire.ts';

export interface Blocker {
  claim: Lease | Waiter;
  isHeld: boolean;
}

export interface Blocked {
  /** Unique among the waits. */
  key: string;
  waiter: Waiter;
  /** Who is in the way: holders, then those ahead in the queue. Empty when they are in namespaces that the key does not see. */
  by: Blocker[];
  /** Null: longer than the events go back. */
  since: number | null;
}

/** Finds what meets a resource without looking at everything. */
class Index<T extends Claim> {
  private readonly byNode = new Map<string, T[]>();
  private readonly subtrees: T[] = [];

  constructor(private readonly all: Iterable<T>) {
    for (const claim of all) this.add(claim);
  }

  add(claim: T): void {
    const place = placeOf(claim);
    if (place.isSubtree) this.subtrees.push(claim);
    else {
      const node = nodeKey(claim);
      const there = this.byNode.get(node);
      if (there) there.push(claim);
      else this.byNode.set(node, [claim]);
    }
  }

  *meeting(named: Named): Iterable<T> {
    const place = placeOf(named);
    const candidates = place.isSubtree ? this.all : [...(this.byNode.get(nodeKey(named)) ?? []), ...this.subtrees];
    for (const claim of candidates) if (meets(place, placeOf(claim))) yield claim;
  }
}

/** A file and its symbols share one. */
function nodeKey(named: Named): string {
  const place = placeOf(named);
  return place.node === null ? keyOf(named) : `${place.node}\n${place.namespace ?? ''}\n`;
}

function isInTheWay(claim: Claim, of: Claim): boolean {
  return (claim.agent_id !== of.agent_id || claim.session_id !== of.session_id) && conflict(claim.predicate, of.predicate);
}

/** Everybody who waits, the longest wait first. */
export function blocked(state: State): Blocked[] {
  const { live, history } = state;
  const leases = new Index(live.leases.values());
  const queue = new Index<Waiter>([]);
  const order = new Map([...live.waiters.values()].map((waiter, at) => [waiter, at]));
  for (const waiter of live.waiters.values()) if (waiter.state === 'queued') queue.add(waiter);
  const found = [...live.waiters.entries()].map(([key, waiter]) => ({
    key,
    waiter,
    by: [
      ...[...leases.meeting(waiter)].filter((lease) => isInTheWay(lease, waiter)).map((claim) => ({ claim, isHeld: true })),
      ...[...queueMeeting(queue, live, waiter)].filter((other) => isInTheWay(other, waiter)
        && (waiter.state === 'parked' || order.get(other)! < order.get(waiter)!)).map((claim) => ({ claim, isHeld: false })),
    ],
    since: history.waited.get(key)?.from ?? null,
  }));
  return found.sort((a, b) => (a.since ?? 0) - (b.since ?? 0));
}

function queueMeeting(queue: Index<Waiter>, live: Live, waiter: Waiter): Iterable<Waiter> {
  const place = placeOf(waiter);
  if (!place.isSubtree) return queue.meeting(waiter);
  return [...live.waiters.values()].filter((other) => other.state === 'queued' && meets(place, placeOf(other)));
}
