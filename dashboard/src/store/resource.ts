// Which resources meet, and which predicates conflict (docs/protocol-spec.md, KLIS-2 and KLIS-6). Names from the server are in their
// normal form already.

/** A resource's place. */
export interface Place {
  type: string;
  path: string;
  namespace: string | undefined;
  /** The node in the tree of files: a file, the folder of a subtree, a symbol's file. Null for flat names. */
  node: string | null;
  isSubtree: boolean;
  isSymbol: boolean;
  /** One text for all that has the same node and namespace: a file and its symbols. A flat name has one of its own. */
  nodeKey: string;
}

export interface Named {
  resource: string;
  namespace?: string | undefined;
}

const RELATIVE_ROOT = '.';
const MOST_REMEMBERED = 20_000;
const remembered = new Map<string, Place>();

/** One text for a resource and its namespace, which is unique. */
export function keyOf(named: Named): string {
  return named.namespace === undefined ? named.resource : `${named.resource}\n${named.namespace}`;
}

/** A text for a resource within its namespace. */
export function nameOf(named: Named): string {
  return named.namespace === undefined ? named.resource : `${named.resource} in ${named.namespace}`;
}

/** The reverse of `keyOf`. */
export function ofKey(key: string): Named {
  const at = key.indexOf('\n');
  return at < 0 ? { resource: key } : { resource: key.slice(0, at), namespace: key.slice(at + 1) };
}

/** Where a resource is. */
export function placeOf(named: Named): Place {
  const key = keyOf(named);
  let place = remembered.get(key);
  if (place === undefined) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    const parsed = parse(named);
    place = { ...parsed, nodeKey: parsed.node === null ? key : `${parsed.node}\n${parsed.namespace ?? ''}\n` };
    remembered.set(key, place);
  }
  return place;
}

function parse({ resource, namespace }: Named): Omit<Place, 'nodeKey'> {
  const colon = resource.indexOf(':');
  const type = resource.slice(0, Math.max(colon, 0));
  const path = resource.slice(colon + 1);
  const place = { type, path, namespace, node: null, isSubtree: false, isSymbol: false };
  if (type === 'FILE') {
    if (path === '**') return { ...place, node: RELATIVE_ROOT, isSubtree: true };
    if (!path.endsWith('/**')) return { ...place, node: path };
    const folder = path.slice(0, -3);
    const isRoot = folder === '' || /^[A-Za-z]:$/.test(folder);
    return { ...place, node: isRoot ? `${folder}/` : folder, isSubtree: true };
  }
  if (type === 'SYMBOL') {
    const mark = markOf(path);
    if (mark > 0 && mark < path.length - 1) return { ...place, node: path.slice(0, mark), isSymbol: true };
  }
  return place;
}

/** Where a symbol's file ends: the first '#' after the last '/'; after a drive letter '\' counts as '/'. */
function markOf(path: string): number {
  const separator = Math.max(path.lastIndexOf('/'), /^[A-Za-z]:/.test(path) ? path.lastIndexOf('\\') : -1);
  return path.indexOf('#', separator + 1);
}

/** Whether a path of the tree of files is this folder or lies beneath it. */
export function isBeneath(node: string, folder: string): boolean {
  if (folder === RELATIVE_ROOT) return !/^(\/|[A-Za-z]:)/.test(node);
  return node.startsWith(folder) && (node.length === folder.length || folder.endsWith('/') || node[folder.length] === '/');
}

function contains(a: Place, b: Place): boolean {
  if (a.type !== 'FILE' || a.node === null || b.node === null) return false;
  return a.isSubtree ? isBeneath(b.node, a.node) : b.isSymbol && b.node === a.node;
}

/** Whether two resources are equal or one contains the other. */
export function meets(a: Place, b: Place): boolean {
  return a.namespace === b.namespace && ((a.type === b.type && a.path === b.path) || contains(a, b) || contains(b, a));
}

const STRENGTHS: Record<string, number> = { CONSUMES: 0, DEPENDS_ON: 0, PROVIDES: 1 };

/** Whether two predicates conflict on resources that meet. */
export function conflict(a: string, b: string): boolean {
  return (STRENGTHS[a] ?? 2) + (STRENGTHS[b] ?? 2) >= 2;
}
