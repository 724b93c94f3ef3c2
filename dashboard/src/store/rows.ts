// The lines in which the tree of resources is shown.
import type { Node } from './tree.ts';

export type Mark = 'held' | 'contended' | 'waited';

export interface Row {
  node: Node;
  /** With those of the folders before it that contain nothing else. */
  name: string;
  depth: number;
  isOpen: boolean;
}

/** The first lines of the tree, from the top down, without what is beneath folders that are closed; and how many there are. */
export function rows(top: readonly Node[], isClosed: (id: string) => boolean, most = Infinity): { shown: Row[]; total: number } {
  const shown: Row[] = [];
  let total = 0;
  const walk = (nodes: readonly Node[], depth: number): void => {
    for (const each of nodes) {
      const { node, name } = chainFrom(each);
      const isOpen = node.children.length > 0 && !isClosed(node.id);
      total++;
      if (shown.length < most) shown.push({ node, name, depth, isOpen });
      if (isOpen) walk(node.children, depth + 1);
    }
  };
  walk(top, 0);
  return { shown, total };
}

/** A folder that only contains another folder is shown in one line with it. */
function chainFrom(first: Node): { node: Node; name: string } {
  let node = first;
  let name = first.name;
  for (;;) {
    const [only] = node.children;
    if (node.named !== null || node.children.length !== 1 || !only || only.named !== null || !node.name.endsWith('/')
      || !only.name.endsWith('/')) return { node, name };
    node = only;
    name += only.name;
  }
}

/** What is true of a node, or of something beneath it when it is closed; null for a folder that is open. */
export function markOf(row: Row): Mark | null {
  const held = row.isOpen ? row.node.holders.length : row.node.heldBeneath;
  const waited = row.isOpen ? row.node.waiters.length : row.node.waitedBeneath;
  return held > 0 && waited > 0 ? 'contended' : waited > 0 ? 'waited' : held > 0 ? 'held' : null;
}
