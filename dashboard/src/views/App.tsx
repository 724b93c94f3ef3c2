// The whole page.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Connection } from '../client/connection.ts';
import { blocked } from '../store/blocked.ts';
import { storyOf } from '../store/story.ts';
import type { Lease } from '../store/wire.ts';
import { AgentsTab } from './AgentsTab.tsx';
import { BlockedPane } from './BlockedPane.tsx';
import { ContentionTab } from './ContentionTab.tsx';
import type { View } from './context.ts';
import { EventsTab } from './EventsTab.tsx';
import { Header, LostBanner } from './Header.tsx';
import { Login } from './Login.tsx';
import { readPlace, type Tab } from './place.ts';
import { ResourcesTab } from './ResourcesTab.tsx';
import { RevokeDialog } from './RevokeDialog.tsx';
import { Tabs } from './Tabs.tsx';
import { TimelineTab } from './TimelineTab.tsx';
import { WhyPanel } from './WhyPanel.tsx';

const VIEWS: Record<Tab, (view: View) => JSX.Element> = {
  resources: ResourcesTab, agents: AgentsTab, timeline: TimelineTab, contention: ContentionTab, events: EventsTab,
};

/** The page at a time. */
export function App({ connection, now }: { connection: Connection; now: number }): JSX.Element {
  const { state } = connection;
  const [place, setPlace] = useState(readPlace);
  const [asked, setAsked] = useState<Lease | null>(null);
  useEffect(() => {
    const follow = (): void => setPlace(readPlace());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  if (state.phase === 'login') return <Login signedIn={(session) => connection.resume(session)} />;
  const waiting = blocked(state);
  const view: View = { state, now, waiting };
  const mayRevoke = state.phase === 'live' && state.session?.access !== 'read-only';
  const Shown = VIEWS[place.tab];
  return (
    <>
      <Header state={state} signOut={() => connection.leave()} />
      <LostBanner state={state} />
      {state.heardAt === 0 ? <main class="page"><p class="quiet">Reading…</p></main> : (
        <main class={`page ${state.phase === 'lost' ? 'old' : ''} ${place.why ? 'with-why' : ''}`}>
          <BlockedPane {...view} />
          {place.why && <WhyPanel {...view} named={place.why} revoke={mayRevoke ? setAsked : null} />}
          <div class="view">
            <Tabs place={place} />
            <section id="panel" role="tabpanel" aria-labelledby={`tab-${place.tab}`}><Shown key={place.tab} {...view} /></section>
          </div>
        </main>
      )}
      {asked && (
        <RevokeDialog lease={asked} now={now} isHeld={state.live.leases.has(asked.fencing_token)} close={() => setAsked(null)}
          waiters={new Set(storyOf(state, waiting, asked, 0).waits.map((one) => one.waiter.agent_id)).size} />
      )}
    </>
  );
}
