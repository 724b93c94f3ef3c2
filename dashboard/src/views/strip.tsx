// A row of a chart: blocks along the time axis. One path for each kind, whatever it has of blocks.
import type { JSX } from 'preact';
import { WINDOW, type Gap } from '../store/history.ts';

export interface Block {
  from: number;
  to: number;
}

// Units of the drawing, which is stretched to the width there is.
export const WIDTH = 1_000;
const LEAST = 1.2;

function pathOf(blocks: Block[], start: number, top: number, height: number): string {
  let path = '';
  let reached = -1;
  for (const block of blocks) {
    const from = Math.max(0, ((block.from - start) / WINDOW) * WIDTH);
    const to = Math.min(WIDTH, Math.max(((block.to - start) / WINDOW) * WIDTH, from + LEAST));
    if (to <= reached) continue;
    const left = Math.max(from, reached);
    reached = to;
    path += `M${left.toFixed(1)} ${top}H${to.toFixed(1)}v${height}H${left.toFixed(1)}z`;
  }
  return path;
}

export interface Layer {
  name: string;
  blocks: Block[];
  top: number;
  height: number;
}

/** Decoration for those who see it: the row says the same in words. */
export function Strip({ layers, start, gaps }: { layers: Layer[]; start: number; gaps: Gap[] }): JSX.Element {
  return (
    <svg class="strip" viewBox={`0 0 ${WIDTH} 16`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {gaps.map((gap) => <path key={`gap${gap.from}`} class="gap" d={pathOf([gap], start, 0, 16)} />)}
      {layers.map((layer) => (
        <path key={layer.name} class={layer.name} d={pathOf(layer.blocks, start, layer.top, layer.height)} />
      ))}
    </svg>
  );
}

/** The minutes above the strips. */
export function Axis(): JSX.Element {
  const minutes = WINDOW / 60_000;
  return (
    <span class="axis" aria-hidden="true">
      {[minutes, minutes * 0.75, minutes / 2, minutes / 4].map((at) => <span key={at}>{`−${at} min`}</span>)}
      <span>now</span>
    </span>
  );
}
