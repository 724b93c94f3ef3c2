// What happens, as it happens. It can be paused to read.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { detailOf, filterEvents, KINDS, type EventFilter } from '../store/events.ts';
import type { KlockEvent } from '../store/wire.ts';
import { clock, count } from '../store/words.ts';
import type { View } from './context.ts';
import { Empty, Filter, Kind, Predicate, ResourceLink, Rest, Table, useCap } from './parts.tsx';

export function EventsTab({ state }: View): JSX.Element {
  const [filter, setFilter] = useState<EventFilter>({ kinds: 'important', agent: '', resource: '' });
  const [paused, setPaused] = useState<Record<'events' | 'renewals', KlockEvent[]> | null>(null);
  const cap = useCap(100);
  const { events: others, renewals } = paused ?? state.history;
  const events = filter.kinds === 'renewals' ? renewals : others;
  const { shown, total } = filterEvents(events, filter, cap.most);
  const last = paused?.events.at(-1)?.seq ?? 0;
  const missed = paused ? state.history.events.filter((event) => event.seq > last).length : 0;
  return (
    <>
      <div class="tools">
        <label class="filter">
          <span>Kind</span>
          <select value={filter.kinds} onChange={(event) => setFilter({ ...filter, kinds: event.currentTarget.value })}>
            {Object.entries(KINDS).map(([name, { label }]) => <option key={name} value={name}>{label}</option>)}
          </select>
        </label>
        <Filter label="Agent" value={filter.agent} onInput={(agent) => setFilter({ ...filter, agent })} />
        <Filter label="Resource" value={filter.resource} onInput={(resource) => setFilter({ ...filter, resource })} />
        <button type="button" aria-pressed={paused !== null}
          onClick={() => setPaused(paused ? null : { events: [...others], renewals: [...renewals] })}>
          {paused ? 'Go on' : 'Pause'}
        </button>
        {paused && <span class="quiet" role="status">Paused; {count(missed, 'newer event')}.</span>}
      </div>
      {total === 0 ? <Empty>{events.length === 0 ? 'No event is known yet: they appear here as they happen.'
        : 'No event that this page knows matches the filter.'}</Empty>
        : <EventTable label="Events, the newest first" events={shown} />}
      <Rest cap={cap} total={total} what="event" />
    </>
  );
}

function EventTable({ label, events }: { label: string; events: KlockEvent[] }): JSX.Element {
  return (
    <Table name="events" signature={() => ''} label={label} rows={events} keyOf={(event) => event.seq} columns={[
      { title: 'Time', cell: (event) => event.at === undefined ? '' : clock(event.at) },
      { title: 'Kind', cell: (event) => <Kind of={event.kind} /> },
      { title: 'Agent', cell: (event) => event.agent_id && <span class="agent">{event.agent_id}</span> },
      { title: 'Resource', kind: 'grow', cell: (event) => event.resource !== undefined && (
        <span class="claim">
          <ResourceLink named={{ resource: event.resource, namespace: event.namespace }} />{' '}
          {event.predicate && <Predicate of={event.predicate} />}
        </span>
      ) },
      { title: 'Detail', cell: (event) => <span class="quiet detail">{detailOf(event)}</span> },
    ]} />
  );
}
