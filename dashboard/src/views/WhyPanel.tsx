// One resource's story.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keyOf, placeOf, type Named } from '../store/resource.ts';
import { storyOf, type Story } from '../store/story.ts';
import { detailOf } from '../store/events.ts';
import type { KlockEvent, Lease } from '../store/wire.ts';
import { clock, count } from '../store/words.ts';
import { Behind } from './BlockedPane.tsx';
import type { View } from './context.ts';
import { For, Kind, Predicate, ResourceLink, Until } from './parts.tsx';
import { showWhy } from './place.ts';

export function WhyPanel({ state, now, waiting, named, revoke }: View & {
  named: Named; revoke: ((lease: Lease) => void) | null;
}): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
  const key = keyOf(named);
  useEffect(() => title.current?.focus(), [key]);
  const story = storyOf(state, waiting, named);
  const place = placeOf(named);
  return (
    <aside class="why" aria-labelledby="why-title" onKeyDown={(event) => { if (event.key === 'Escape') showWhy(null); }}>
      <header>
        <h2 id="why-title" ref={title} tabIndex={-1}>
          <span class="type">{place.type.toLowerCase().replaceAll('_', ' ')}</span> {place.path}
        </h2>
        <button type="button" class="close" aria-label="Close" onClick={() => showWhy(null)}>✕</button>
      </header>
      {named.namespace !== undefined && <p class="quiet">in {named.namespace}</p>}
      <p class="summary" data-testid="why-summary">{summaryOf(story)}</p>
      {story.holders.length > 0 && <Holders holders={story.holders} named={named} now={now} revoke={revoke} />}
      {story.waits.length > 0 && (
        <section aria-labelledby="why-waits">
          <h3 id="why-waits">Waiting</h3>
          <ul class="claims">
            {story.waits.map((one) => (
              <li key={one.key}>
                <span class="agent">{one.waiter.agent_id}</span> <Predicate of={one.waiter.predicate} /> {one.waiter.state} for{' '}
                <strong><For since={one.since} now={now} known={state.history.since} /></strong>, gives up in{' '}
                <Until at={one.waiter.wait_until} now={now} />
                {keyOf(one.waiter) !== key && <span class="line"><ResourceLink named={one.waiter} /></span>}
                <span class="line quiet">behind <Behind by={one.by} now={now} /></span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="why-events">
        <h3 id="why-events">Last events</h3>
        {story.events.length === 0 ? <p class="quiet">None that this page knows.</p>
          : <ol class="happened">{story.events.map((event) => <Happened key={event.seq} event={event} known={key} />)}</ol>}
      </section>
    </aside>
  );
}

function Happened({ event, known }: { event: KlockEvent; known: string }): JSX.Element {
  const named = { resource: event.resource!, namespace: event.namespace };
  return (
    <li>
      <span class="quiet">{clock(event.at!)}</span>
      <span>
        <Kind of={event.kind} /> <span class="agent">{event.agent_id}</span> <Predicate of={event.predicate ?? ''} />{' '}
        <span class="quiet detail">{detailOf(event)}</span>
        {keyOf(named) !== known && <span class="line"><ResourceLink named={named} /></span>}
      </span>
    </li>
  );
}

function summaryOf({ holders, waits }: Story): string {
  const held = holders.length === 0 ? 'Free' : `${count(holders.length, 'lease')} on it or a part of it`;
  const agents = new Set(waits.map((one) => one.waiter.agent_id)).size;
  return `${held}, ${agents === 0 ? 'nobody waits' : `${count(agents, 'agent')} waiting`}.`;
}

function Holders({ holders, named, now, revoke }: {
  holders: Lease[]; named: Named; now: number; revoke: ((lease: Lease) => void) | null;
}): JSX.Element {
  const key = keyOf(named);
  return (
    <section aria-labelledby="why-holders">
      <h3 id="why-holders">Held by</h3>
      <ul class="claims">
        {holders.map((lease) => (
          <li key={lease.fencing_token}>
            {revoke && (
              <button type="button" class="danger" onClick={() => revoke(lease)}
                aria-label={`Revoke the lease of ${lease.agent_id} on ${lease.resource.slice(0, 200)}`}>Revoke…</button>
            )}
            <span class="agent">{lease.agent_id}</span> <Predicate of={lease.predicate} /> for{' '}
            <strong><For since={lease.acquired_at} now={now} known={null} /></strong>, expires in <Until at={lease.expires_at} now={now} />
            {keyOf(lease) !== key && <span class="line"><ResourceLink named={lease} /></span>}
            {lease.note && <span class="line quiet"><q>{lease.note}</q></span>}
            <span class="line quiet">session {lease.session_id} · token {lease.fencing_token}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
