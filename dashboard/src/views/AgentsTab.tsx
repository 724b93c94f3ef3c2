// A line for each agent.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { agentLines, type AgentLine } from '../store/agents.ts';
import { Behind } from './BlockedPane.tsx';
import type { View } from './context.ts';
import { Empty, Filter, For, ResourceLink, Rest, Table, useCap } from './parts.tsx';

const MOST = 2;

export function AgentsTab({ state, now, waiting }: View): JSX.Element {
  const [filter, setFilter] = useState('');
  const cap = useCap(200);
  const all = agentLines(state, waiting);
  const word = filter.trim().toLowerCase();
  const shown = word === '' ? all : all.filter((line) => `${line.id} ${line.state}`.toLowerCase().includes(word));
  const known = state.history.since;
  if (all.length === 0) {
    return (
      <Empty commands={['klock install claude codex', 'klock doctor']}>
        No agent has been here yet. An agent is known from its first request on; these make coding agents ask before they edit.
      </Empty>
    );
  }
  return (
    <>
      <div class="tools"><Filter label="Filter" placeholder="name, waiting, idle" value={filter} onInput={setFilter} /></div>
      {shown.length === 0 ? <Empty>No agent matches “{filter}”.</Empty> : (
        <Table name="agents" label="Agents" rows={shown.slice(0, cap.most)} keyOf={(line) => line.id}
          signature={(line) => signatureOf(line, known)} columns={[
          { title: 'Agent', cell: (line) => <span class="agent">{line.id}</span> },
          { title: 'State', cell: (line) => <span class={`state ${line.state}`}>{line.state}</span> },
          { title: 'For', kind: 'number', cell: (line) => <For since={line.since} now={now} known={known} /> },
          { title: 'Holds', kind: 'grow', cell: (line) => <Holds line={line} /> },
          { title: 'Waits for', kind: 'grow', cell: (line) => <Waits line={line} now={now} /> },
          { title: 'Seniority', kind: 'number', cell: (line) => line.seniority ?? '' },
        ]} />
      )}
      <Rest cap={cap} total={shown.length} what="agent" />
    </>
  );
}

/** Of several waits, and of several in the way, a line shows the first. */
function signatureOf(line: AgentLine, known: number | null): string {
  const [wait] = line.waits;
  const first = wait?.by[0]?.claim;
  return [
    line.state, line.since ?? known, line.seniority, line.sessions, line.holds.length,
    ...line.holds.slice(0, MOST).map((lease) => lease.fencing_token),
    line.waits.length, wait?.key, wait?.by.length, first?.agent_id, first && 'fencing_token' in first ? first.fencing_token : first?.note,
  ].join(' ');
}

function Holds({ line }: { line: AgentLine }): JSX.Element | null {
  if (line.holds.length === 0) return null;
  return (
    <span class="names">
      {line.holds.slice(0, MOST).map((lease) => <ResourceLink key={lease.fencing_token} named={lease} />)}
      {line.holds.length > MOST && <span class="quiet">and {line.holds.length - MOST} more</span>}
      {line.sessions > 1 && <span class="quiet">in {line.sessions} sessions</span>}
    </span>
  );
}

function Waits({ line, now }: { line: AgentLine; now: number }): JSX.Element | null {
  const [first] = line.waits;
  if (!first) return null;
  return (
    <span class="names">
      <ResourceLink named={first.waiter} />
      {line.waits.length > 1 && <span class="quiet">and {line.waits.length - 1} more</span>}
      <span class="quiet">behind</span> <Behind by={first.by} now={now} />
    </span>
  );
}
