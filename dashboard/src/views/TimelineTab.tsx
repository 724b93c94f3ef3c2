// One row an agent: when it held something, when it was blocked, and when nothing is known.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { beganAt, unknownIn, type History, type Span } from '../store/history.ts';
import { timeline, type TimelineRow } from '../store/timeline.ts';
import { duration } from '../store/words.ts';
import type { View } from './context.ts';
import { Empty, Filter, Rest, Table, useCap } from './parts.tsx';
import { GapNote, LengthChoice, Strip, useLength, type Block, type Range } from './strip.tsx';

export function TimelineTab({ state, now }: View): JSX.Element {
  const [filter, setFilter] = useState('');
  const cap = useCap(60);
  const chosen = useLength();
  const { ms: length, text } = chosen;
  const all = timeline(state, filter, now, length);
  const start = now - length;
  const gaps = unknownIn(state.history, start);
  return (
    <>
      <div class="tools">
        <Filter label="Filter" placeholder="agent" value={filter} onInput={setFilter} />
        <LengthChoice length={chosen} />
        <p class="legend">
          <span><span class="swatch held" aria-hidden="true" /> held something</span>
          <span><span class="swatch waited" aria-hidden="true" /> was blocked</span>
          <span><span class="swatch gap" aria-hidden="true" /> not known</span>
        </p>
      </div>
      <GapNote history={state.history} start={start} />
      {all.length === 0 ? <Empty commands={['klock events']}>{filter === ''
        ? `Nobody held or waited for anything in the last ${text}. This command shows older events.`
        : `No agent that matches “${filter}” held or waited for anything in the last ${text}.`}</Empty> : (
        <div class="chart">
          <Table label={`What each agent did in the last ${text}`} rows={all.slice(0, cap.most)} keyOf={(row) => row.agent} columns={[
            { title: 'Agent', cell: (row) => <span class="agent">{row.agent}</span> },
            { title: `Last ${text}`, kind: 'grow', cell: (row) =>
              <Row row={row} range={{ start, length }} now={now} gaps={gaps} history={state.history} /> },
            { title: 'Held', kind: 'number', cell: (row) => duration(row.heldMs) },
            { title: 'Blocked', kind: 'number', cell: (row) => row.waitedMs > 0 ? <strong>{duration(row.waitedMs)}</strong> : '0 s' },
          ]} />
        </div>
      )}
      <Rest cap={cap} total={all.length} what="agent" />
    </>
  );
}

function Row({ row, range, now, gaps, history }: {
  row: TimelineRow; range: Range; now: number; gaps: Block[]; history: History;
}): JSX.Element {
  const toBlocks = (spans: Span[]): Block[] =>
    spans.map((span) => ({ from: beganAt(span, history, range.start), to: span.to ?? now })).sort((a, b) => a.from - b.from);
  return (
    <Strip range={range} gaps={gaps} layers={[
      { name: 'held', blocks: toBlocks(row.held), top: 3, height: 10 },
      { name: 'waited', blocks: toBlocks(row.waited), top: 0, height: 16 },
    ]} />
  );
}
