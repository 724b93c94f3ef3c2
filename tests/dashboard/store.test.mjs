// What the page knows and how events change it, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { store } from './place.mjs';
import { T0, WHOLE, sequence, lease, waiter, event, ANN, stateOf, next } from './states.mjs';

const {
  agentLines, applyToHistory, applyToLive, blocked, clock, conflict, contention, count, duration, emptyHistory, emptyState, filterEvents,
  keyOf, liveOf, meets, ofKey, placeOf, refreshSnapshot, storyOf, takeEvents, takeSnapshot, timeline, unknownIn,
} = await import(pathToFileURL(store).href);

test('resources meet as the protocol says', () => {
  const cases = [
    ['FILE:a', 'FILE:a', true], ['FILE:a', 'FILE:a/b', false], ['FILE:a/**', 'FILE:a/b', true], ['FILE:a/**', 'FILE:a', true],
    ['FILE:a/**', 'FILE:ab', false], ['FILE:a/**', 'FILE:a/b/**', true], ['FILE:**', 'FILE:x/y', true], ['FILE:**', 'FILE:/x', false],
    ['FILE:/**', 'FILE:/x', true], ['FILE:C:/**', 'FILE:C:/x', true], ['FILE:C:/**', 'FILE:D:/x', false], ['FILE:**', 'FILE:C:/x', false],
    ['SYMBOL:a.ts#f', 'FILE:a.ts', true], ['SYMBOL:a.ts#f', 'SYMBOL:a.ts#g', false], ['SYMBOL:src/a.ts#f', 'FILE:src/**', true],
    ['SYMBOL:f', 'FILE:f', false], ['CUSTOM:a', 'CUSTOM:a', true], ['CUSTOM:a/**', 'CUSTOM:a/b', false],
    ['SYMBOL:d#1/a.cs#f', 'FILE:d#1/a.cs', true], ['DATABASE_TABLE:a:b', 'DATABASE_TABLE:a:b', true],
  ];
  for (const [a, b, expected] of cases) {
    const places = [placeOf({ resource: a }), placeOf({ resource: b })];
    assert.equal(meets(...places), expected, `${a} and ${b}`);
    assert.equal(meets(...places.reverse()), expected, `${b} and ${a}`);
  }
  assert.equal(meets(placeOf({ resource: 'FILE:a' }), placeOf({ resource: 'FILE:a', namespace: 'n' })), false);
});

test('predicates conflict as the protocol says', () => {
  const all = ['PROVIDES', 'CONSUMES', 'MUTATES', 'DELETES', 'DEPENDS_ON', 'RENAMES'];
  const compatible = all.flatMap((a) => all.filter((b) => !conflict(a, b)).map((b) => `${a} ${b}`));
  assert.deepEqual(compatible, [
    'PROVIDES CONSUMES', 'PROVIDES DEPENDS_ON', 'CONSUMES PROVIDES', 'CONSUMES CONSUMES', 'CONSUMES DEPENDS_ON', 'DEPENDS_ON PROVIDES',
    'DEPENDS_ON CONSUMES', 'DEPENDS_ON DEPENDS_ON',
  ]);
});

test('a key of a resource can be read back', () => {
  for (const named of [{ resource: 'FILE:a' }, { resource: 'FILE:a', namespace: 'n x' }]) assert.deepEqual(ofKey(keyOf(named)), named);
});

test('no lease id is kept', () => {
  const { leases } = liveOf({ sequence: 1, leases: [lease('a', 'FILE:x')], waiters: [], agents: [] });
  assert.doesNotMatch(JSON.stringify([...leases]), /secret/);
});

test('an agent whose registration was not told makes the state stale: a key that is confined sees no registrations', () => {
  for (const kind of ['GRANTED', 'QUEUED', 'PARKED']) {
    const [known, unknown] = [stateOf({ agents: [ANN] }), stateOf()];
    for (const state of [known, unknown]) takeEvents(state, [event(kind, 'a', 'FILE:x', { wait_until: T0 })], T0);
    assert.deepEqual([known.live.isStale, unknown.live.isStale], [false, true], kind);
  }
});

test('events change what a snapshot said, and each only once', () => {
  const state = stateOf({ agents: [ANN] });
  const granted = event('GRANTED', 'a', 'FILE:x');
  takeEvents(state, [granted, granted], T0);
  assert.equal(state.live.leases.size, 1);
  assert.equal(state.history.events.length, 1);
  takeEvents(state, [event('RENEWED', 'a', 'FILE:x', { fencing_token: granted.seq, expires_at: T0 + 90_000, at: T0 + 5 })], T0);
  const [renewed] = state.live.leases.values();
  assert.deepEqual([renewed.expires_at, renewed.acquired_at], [T0 + 90_000, T0]);
  const changed = event('CHANGED', 'a', 'FILE:x', { fencing_token: sequence + 1, expires_at: T0 + 9, predicate: 'CONSUMES', at: T0 + 6 });
  takeEvents(state, [changed], T0);
  const [after] = state.live.leases.values();
  assert.deepEqual([after.predicate, after.fencing_token, after.acquired_at], ['CONSUMES', changed.fencing_token, T0]);
  takeEvents(state, [event('REVOKED', 'a', 'FILE:x', { fencing_token: changed.fencing_token })], T0);
  assert.equal(state.live.leases.size, 0);
  assert.equal(state.live.isStale, false);
});

test('a request for several resources makes the state stale: its event names one', () => {
  const state = stateOf({ agents: [ANN] });
  takeEvents(state, [event('QUEUED', 'a', 'FILE:x', { wait_until: T0, intents: 2 })], T0);
  assert.equal(state.live.isStale, true);
  const waiters = [waiter('a', 'FILE:x'), waiter('a', 'FILE:y')];
  refreshSnapshot(state, { sequence: state.history.sequence, time: '', leases: [], waiters, agents: [] }, T0 + 5_000);
  assert.equal(state.live.isStale, false);
  assert.deepEqual(blocked(state).map((one) => one.since), [T0, T0], 'the second waits since the first does');
});

test('events that came while a snapshot was read are applied to it', () => {
  const state = stateOf();
  const old = sequence;
  takeEvents(state, [event('GRANTED', 'a', 'FILE:x'), event('GRANTED', 'b', 'FILE:y')], T0);
  refreshSnapshot(state, { sequence: old, time: '', leases: [], waiters: [], agents: [] }, T0);
  assert.equal(state.live.leases.size, 2);
});

test('who is blocked is told behind whom and since when', () => {
  const state = stateOf({ leases: [lease('holder', 'FILE:src/**'), lease('reader', 'FILE:src/x', { predicate: 'CONSUMES' })] });
  takeEvents(state, [
    event('QUEUED', 'first', 'FILE:src/x', { wait_until: T0 + 60_000, at: T0 + 1_000 }),
    event('QUEUED', 'second', 'FILE:src/x', { wait_until: T0 + 60_000, at: T0 + 2_000 }),
    event('PARKED', 'third', 'FILE:src/y', { wait_until: T0 + 60_000, at: T0 + 3_000, predicate: 'CONSUMES' }),
  ], T0 + 4_000);
  assert.deepEqual(blocked(state).map((one) => [one.waiter.agent_id, one.by.map((each) => each.claim.agent_id), one.since - T0]), [
    ['first', ['reader', 'holder'], 1_000], ['second', ['reader', 'holder', 'first'], 2_000], ['third', ['holder'], 3_000],
  ]);
  const lines = agentLines(state, blocked(state)).map((line) => [line.id, line.state]);
  assert.deepEqual(lines, [
    ['first', 'waiting'], ['second', 'waiting'], ['third', 'waiting'], ['holder', 'holding'], ['reader', 'holding'],
  ]);
});

test('a wait that began before the events is of unknown length', () => {
  const state = stateOf({ waiters: [waiter('a', 'FILE:x')] });
  assert.equal(blocked(state)[0].since, null);
});

test('of two equal waits of a session one ends, and the other goes on', () => {
  const holder = lease('holder', 'FILE:x');
  const told = (state) => [state.live.waiters.size, blocked(state).length, new Set(blocked(state).map((one) => one.key)).size];
  const fromEvents = stateOf({ leases: [holder], agents: [ANN] });
  takeEvents(fromEvents, [1_000, 2_000].map((at) => event('QUEUED', 'a', 'FILE:x', { wait_until: T0 + 9_000, at: T0 + at })), T0 + 2_000);
  const fromSnapshot = stateOf({ leases: [holder], waiters: [waiter('a', 'FILE:x'), waiter('a', 'FILE:x')], agents: [ANN] });
  for (const state of [fromEvents, fromSnapshot]) {
    assert.deepEqual(told(state), [2, 2, 2]);
    takeEvents(state, [event('WAIT_ENDED', 'a', 'FILE:x', { outcome: 'WAIT_TIMEOUT', at: T0 + 3_000 })], T0 + 3_000);
    assert.deepEqual(told(state), [1, 1, 1]);
    assert.equal(state.live.isStale, true, 'which of the two it was only a snapshot says');
    refreshSnapshot(state, { sequence, time: '', leases: [holder], waiters: [waiter('a', 'FILE:x')], agents: [ANN] }, T0 + 4_000);
    assert.deepEqual(told(state), [1, 1, 1]);
    const [row] = contention(state, '', T0 + 4_000, 60_000);
    assert.deepEqual([row.waits, row.waitsNow], [2, 1]);
    takeEvents(state, [event('WAIT_ENDED', 'a', 'FILE:x', { outcome: 'WAIT_TIMEOUT', at: T0 + 5_000 })], T0 + 5_000);
    assert.deepEqual(told(state), [0, 0, 0]);
    assert.equal(contention(state, '', T0 + 5_000, 60_000)[0].waitsNow, 0);
  }
});

test('of what began before the events that are known the charts count the least', () => {
  const state = stateOf({ waiters: [waiter('a', 'FILE:x')] });
  const [row] = contention(state, '', T0 + 10_000, 600_000);
  assert.deepEqual([row.waitedMs, row.longestMs], [10_000, 10_000]);
  assert.deepEqual(row.parts.map((ms, at) => ms > 0 ? at : null).filter((at) => at !== null), [59]);
  assert.equal(timeline(state, '', T0 + 10_000, 600_000)[0].waitedMs, 10_000);
});

test('what a snapshot leaves out as it is overdue has ended once, though its event comes later', () => {
  const held = lease('a', 'FILE:x');
  const state = stateOf({ leases: [held], agents: [ANN] });
  takeEvents(state, [event('QUEUED', 'w', 'FILE:x', { wait_until: T0 + 60_000, at: T0 + 1_000 })], T0 + 1_000);
  refreshSnapshot(state, { sequence, time: '', leases: [], waiters: [], agents: [] }, T0 + 60_001);
  takeEvents(state, [
    event('WAIT_ENDED', 'w', 'FILE:x', { outcome: 'WAIT_TIMEOUT', at: T0 + 60_002 }),
    event('EXPIRED', 'a', 'FILE:x', { fencing_token: held.fencing_token, at: T0 + 60_003 }),
  ], T0 + 60_003);
  const spans = timeline(state, '', T0 + 70_000, 600_000).map((row) => [row.agent, row.held.length, row.waited.length]);
  assert.deepEqual(spans, [['w', 0, 1], ['a', 1, 0]]);
  const [row] = contention(state, '', T0 + 70_000, 600_000);
  assert.deepEqual([row.waits, row.waitedMs], [1, 59_001]);
});

test('a wait that a snapshot told of before its event came is one wait, and its beginning is known', () => {
  const state = stateOf({ agents: [ANN] });
  const queued = event('QUEUED', 'a', 'FILE:x', { wait_until: T0 + 60_000, at: T0 + 1_000 });
  refreshSnapshot(state, { sequence, time: '', leases: [], waiters: [waiter('a', 'FILE:x')], agents: [ANN] }, T0 + 1_500);
  takeEvents(state, [queued], T0 + 2_000);
  assert.deepEqual(blocked(state).map((one) => one.since), [T0 + 1_000]);
  assert.equal(contention(state, '', T0 + 2_000, 60_000)[0].waits, 1);
});

test('a session is not in its own way', () => {
  const leases = [lease('a', 'FILE:x'), lease('a', 'FILE:x', { session_id: 'other' })];
  const state = stateOf({ leases, waiters: [waiter('a', 'FILE:x')] });
  assert.deepEqual(blocked(state)[0].by.map((one) => one.claim.session_id), ['other']);
});

test('a numbering that goes back is another store', () => {
  const state = stateOf({ leases: [lease('a', 'FILE:x')] });
  takeEvents(state, [event('GRANTED', 'b', 'FILE:y')], T0);
  takeSnapshot(state, { sequence: 5, time: '', leases: [], waiters: [], agents: [] }, { events: [], isWhole: false }, T0 + 9_000);
  assert.equal(state.live.leases.size, 0);
  assert.equal(state.history.gaps.length, 1);
  takeEvents(state, [{ ...event('GRANTED', 'c', 'FILE:z'), seq: 6, fencing_token: 6 }], T0 + 9_000);
  assert.deepEqual([...state.live.leases.values()].map((one) => one.agent_id), ['c']);
});

test('after a gap the charts say what is not known, and spans end where they were last seen', () => {
  const state = stateOf();
  takeEvents(state, [event('GRANTED', 'a', 'FILE:x', { at: T0 + 1_000 })], T0 + 1_000);
  state.heardAt = T0 + 2_000;
  next(50_000);
  const snapshot = { sequence, time: '', leases: [lease('b', 'FILE:y', { acquired_at: T0 + 60_000 })], waiters: [], agents: [] };
  takeSnapshot(state, snapshot, { events: [], isWhole: false }, T0 + 100_000);
  assert.deepEqual(state.history.gaps, [{ from: T0 + 2_000, to: T0 + 100_000 }]);
  const [a, b] = timeline(state, '', T0 + 100_000, 600_000);
  assert.deepEqual([a.agent, a.heldMs, b.agent, b.heldMs], ['a', 1_000, 'b', 40_000]);
  assert.equal(state.history.events.at(-1).kind, 'GAP');
});

test('the timeline counts a moment once, whatever is held in it', () => {
  const state = stateOf();
  takeEvents(state, [event('GRANTED', 'a', 'FILE:x'), event('GRANTED', 'a', 'FILE:y', { at: T0 + 5_000 })], T0 + 10_000);
  const [row] = timeline(state, '', T0 + 10_000, 60_000);
  assert.equal(row.heldMs, 10_000);
  assert.equal(timeline(state, 'nobody', T0 + 10_000, 60_000).length, 0);
  assert.equal(timeline(state, '', T0 + 10_000, 1_000)[0].heldMs, 1_000);
});

test('contention sums what was waited for', () => {
  const state = stateOf();
  takeEvents(state, [
    event('QUEUED', 'a', 'FILE:x', { wait_until: T0 }), event('QUEUED', 'b', 'FILE:x', { wait_until: T0, at: T0 + 10_000 }),
    event('REFUSED', 'c', 'FILE:x', { reason: 'DIE', at: T0 + 10_000 }),
    event('WAIT_ENDED', 'a', 'FILE:x', { outcome: 'GRANTED', at: T0 + 20_000 }),
  ], T0 + 30_000);
  const [row] = contention(state, '', T0 + 30_000, 60_000);
  assert.deepEqual([row.waits, row.waitsNow, row.refusals, row.waitedMs, row.longestMs], [2, 1, 1, 40_000, 20_000]);
  assert.equal(row.parts.reduce((sum, ms) => sum + ms, 0), 40_000);
});

test('a story has what meets the resource', () => {
  const state = stateOf({ leases: [lease('a', 'FILE:src/**'), lease('b', 'FILE:docs/x')] });
  takeEvents(state, [event('REFUSED', 'c', 'FILE:src/x', { reason: 'DIE' }), event('REFUSED', 'c', 'FILE:docs/x', { reason: 'DIE' })], T0);
  const story = storyOf(state, blocked(state), { resource: 'FILE:src/x' });
  assert.deepEqual([story.holders.map((one) => one.agent_id), story.events.length], [['a'], 1]);
});

test('events are filtered by kind, agent and resource, and counted', () => {
  const refused = event('REFUSED', 'bob', 'FILE:y', { reason: 'DIE' });
  const events = [event('GRANTED', 'Ann', 'FILE:x'), event('RENEWED', 'Ann', 'FILE:x'), refused];
  const filter = (more) => filterEvents(events, { kinds: 'important', agent: '', resource: '', ...more }, 1);
  assert.deepEqual([filter({}).total, filter({}).shown[0].kind], [2, 'REFUSED']);
  assert.equal(filter({ kinds: 'renewals' }).total, 1);
  assert.equal(filter({ agent: 'ann' }).total, 1);
  assert.equal(filter({ resource: 'file:y' }).total, 1);
});

test('what is remembered has a bound', () => {
  const history = emptyHistory();
  for (let at = 0; at < 15_000; at++) applyToHistory(history, event('REFUSED', 'a', 'FILE:x', { reason: 'DIE' }));
  assert.ok(history.events.length <= 11_000, `${history.events.length}`);
});

test('renewals do not use up the bound of the other events', () => {
  const history = emptyHistory();
  applyToHistory(history, event('GRANTED', 'a', 'FILE:x'));
  for (let at = 0; at < 15_000; at++) applyToHistory(history, event('RENEWED', 'a', 'FILE:x'));
  assert.deepEqual(history.events.map((one) => one.kind), ['GRANTED']);
  assert.ok(history.renewals.length <= 2_000, `${history.renewals.length}`);
});

test('the charts say from when on they know what ended, and refusals are counted as far', () => {
  const state = stateOf({ agents: [ANN] });
  const refused = Array.from({ length: 25_000 }, (_, at) => event('REFUSED', 'a', 'FILE:x', { reason: 'DIE', at: T0 + at * 10 }));
  takeEvents(state, refused, T0 + 250_000);
  const { since, ended } = state.history;
  assert.ok(since > T0 && ended[0].to > since, `${since - T0}`);
  assert.deepEqual(unknownIn(state.history, T0), [{ from: T0, to: since }]);
  assert.equal(contention(state, '', T0 + 250_000, 300_000)[0].refusals, ended.length);
  assert.ok(ended.length >= 20_000);
});

test('events that are older than every chart are forgotten', () => {
  const state = stateOf({ agents: [ANN] });
  takeEvents(state, [event('GRANTED', 'a', 'FILE:x'), event('RENEWED', 'a', 'FILE:x')], T0);
  takeEvents(state, [], T0 + 31 * 60_000);
  assert.deepEqual([state.history.events, state.history.renewals], [[], []]);
});

test('a snapshot is brought up to date by renewals and the other events, each in its turn', () => {
  const state = stateOf({ agents: [ANN] });
  const old = sequence;
  const granted = event('GRANTED', 'a', 'FILE:x');
  const renewed = event('RENEWED', 'a', 'FILE:x', { fencing_token: granted.seq, expires_at: T0 + 90_000, at: T0 + 5 });
  takeEvents(state, [granted, renewed, event('GRANTED', 'a', 'FILE:y')], T0);
  refreshSnapshot(state, { sequence: old, time: '', leases: [], waiters: [], agents: [ANN] }, T0);
  assert.deepEqual([...state.live.leases.values()].map((one) => one.expires_at - T0), [90_000, 60_000]);
});

test('a key that is confined knows agents while they hold or wait for something, without a snapshot', () => {
  const state = emptyState();
  state.session = { namespaces: ['shop'] };
  takeSnapshot(state, { sequence: next(), time: '', leases: [], waiters: [], agents: [] }, WHOLE, T0);
  const granted = event('GRANTED', 'a', 'FILE:x');
  takeEvents(state, [granted, event('QUEUED', 'b', 'FILE:x', { wait_until: T0 })], T0);
  assert.deepEqual(agentLines(state, blocked(state)).map((line) => [line.id, line.seniority]), [['b', null], ['a', null]]);
  takeEvents(state, [
    event('RELEASED', 'a', 'FILE:x', { fencing_token: granted.seq }), event('WAIT_ENDED', 'b', 'FILE:x', { outcome: 'WAIT_TIMEOUT' }),
  ], T0);
  assert.deepEqual([state.live.agents.size, state.live.isStale], [0, false]);
});

test('an agent that is forgotten is gone', () => {
  const state = stateOf({ agents: [{ agent_id: 'a', priority: 1 }] });
  applyToLive(state.live, { seq: next(), kind: 'FORGOTTEN', at: T0, agent_id: 'a' });
  assert.equal(state.live.agents.size, 0);
});

test('times in words', () => {
  const words = [0, 59_999, 60_000, 192_000, 3_599_000, 3_600_000, 7_500_000, 90_000_000].map(duration);
  assert.deepEqual(words, ['0 s', '59 s', '1 min', '3 min 12 s', '59 min', '1 h', '2 h 5 min', '1 d 1 h']);
  assert.deepEqual([count(1, 'lease'), count(1_000, 'lease')], ['1 lease', '1,000 leases']);
  assert.match(clock(T0), /^\d\d:\d\d:\d\d$/);
});
