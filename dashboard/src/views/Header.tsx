// What server this is, whether what is shown is of now, and how much there is.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { State } from '../store/state.ts';
import { clock, count } from '../store/words.ts';
import { readTheme, setTheme, type Theme } from './theme.ts';

export function Header({ state, signOut }: { state: State; signOut: () => void }): JSX.Element {
  const { session, live } = state;
  return (
    <header class="top">
      <h1>Klock</h1>
      <Connection state={state} />
      <p class="counts">
        <span data-testid="lease-count">{count(live.leases.size, 'lease')}</span>
        <span data-testid="wait-count">{count(live.waiters.size, 'wait')}</span>
        <span data-testid="agent-count">{count(live.agents.size, 'agent')}</span>
        {session?.namespaces && <span class="cut">only in {session.namespaces.join(', ')}</span>}
        {session?.access === 'read-only' && <span class="badge">read-only</span>}
      </p>
      <div class="end">
        {session && <span class="version quiet">{session.version}</span>}
        <ThemeChoice />
        {session?.needs_key && <button type="button" onClick={signOut}>Sign out</button>}
      </div>
    </header>
  );
}

function Connection({ state }: { state: State }): JSX.Element {
  return state.phase === 'live'
    ? <p class="connection live" role="status"><span class="dot" aria-hidden="true" /> live</p>
    : (
      <p class="connection lost" role="status">
        <span class="dot" aria-hidden="true" /> {state.phase === 'lost' ? 'connection lost' : 'connecting'}
      </p>
    );
}

/** What is shown is old: nobody may take it for what is. */
export function LostBanner({ state }: { state: State }): JSX.Element | null {
  if (state.phase !== 'lost') return null;
  return (
    <p class="banner" role="alert">
      {state.heardAt > 0 ? `Connection lost, showing the state of ${clock(state.heardAt)}. ` : 'No connection yet. '}
      {state.problem} Trying again.
    </p>
  );
}

function ThemeChoice(): JSX.Element {
  const [theme, set] = useState<Theme>(readTheme);
  useEffect(() => setTheme(theme), [theme]);
  return (
    <label class="theme"><span class="unseen">Theme</span>
      <select value={theme} onChange={(event) => set(event.currentTarget.value as Theme)}>
        <option value="auto">Theme: system</option>
        <option value="light">Theme: light</option>
        <option value="dark">Theme: dark</option>
      </select>
    </label>
  );
}
