// The question that everybody asks first: who is blocked, by whom, since when.
import type { JSX } from 'preact';
import type { Blocker } from '../store/blocked.ts';
import { count } from '../store/words.ts';
import type { View } from './context.ts';
import { For, Predicate, ResourceLink, Rest, Table, Until, useCap } from './parts.tsx';

export function BlockedPane({ state, now, waiting }: View): JSX.Element {
  const cap = useCap(8);
  const agents = new Set(waiting.map((one) => one.waiter.agent_id)).size;
  const known = state.history.since;
  return (
    <section class="blocked" aria-labelledby="blocked-title">
      <h2 id="blocked-title">
        Blocked now <span class="amount" data-testid="blocked-count">{waiting.length === 0 ? 'nobody' : count(agents, 'agent')}</span>
      </h2>
      {waiting.length > 0 && (
        <Table label="Who is blocked, by whom, since when" rows={waiting.slice(0, cap.most)} keyOf={(one) => one.key} columns={[
          { title: 'Agent', cell: (one) => <span class="agent">{one.waiter.agent_id}</span> },
          { title: 'Waits for', kind: 'grow', cell: (one) => (
            <span class="claim"><ResourceLink named={one.waiter} /> <Predicate of={one.waiter.predicate} /></span>
          ) },
          { title: 'Behind', kind: 'grow', cell: (one) => <Behind by={one.by} now={now} /> },
          { title: 'Blocked for', kind: 'number', cell: (one) => <strong><For since={one.since} now={now} known={known} /></strong> },
          { title: 'Gives up in', kind: 'number', cell: (one) => <Until at={one.waiter.wait_until} now={now} /> },
        ]} />
      )}
      <Rest cap={cap} total={waiting.length} what="wait" />
    </section>
  );
}

/** Who is in the way: the first, and how many more. */
export function Behind({ by, now }: { by: Blocker[]; now: number }): JSX.Element {
  const [first] = by;
  if (!first) return <span class="quiet">somebody out of sight</span>;
  const others = new Set(by.map((one) => one.claim.agent_id)).size - 1;
  const note = first.claim.note;
  return (
    <span class="behind">
      <span class="agent">{first.claim.agent_id}</span>{' '}
      <span class="quiet">
        {'acquired_at' in first.claim ? <>has held it for <For since={first.claim.acquired_at} now={now} known={null} /></> : 'waits ahead'}
        {others > 0 && `, and ${count(others, 'other')}`}
        {note && <> · <q>{note}</q></>}
      </span>
    </span>
  );
}

