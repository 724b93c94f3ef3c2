// Small parts that all views use.
import type { ComponentChildren, JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { isTrouble } from '../store/events.ts';
import { placeOf, type Named } from '../store/resource.ts';
import { count, dayAndClock, duration, number } from '../store/words.ts';
import { showWhy } from './place.ts';

export interface Column<T> {
  title: string;
  cell: (row: T) => ComponentChildren;
  /** `number`: to the right. `grow`: takes the room there is. */
  kind?: 'number' | 'grow';
}

/** A table that becomes a list of small cards on a narrow screen. The roles are said: styles for cards take them away. */
export function Table<T>({ name, label, columns, rows, keyOf, rowClass, signature }: {
  /** Of a long table: its columns have fixed widths, in style.css, so that rows out of sight need not be laid out. */
  name?: string;
  label: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string | number;
  rowClass?: (row: T) => string;
  /** What a row shows, in short: while it stays the same the row is not drawn again. */
  signature?: (row: T) => string;
}): JSX.Element {
  const drawn = useRef(new Map<string | number, { text: string; line: JSX.Element }>());
  const draw = (row: T): JSX.Element => (
    <tr key={keyOf(row)} role="row" class={rowClass?.(row)}>
      {columns.map((each) => <td key={each.title} role="cell" class={each.kind} data-title={each.title}>{each.cell(row)}</td>)}
    </tr>
  );
  const before = drawn.current;
  drawn.current = new Map();
  const drawChanged = (row: T, text: string): JSX.Element => {
    const known = before.get(keyOf(row));
    const line = known?.text === text ? known.line : draw(row);
    drawn.current.set(keyOf(row), { text, line });
    return line;
  };
  return (
    <table role="table" aria-label={label} class={name && `long ${name}`}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((each) => <th key={each.title} role="columnheader" scope="col" class={each.kind}>{each.title}</th>)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => signature ? drawChanged(row, signature(row)) : draw(row))}
      </tbody>
    </table>
  );
}

/** How many rows of a list are shown. */
export interface Cap {
  most: number;
  step: number;
  more: () => void;
}

export function useCap(step: number): Cap {
  const [most, setMost] = useState(step);
  return { most, step, more: () => setMost(most + step) };
}

/** What a list leaves out, and a button for more of it. */
export function Rest({ cap: { most, step, more }, total, what }: { cap: Cap; total: number; what: string }): JSX.Element | null {
  return total <= most ? null : (
    <p class="rest">
      Showing {number(most)} of {count(total, what)}.{' '}
      <button type="button" class="link" onClick={more}>Show {Math.min(step, total - most)} more</button>
    </p>
  );
}

/** A resource's name, which shows its story. The end of a long path is what matters. */
export function ResourceLink({ named }: { named: Named }): JSX.Element {
  const place = placeOf(named);
  const cut = place.node === null ? 0 : splitAt(place.path);
  const title = named.namespace === undefined ? named.resource : `${named.resource} in ${named.namespace}`;
  const type = place.type === 'FILE' ? '' : place.type.toLowerCase().replaceAll('_', ' ');
  // Said as one, where the parts would be said apart.
  const spoken = `${type} ${place.path}${named.namespace === undefined ? '' : ` in ${named.namespace}`}`.trim();
  return (
    <button type="button" class="link resource" title={title.slice(0, 400)} aria-label={spoken}
      onClick={() => showWhy(named)}>
      {type !== '' && <span class="type">{`${type} `}</span>}
      {cut > 0 && <span class="folder">{place.path.slice(0, cut)}</span>}
      <span class="base">{place.path.slice(cut)}</span>
      {named.namespace !== undefined && <span class="namespace">{` in ${named.namespace}`}</span>}
    </button>
  );
}

function splitAt(path: string): number {
  const end = path.endsWith('/**') ? path.lastIndexOf('/', path.length - 4) : path.lastIndexOf('/');
  return end + 1;
}

export function Predicate({ of }: { of: string }): JSX.Element {
  return <span class={`predicate ${of === 'CONSUMES' || of === 'DEPENDS_ON' ? 'reads' : ''}`}>{of}</span>;
}

/** A kind of event. */
export function Kind({ of }: { of: string }): JSX.Element {
  return <span class={`kind ${isTrouble(of) ? 'trouble' : ''}`}>{of}</span>;
}

/** For how long, since a time; null is longer than the events go back. `tickDurations` keeps it right while its row is not drawn again. */
export function For({ since, now, known }: { since: number | null; now: number; known: number | null }): JSX.Element {
  const from = since ?? known;
  const title = since === null ? 'It began before the first event that this page knows' : `since ${dayAndClock(since)}`;
  if (from === null) return <span title={title}>?</span>;
  return <span title={title} data-from={from} data-known={since !== null}>{durationText(from, since !== null, now)}</span>;
}

function durationText(from: number, isKnown: boolean, now: number): string {
  return isKnown ? duration(now - from) : `over ${duration(now - from)}`;
}

/** Has every `For` on the page say how long it is now: far cheaper than to draw all rows each second. */
export function tickDurations(now: number): void {
  for (const each of document.querySelectorAll<HTMLElement>('[data-from]')) {
    const text = durationText(Number(each.dataset['from']), each.dataset['known'] === 'true', now);
    const node = each.firstChild as Text;
    if (node.data !== text) node.data = text;
  }
}

/** How long until a time. */
export function Until({ at, now }: { at: number; now: number }): JSX.Element {
  return <time dateTime={new Date(at).toISOString()} title={`at ${dayAndClock(at)}`}>{at <= now ? 'now' : duration(at - now)}</time>;
}

export function Filter({ label, value, onInput, placeholder }: {
  label: string; value: string; onInput: (value: string) => void; placeholder?: string;
}): JSX.Element {
  return (
    <label class="filter">
      <span>{label}</span>
      <input type="search" value={value} placeholder={placeholder ?? ''} autocomplete="off" spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)} />
    </label>
  );
}

/** What to do where there is nothing to show. */
export function Empty({ children, commands = [] }: { children: ComponentChildren; commands?: string[] }): JSX.Element {
  return (
    <div class="empty">
      <p>{children}</p>
      {commands.length > 0 && <pre tabIndex={0} aria-label="Commands to type"><code>{commands.join('\n')}</code></pre>}
    </div>
  );
}
