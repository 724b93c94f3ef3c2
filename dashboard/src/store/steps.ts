// The way through the tree of resources to one of them.
import { placeOf, type Named, type Place } from './resource.ts';

// Before the name of a group: no file has it in its own.
const GROUP = '\u0000';

const remembered = new WeakMap<Place, string[]>();

/** The names on the way to a resource. Folders end in '/', so that a file and a folder of one name stay apart. */
export function stepsTo(named: Named): string[] {
  const place = placeOf(named);
  let known = remembered.get(place);
  if (!known) remembered.set(place, known = steps(place));
  return known;
}

/** What a step is called on the page. */
export function nameOfStep(step: string): string {
  return step.startsWith(GROUP) ? step.slice(GROUP.length) : step;
}

function steps(place: Place): string[] {
  const top = place.namespace === undefined ? [] : [`${GROUP}in ${place.namespace}`];
  if (place.node === null) return [...top, `${GROUP}${place.type.toLowerCase().replaceAll('_', ' ')}s`, place.path];
  const path = place.isSubtree ? place.path.slice(0, -2) : place.node;
  const parts = path.split('/');
  const names = parts.map((part, at) => at < parts.length - 1 ? `${part}/` : part).filter((part) => part !== '');
  if (place.isSubtree) return [...top, ...names, '**'];
  return place.isSymbol ? [...top, ...names, `#${place.path.slice(place.node.length + 1)}`] : [...top, ...names];
}
