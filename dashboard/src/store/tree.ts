// The resources as a tree: folders of the repository, files, the symbols in them; other types under their own names.
import type { Live } from './live.ts';
import { keyOf, type Named } from './resource.ts';
import { nameOfStep, stepsTo } from './steps.ts';
import type { Claim, Lease, Waiter } from './wire.ts';

export interface Node {
  /** Unique in the tree. */
  id: string;
  name: string;
  /** What it is, if it can be held; a folder that only contains others has none. */
  named: Named | null;
  /** As they were granted: what a renewal changes is not kept up to date. */
  holders: readonly Lease[];
  waiters: readonly Waiter[];
  /** Folders before files, by their names. */
  children: readonly Node[];
  /** How many leases and waits it and all beneath it have. */
  heldBeneath: number;
  waitedBeneath: number;
  /** Another one, which no node ever had, whenever something in it or beneath it changes. */
  version: number;
}

let lastVersion = 0;

class Branch implements Node {
  readonly name: string;
  named: Named | null = null;
  holders: Lease[] = [];
  waiters: Waiter[] = [];
  heldBeneath = 0;
  waitedBeneath = 0;
  version = ++lastVersion;
  private readonly steps = new Map<string, Branch>();
  private sorted: Branch[] | null = null;

  constructor(readonly id: string, step: string, private readonly parent: Branch | null) {
    this.name = nameOfStep(step);
  }

  get children(): readonly Branch[] {
    return this.sorted ??= [...this.steps.values()].sort(foldersFirst);
  }

  get isFolder(): boolean {
    return this.steps.size > 0;
  }

  child(step: string): Branch {
    let there = this.steps.get(step);
    if (!there) {
      this.steps.set(step, there = new Branch(`${this.id}\n${step}`, step, this));
      this.childrenChanged();
    }
    return there;
  }

  drop(step: string): void {
    this.steps.delete(step);
    this.childrenChanged();
  }

  private childrenChanged(): void {
    this.sorted = null;
    // It may have become a folder, or be one no longer.
    if (this.parent && this.steps.size <= 1) this.parent.sorted = null;
  }
}

function foldersFirst(a: Branch, b: Branch): number {
  return Number(b.isFolder) - Number(a.isFolder) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/** Everything that is held or waited for and passes a filter. It is kept, and changed only where something came or went. */
export class Tree {
  private readonly root = new Branch('', '', null);
  private readonly leases = new Map<number, Lease>();
  private readonly waiters = new Set<Waiter>();
  private readonly word: string;
  private touched = 0;

  constructor(filter: string) {
    this.word = filter.trim().toLowerCase();
  }

  get top(): readonly Node[] {
    return this.root.children;
  }

  /** Takes in what changed since the last time; says how many nodes that touched. */
  update(live: Live): number {
    this.touched = 0;
    this.takeLeases(live.leases);
    this.takeWaiters(new Set(live.waiters.values()));
    return this.touched;
  }

  private takeLeases(now: ReadonlyMap<number, Lease>): void {
    for (const [token, lease] of this.leases) {
      const same = now.get(token);
      if (same === lease) continue;
      if (same && isShownAlike(lease, same)) {
        this.leases.set(token, same);
      } else {
        this.leases.delete(token);
        this.change(lease, (node) => { node.holders = node.holders.filter((one) => one.fencing_token !== token); }, { held: -1 });
      }
    }
    for (const [token, lease] of now) {
      if (this.leases.has(token)) continue;
      this.leases.set(token, lease);
      this.change(lease, (node) => { node.holders.push(lease); }, { held: 1 });
    }
  }

  private takeWaiters(now: ReadonlySet<Waiter>): void {
    for (const waiter of this.waiters) {
      if (now.has(waiter)) continue;
      this.waiters.delete(waiter);
      this.change(waiter, (node) => { node.waiters = node.waiters.filter((one) => one !== waiter); }, { waited: -1 });
    }
    for (const waiter of now) {
      if (this.waiters.has(waiter)) continue;
      this.waiters.add(waiter);
      this.change(waiter, (node) => { node.waiters.push(waiter); }, { waited: 1 });
    }
  }

  /** Changes the node of a claim, and what all nodes on the way to it say of what is beneath them. */
  private change(claim: Lease | Waiter, to: (node: Branch) => void, { held = 0, waited = 0 }): void {
    if (!this.passes(claim)) return;
    const steps = stepsTo(claim);
    const way = [this.root];
    for (const step of steps) way.push(way.at(-1)!.child(step));
    const node = way.at(-1)!;
    to(node);
    const isClaimed = node.holders.length + node.waiters.length > 0;
    node.named = !isClaimed ? null : { resource: claim.resource, ...(claim.namespace === undefined ? {} : { namespace: claim.namespace }) };
    for (const each of way) {
      each.heldBeneath += held;
      each.waitedBeneath += waited;
      each.version = ++lastVersion;
    }
    this.touched += steps.length;
    for (let at = steps.length; at > 0 && isGone(way[at]!); at--) way[at - 1]!.drop(steps[at - 1]!);
  }

  private passes({ resource, namespace, agent_id }: Claim): boolean {
    return this.word === '' || `${resource} ${namespace ?? ''} ${agent_id}`.toLowerCase().includes(this.word);
  }
}

function isGone(node: Branch): boolean {
  return node.heldBeneath + node.waitedBeneath === 0;
}

/** A renewal, and a snapshot that tells of a lease again, change no line. Another store may have the same tokens. */
function isShownAlike(a: Lease, b: Lease): boolean {
  return a.acquired_at === b.acquired_at && a.agent_id === b.agent_id && a.predicate === b.predicate && keyOf(a) === keyOf(b);
}
