// Which resources are fought over, and when.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { contention, PARTS, type ContentionRow } from '../store/contention.ts';
import { unknownIn } from '../store/history.ts';
import { keyOf } from '../store/resource.ts';
import { duration } from '../store/words.ts';
import type { View } from './context.ts';
import { Empty, Filter, ResourceLink, Rest, Table, useCap } from './parts.tsx';
import { GapNote, LengthChoice, Strip, useLength, type Layer, type Range } from './strip.tsx';

const LEVELS = 4;

export function ContentionTab({ state, now }: View): JSX.Element {
  const [filter, setFilter] = useState('');
  const cap = useCap(60);
  const chosen = useLength();
  const { ms: length, text } = chosen;
  const all = contention(state, filter, now, length);
  const range = { start: now - length, length };
  const peak = Math.max(length / PARTS, ...all.map((row) => Math.max(...row.parts)));
  const most = Math.ceil(peak / (length / PARTS));
  return (
    <>
      <div class="tools">
        <Filter label="Filter" placeholder="path" value={filter} onInput={setFilter} />
        <LengthChoice length={chosen} />
        <p class="legend">
          <span>agents blocked at once: <span class="swatch level1" aria-hidden="true" /> {most === 1 ? 'one, now and then' : 'few'}</span>
          <span><span class="swatch level4" aria-hidden="true" /> {most === 1 ? 'one, all the time' : most}</span>
        </p>
      </div>
      <GapNote history={state.history} start={range.start} />
      {all.length === 0 ? <Empty>{filter === ''
        ? `Nobody waited and nobody was refused in the last ${text}: the agents do not get in each other’s way.`
        : `Nothing that matches “${filter}” was waited for in the last ${text}.`}</Empty> : (
        <div class="chart">
          <Table label={`Resources that agents waited for in the last ${text}`} rows={all.slice(0, cap.most)}
            keyOf={(row) => keyOf(row.named)} columns={[
              { title: 'Resource', cell: (row) => <ResourceLink named={row.named} /> },
              { title: `Last ${text}`, kind: 'grow', cell: (row) => <Strip range={range} gaps={unknownIn(state.history, range.start)}
                layers={levels(row, range, peak)} /> },
              { title: 'Waiting now', kind: 'number', cell: (row) => row.waitsNow > 0 ? <strong>{row.waitsNow}</strong> : '0' },
              { title: 'Waits', kind: 'number', cell: (row) => row.waits },
              { title: 'Refused', kind: 'number', cell: (row) => row.refusals },
              { title: 'Longest', kind: 'number', cell: (row) => duration(row.longestMs) },
              { title: 'In all', kind: 'number', cell: (row) => duration(row.waitedMs) },
            ]} />
        </div>
      )}
      <Rest cap={cap} total={all.length} what="resource" />
    </>
  );
}

function levels(row: ContentionRow, { start, length: whole }: Range, peak: number): Layer[] {
  const length = whole / PARTS;
  const layers: Layer[] = [];
  for (let level = 1; level <= LEVELS; level++) {
    const blocks = row.parts.flatMap((ms, part) => ms > 0 && Math.min(LEVELS, Math.ceil((ms / peak) * LEVELS)) === level
      ? [{ from: start + part * length, to: start + (part + 1) * length }] : []);
    layers.push({ name: `level${level}`, blocks, top: 0, height: 16 });
  }
  return layers;
}
