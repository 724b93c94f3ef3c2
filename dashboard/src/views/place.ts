// Which tab is shown and whose story, in the address: it can be kept, sent and gone back to.
import type { Named } from '../store/resource.ts';

export const TABS = ['resources', 'agents', 'timeline', 'contention', 'events'] as const;
export type Tab = (typeof TABS)[number];

export interface Place {
  tab: Tab;
  why: Named | null;
}

export function readPlace(): Place {
  const fields = new URLSearchParams(location.hash.slice(1));
  const tab = TABS.find((name) => name === fields.get('tab')) ?? 'resources';
  const resource = fields.get('why');
  const namespace = fields.get('namespace');
  if (resource === null) return { tab, why: null };
  return { tab, why: namespace === null ? { resource } : { resource, namespace } };
}

export function go(place: Place): void {
  const fields = new URLSearchParams({ tab: place.tab });
  if (place.why) fields.set('why', place.why.resource);
  if (place.why?.namespace !== undefined) fields.set('namespace', place.why.namespace);
  location.hash = fields.toString();
}

export function showWhy(why: Named | null): void {
  go({ tab: readPlace().tab, why });
}
