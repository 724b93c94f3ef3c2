// The tabs, with the keys that people expect: arrows, Home, End.
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { go, TABS, type Place, type Tab } from './place.ts';

const TITLES: Record<Tab, string> = {
  resources: 'Resources', agents: 'Agents', timeline: 'Timeline', contention: 'Contention', events: 'Events',
};

export function Tabs({ place }: { place: Place }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    // From the tab that has the focus: after a quick key before this one, the place is not that tab's yet.
    const at = TABS.findIndex((tab) => (event.target as HTMLElement).id === `tab-${tab}`);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + TABS.length, Home: 0, End: TABS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = TABS[to % TABS.length]!;
    go({ ...place, tab });
    list.current?.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Views" ref={list} onKeyDown={move}>
      {TABS.map((tab) => (
        <button type="button" key={tab} id={`tab-${tab}`} role="tab" aria-selected={tab === place.tab} aria-controls="panel"
          tabIndex={tab === place.tab ? 0 : -1} onClick={() => go({ ...place, tab })}>{TITLES[tab]}</button>
      ))}
    </div>
  );
}
