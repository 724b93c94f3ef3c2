// Who is blocked, by whom, since when.
import { conflict, meets, placeOf, type Named } from './resource.ts';
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

  constructor(private readonly all: readonly T[]) {
    for (const claim of all) this.add(claim);
  }

  private add(claim: T): void {
    const { isSubtree, nodeKey } = placeOf(claim);
    const there = isSubtree ? this.subtrees : this.byNode.get(nodeKey);
    if (there) there.push(claim);
    else this.byNode.set(nodeKey, [claim]);
  }

  meeting(named: Named): T[] {
    const place = placeOf(named);
    const candidates = place.isSubtree ? this.all : [...(this.byNode.get(place.nodeKey) ?? []), ...this.subtrees];
    return candidates.filter((claim) => meets(place, placeOf(claim)));
  }
}

function isInTheWay(claim: Claim, of: Claim): boolean {
  return (claim.agent_id !== of.agent_id || claim.session_id !== of.session_id) && conflict(claim.predicate, of.predicate);
}

/** Who is in whose way, at one moment. Nothing is made before it is asked for: most drawings show a few of those who wait. */
class Ways {
  private leases: Index<Lease> | null = null;
  private queue: Index<Waiter> | null = null;
  private readonly order: Map<Waiter, number>;

  constructor(private readonly held: readonly Lease[], private readonly waiting: readonly Waiter[]) {
    this.order = new Map(waiting.map((waiter, at) => [waiter, at]));
  }

  into(waiter: Waiter): Blocker[] {
    this.leases ??= new Index(this.held);
    this.queue ??= new Index(this.waiting.filter((one) => one.state === 'queued'));
    const turn = waiter.state === 'parked' ? Infinity : this.order.get(waiter)!;
    return [
      ...this.leases.meeting(waiter).filter((lease) => isInTheWay(lease, waiter)).map((claim) => ({ claim, isHeld: true })),
      ...this.queue.meeting(waiter).filter((other) => this.order.get(other)! < turn && isInTheWay(other, waiter))
        .map((claim) => ({ claim, isHeld: false })),
    ];
  }
}

class Wait implements Blocked {
  private found: Blocker[] | null = null;

  constructor(readonly key: string, readonly waiter: Waiter, readonly since: number | null, private readonly ways: Ways) {}

  get by(): Blocker[] {
    return this.found ??= this.ways.into(this.waiter);
  }
}

/** Everybody who waits, the longest wait first. */
export function blocked({ live, history }: State): Blocked[] {
  if (live.waiters.size === 0) return [];
  const ways = new Ways([...live.leases.values()], [...live.waiters.values()]);
  return [...live.waiters].map(([key, waiter]) => new Wait(key, waiter, history.waited.get(key)?.from ?? null, ways))
    .sort((a, b) => (a.since ?? 0) - (b.since ?? 0));
}
