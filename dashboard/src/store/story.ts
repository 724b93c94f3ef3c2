// One resource's story: who holds it or a part of it, who waits, what happened there lately. As `klock why` tells it.
import type { Blocked } from './blocked.ts';
import { meets, placeOf, type Named } from './resource.ts';
import type { State } from './state.ts';
import type { KlockEvent, Lease } from './wire.ts';

export interface Story {
  named: Named;
  holders: Lease[];
  waits: Blocked[];
  /** The newest first. */
  events: KlockEvent[];
}

// Beside the holders renewals say nothing new.
const ROUTINE = new Set(['RENEWED', 'KEPT_ALIVE']);

export function storyOf(state: State, waiting: Blocked[], named: Named, mostEvents = 20): Story {
  const place = placeOf(named);
  const events: KlockEvent[] = [];
  for (let at = state.history.events.length - 1; at >= 0 && events.length < mostEvents; at--) {
    const event = state.history.events[at]!;
    if (event.resource === undefined || ROUTINE.has(event.kind)) continue;
    if (meets(place, placeOf({ resource: event.resource, namespace: event.namespace }))) events.push(event);
  }
  return {
    named,
    holders: [...state.live.leases.values()].filter((lease) => meets(place, placeOf(lease))).sort((a, b) => a.acquired_at - b.acquired_at),
    waits: waiting.filter((one) => meets(place, placeOf(one.waiter))),
    events,
  };
}
