// The resources as a tree: folders of the repository, files, the symbols in them; other types under their own names.
import { placeOf, type Named, type Place } from './resource.ts';
import type { State } from './state.ts';
import type { Lease, Waiter } from './wire.ts';

export type Mark = 'held' | 'contended' | 'waited';

export interface Node {
  /** Unique in the tree. */
  id: string;
  name: string;
  /** What it is, if it can be held; a folder that only contains others has none. */
  named: Named | null;
  holders: Lease[];
  waiters: Waiter[];
  children: Node[];
  /** How many leases and waits it and all beneath it have. */
  heldBeneath: number;
  waitedBeneath: number;
}

interface Building extends Pick<Node, 'id' | 'name' | 'named' | 'holders' | 'waiters'> {
  children: Map<string, Building>;
}

function building(id: string, name: string): Building {
  return { id, name, named: null, holders: [], waiters: [], children: new Map() };
}

/** The tree of everything that is held or waited for and passes the filter. */
export function tree(state: State, filter: string): Node[] {
  const root = building('', '');
  const word = filter.trim().toLowerCase();
  const add = (claim: Lease | Waiter): Building | null => {
    if (word !== '' && !`${claim.resource} ${claim.namespace ?? ''} ${claim.agent_id}`.toLowerCase().includes(word)) return null;
    let at = root;
    for (const step of rememberedSteps(placeOf(claim))) {
      let next = at.children.get(step);
      if (!next) at.children.set(step, next = building(`${at.id}\n${step}`, step.replace(GROUP, '')));
      at = next;
    }
    at.named ??= claim.namespace === undefined ? { resource: claim.resource } : { resource: claim.resource, namespace: claim.namespace };
    return at;
  };
  for (const lease of state.live.leases.values()) add(lease)?.holders.push(lease);
  for (const waiter of state.live.waiters.values()) add(waiter)?.waiters.push(waiter);
  return finish(root).children;
}

// Before the name of a group: no file has it in its own.
const GROUP = '\u0000';

const steps = new WeakMap<Place, string[]>();

function rememberedSteps(place: Place): string[] {
  let known = steps.get(place);
  if (!known) steps.set(place, known = stepsTo(place));
  return known;
}

/** The names on the way to a resource. Folders end in '/', so that a file and a folder of one name stay apart. */
function stepsTo(place: Place): string[] {
  const top = place.namespace === undefined ? [] : [`${GROUP}in ${place.namespace}`];
  if (place.node === null) return [...top, `${GROUP}${place.type.toLowerCase().replaceAll('_', ' ')}s`, place.path];
  const path = place.isSubtree ? place.path.slice(0, -2) : place.node;
  const parts = path.split('/');
  const names = parts.map((part, at) => at < parts.length - 1 ? `${part}/` : part).filter((part) => part !== '');
  if (place.isSubtree) return [...top, ...names, '**'];
  return place.isSymbol ? [...top, ...names, `#${place.path.slice(place.node.length + 1)}`] : [...top, ...names];
}

function finish(from: Building): Node {
  const { id, name, named, holders, waiters } = from;
  const node: Node = { id, name, named, holders, waiters, children: [], heldBeneath: holders.length, waitedBeneath: waiters.length };
  for (const each of from.children.values()) {
    const child = shorten(finish(each));
    node.children.push(child);
    node.heldBeneath += child.heldBeneath;
    node.waitedBeneath += child.waitedBeneath;
  }
  node.children.sort(byName);
  return node;
}

/** A folder that only contains another folder is shown in one line with it. */
function shorten(node: Node): Node {
  const [only] = node.children;
  const isChain = node.named === null && node.children.length === 1 && only?.named === null && node.name.endsWith('/')
    && only.name.endsWith('/');
  return isChain ? { ...only, name: node.name + only.name } : node;
}

function byName(a: Node, b: Node): number {
  const folders = Number(b.children.length > 0) - Number(a.children.length > 0);
  return folders || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

export interface Row {
  node: Node;
  depth: number;
  isOpen: boolean;
}

/** The lines of the tree, from the top down, without what is beneath folders that are closed. */
export function rows(nodes: Node[], isClosed: (id: string) => boolean, depth = 0): Row[] {
  return nodes.flatMap((node) => {
    const isOpen = node.children.length > 0 && !isClosed(node.id);
    return [{ node, depth, isOpen }, ...(isOpen ? rows(node.children, isClosed, depth + 1) : [])];
  });
}

/** What is true of a node, or of something beneath it when it is closed; null for a folder that is open. */
export function markOf(row: Row): Mark | null {
  const held = row.isOpen ? row.node.holders.length : row.node.heldBeneath;
  const waited = row.isOpen ? row.node.waiters.length : row.node.waitedBeneath;
  return held > 0 && waited > 0 ? 'contended' : waited > 0 ? 'waited' : held > 0 ? 'held' : null;
}

/** A text for a resource within its namespace. */
export function nameOf(named: Named): string {
  return named.namespace === undefined ? named.resource : `${named.resource} in ${named.namespace}`;
}

