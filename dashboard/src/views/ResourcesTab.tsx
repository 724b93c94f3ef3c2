// Who holds what: the tree of resources.
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { markOf, rows, type Row } from '../store/rows.ts';
import { Tree } from '../store/tree.ts';
import { count } from '../store/words.ts';
import type { View } from './context.ts';
import { Empty, Filter, For, Predicate, Rest, Table, useCap } from './parts.tsx';
import { showWhy } from './place.ts';

const MARKS = { held: 'held', contended: 'held and waited for', waited: 'waited for' };

export function ResourcesTab({ state, now }: View): JSX.Element {
  const [filter, setFilter] = useState('');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const cap = useCap(200);
  const tree = useMemo(() => new Tree(filter), [filter]);
  tree.update(state.live);
  const { shown, total } = rows(tree.top, (id) => closed.has(id), cap.most);
  const toggle = (id: string): void => {
    setClosed((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  };
  const isEmpty = state.live.leases.size + state.live.waiters.size === 0;
  return (
    <>
      <div class="tools">
        <Filter label="Filter" placeholder="path or agent" value={filter} onInput={setFilter} />
        <p class="legend">
          {(['held', 'contended', 'waited'] as const).map((mark) => <span key={mark}><Dot mark={mark} /> {MARKS[mark]}</span>)}
        </p>
      </div>
      {isEmpty ? <NothingHeld /> : total === 0 ? <Empty>Nothing that is held or waited for matches “{filter}”.</Empty> : (
        <Table name="resources" label="Resources that are held or waited for" rows={shown} keyOf={(row) => row.node.id}
          rowClass={(row) => row.node.named ? 'leaf' : 'branch'} signature={signatureOf} columns={[
            { title: 'Resource', kind: 'grow', cell: (row) => <Name row={row} toggle={toggle} /> },
            { title: 'Held by', kind: 'grow', cell: (row) => <Holders row={row} /> },
            { title: 'For', kind: 'number', cell: ({ node }) => node.holders[0]
              && <For since={Math.min(...node.holders.map((lease) => lease.acquired_at))} now={now} known={null} /> },
            { title: 'Waited for by', kind: 'grow', cell: (row) => <Waiters row={row} /> },
          ]} />
      )}
      <Rest cap={cap} total={total} what="line" />
    </>
  );
}

function NothingHeld(): JSX.Element {
  const server = new URL('.', location.href).href.replace(/\/$/, '');
  return (
    <Empty commands={['klock install claude codex', `klock run --server ${server} --file README.md -- sleep 60`]}>
      Nobody holds anything. Agents take leases by themselves once their hooks are installed; the second command takes one for a minute.
    </Empty>
  );
}

function Dot({ mark }: { mark: 'held' | 'contended' | 'waited' }): JSX.Element {
  return <span class={`dot ${mark}`} aria-hidden="true" />;
}

function Name({ row, toggle }: { row: Row; toggle: (id: string) => void }): JSX.Element {
  const { node, depth } = row;
  const mark = markOf(row);
  const name = row.name === '**' ? 'everything in it' : row.name;
  return (
    <span class="node" style={{ paddingInlineStart: `${Math.min(depth, 12) * 1.1}rem` }}>
      {node.children.length > 0 ? (
        <button type="button" class="toggle" aria-expanded={row.isOpen} aria-label={`${row.name.slice(0, 200)}, contents`}
          onClick={() => toggle(node.id)}>{row.isOpen ? '▾' : '▸'}</button>
      ) : <span class="toggle" aria-hidden="true" />}
      {mark ? <Dot mark={mark} /> : <span class="dot" aria-hidden="true" />}
      {node.named
        ? (
          <button type="button" class="link base" title={node.named.resource.slice(0, 400)} onClick={() => showWhy(node.named)}>
            {name}
          </button>
        )
        : <span class="folder">{name}</span>}
      {mark && <span class="unseen">{MARKS[mark]}</span>}
    </span>
  );
}

function signatureOf({ node, name, depth, isOpen }: Row): string {
  return `${node.version} ${depth} ${isOpen} ${name}`;
}

const MOST_NAMES = 3;

function Holders({ row }: { row: Row }): JSX.Element | null {
  const { node } = row;
  if (node.holders.length === 0) {
    return row.isOpen || node.heldBeneath === 0 ? null : <span class="quiet">{count(node.heldBeneath, 'lease')} beneath</span>;
  }
  const shown = node.holders.slice(0, MOST_NAMES);
  return (
    <span class="names">
      {shown.map((lease) => (
        <span key={lease.fencing_token}><span class="agent">{lease.agent_id}</span> <Predicate of={lease.predicate} /></span>
      ))}
      {node.holders.length > shown.length && <span class="quiet">and {node.holders.length - shown.length} more</span>}
    </span>
  );
}

function Waiters({ row }: { row: Row }): JSX.Element | null {
  const { node } = row;
  if (node.waiters.length === 0) {
    return row.isOpen || node.waitedBeneath === 0 ? null : <span class="quiet">{count(node.waitedBeneath, 'wait')} beneath</span>;
  }
  const names = [...new Set(node.waiters.map((waiter) => waiter.agent_id))];
  return (
    <span class="names">
      {names.slice(0, MOST_NAMES).map((name) => <span key={name} class="agent">{name}</span>)}
      {names.length > MOST_NAMES && <span class="quiet">and {names.length - MOST_NAMES} more</span>}
    </span>
  );
}
