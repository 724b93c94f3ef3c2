// A row of a chart: blocks along the time axis. One path for each kind, whatever it has of blocks.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Gap, History } from '../store/history.ts';
import { clock } from '../store/words.ts';

export interface Block {
  from: number;
  to: number;
}

// Units of the drawing, which is stretched to the width there is.
export const WIDTH = 1_000;
const LEAST = 1.2;

function pathOf(blocks: Block[], { start, length }: Range, top: number, height: number): string {
  let path = '';
  let reached = -1;
  for (const block of blocks) {
    const from = Math.max(0, ((block.from - start) / length) * WIDTH);
    const to = Math.min(WIDTH, Math.max(((block.to - start) / length) * WIDTH, from + LEAST));
    if (to <= reached) continue;
    const left = Math.max(from, reached);
    reached = to;
    path += `M${left.toFixed(1)} ${top}H${to.toFixed(1)}v${height}H${left.toFixed(1)}z`;
  }
  return path;
}

/** What the chart shows, from its left end on, in ms. */
export interface Range {
  start: number;
  length: number;
}

export interface Layer {
  name: string;
  blocks: Block[];
  top: number;
  height: number;
}

/** Decoration for those who see it: the row says the same in words. */
export function Strip({ layers, range, gaps }: { layers: Layer[]; range: Range; gaps: Gap[] }): JSX.Element {
  return (
    <svg class="strip" viewBox={`0 0 ${WIDTH} 16`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {gaps.map((gap) => <path key={`gap${gap.from}`} class="gap" d={pathOf([gap], range, 7, 2)} />)}
      {layers.map((layer) => (
        <path key={layer.name} class={layer.name} d={pathOf(layer.blocks, range, layer.top, layer.height)} />
      ))}
    </svg>
  );
}

/** What a chart does not know, in words. */
export function GapNote({ history: { gaps, since }, start }: { history: History; start: number }): JSX.Element | null {
  const lost = gaps.map((gap) => `from ${clock(gap.from)} to ${clock(gap.to)}`);
  const begin = since !== null && since > start ? `Events are known from ${clock(since)} on.` : '';
  if (lost.length === 0) return begin === '' ? null : <p class="note">{begin}</p>;
  return <p class="note">Events are missing {lost.slice(-3).join(', ')}: what was held then is not known. {begin}</p>;
}

// In minutes.
const LENGTHS = [1, 5, 10, 30];

/** How far back the charts go, in ms. It is kept while the page is open. */
let chosen = 10 * 60_000;

export interface Length {
  ms: number;
  text: string;
  choose: (ms: number) => void;
}

export function useLength(): Length {
  const [ms, setMs] = useState(chosen);
  return { ms, text: ms === 60_000 ? 'minute' : `${ms / 60_000} minutes`, choose: (to) => setMs(chosen = to) };
}

export function LengthChoice({ length }: { length: Length }): JSX.Element {
  return (
    <label class="filter">
      <span>Last</span>
      <select value={length.ms / 60_000} onChange={(event) => length.choose(Number(event.currentTarget.value) * 60_000)}>
        {LENGTHS.map((minutes) => <option key={minutes} value={minutes}>{minutes} min</option>)}
      </select>
    </label>
  );
}
