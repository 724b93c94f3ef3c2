// The tree of resources, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { store } from './place.mjs';
import { T0, sequence, lease, waiter, event, ANN, linesOf, stateOf } from './states.mjs';

const { refreshSnapshot, rows, takeEvents, Tree } = await import(pathToFileURL(store).href);

test('the tree has folders, chains in one line, symbols in their files and types of their own', () => {
  const names = ['FILE:src/a/b/x.ts', 'FILE:src/a/b/y.ts', 'SYMBOL:src/a/b/x.ts#f', 'FILE:src/**', 'FILE:/etc/hosts', 'CUSTOM:gpu/0'];
  const state = stateOf({ leases: names.map((name) => lease('a', name)), waiters: [waiter('b', 'FILE:src/a/b/x.ts')] });
  assert.deepEqual(linesOf(state), [
    '/etc/', '  hosts', 'customs', '  gpu/0', 'src/', '  a/b/', '    x.ts', '      #f', '    y.ts', '  **',
  ]);
  assert.deepEqual(linesOf(state, { filter: 'x.ts#' }), ['src/a/b/', '  x.ts', '    #f']);
  const kept = new Tree('');
  kept.update(state.live);
  const closed = rows(kept.top, () => true).shown.find((row) => row.name === 'src/');
  assert.deepEqual([closed.node.heldBeneath, closed.node.waitedBeneath], [4, 1]);
});

/** All that a tree says, for comparison. */
function told(nodes) {
  return nodes.map(({ id, name, named, holders, waiters, heldBeneath, waitedBeneath, children }) => [
    id, name, named, holders.map((one) => one.fencing_token), waiters.map((one) => one.session_id), heldBeneath, waitedBeneath,
    told(children),
  ]);
}

test('a tree that is kept is the one that would be made anew, whatever comes and goes', () => {
  const state = stateOf({ agents: [ANN] });
  const names = ['FILE:src/a/x.ts', 'SYMBOL:src/a/x.ts#f', 'FILE:src/a/**', 'FILE:src/b', 'FILE:src', 'CUSTOM:gpu/0', 'FILE:/etc/hosts'];
  const trees = [['', new Tree('')], ['src/a', new Tree('src/a')]];
  const held = [];
  let waiting = [];
  // The same numbers each time.
  let seed = 7;
  const chance = (below) => { seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31; return Math.floor((seed / 2 ** 31) * below); };
  for (let turn = 0; turn < 400; turn++) {
    const name = names[chance(names.length)];
    const what = chance(7);
    if (what < 2) {
      const granted = event('GRANTED', 'a', name, { session_id: `s${turn}` });
      held.push(granted);
      takeEvents(state, [granted], T0);
    } else if (what < 4 && held.length > 0) {
      const [{ resource, fencing_token, session_id }] = held.splice(chance(held.length), 1);
      takeEvents(state, [event('RELEASED', 'a', resource, { fencing_token, session_id })], T0);
    } else if (what === 4 && held.length > 0) {
      const { resource, fencing_token, session_id } = held[chance(held.length)];
      takeEvents(state, [event('RENEWED', 'a', resource, { fencing_token, session_id, expires_at: T0 + 90_000 })], T0);
    } else if (what === 5) {
      waiting.push(event('QUEUED', 'a', name, { session_id: `w${turn}`, wait_until: T0 + 60_000 }));
      takeEvents(state, waiting.slice(-1), T0);
    } else {
      const ended = waiting.slice(0, 2).map(({ resource, session_id }) =>
        event('WAIT_ENDED', 'a', resource, { session_id, outcome: 'GRANTED' }));
      waiting = waiting.slice(2);
      takeEvents(state, ended, T0);
    }
    // Not each time: between two frames much may happen.
    if (chance(3) === 0) continue;
    for (const [filter, kept] of trees) {
      kept.update(state.live);
      const anew = new Tree(filter);
      anew.update(state.live);
      assert.deepEqual(told(kept.top), told(anew.top), `turn ${turn}, filter “${filter}”`);
    }
  }
});

test('what changes costs the way to it in the tree, and a renewal or the same snapshot nothing', () => {
  const all = Array.from({ length: 1_000 }, (_, at) => lease('a', `FILE:src/${at % 20}/file${at}.ts`));
  const state = stateOf({ leases: all, agents: [ANN] });
  const kept = new Tree('');
  kept.update(state.live);
  const leaf = () => kept.top[0].children[0].children[0];
  const { version } = leaf();
  const [{ fencing_token }] = all;
  takeEvents(state, [event('RENEWED', 'a', 'FILE:src/0/file0.ts', { fencing_token, expires_at: T0 + 90_000 })], T0);
  assert.equal(kept.update(state.live), 0);
  refreshSnapshot(state, { sequence, time: '', leases: all.map((one) => ({ ...one })), waiters: [], agents: [ANN] }, T0);
  assert.equal(kept.update(state.live), 0);
  assert.equal(leaf().version, version);
  takeEvents(state, [event('GRANTED', 'a', 'FILE:src/3/new.ts')], T0);
  assert.equal(kept.update(state.live), 3, 'src/, 3/ and new.ts');
  assert.equal(leaf().version, version, 'lines beside it are not drawn again');
});

test('another lease on the same line is another version of it, and so is one of another store with the same token', () => {
  const held = lease('a', 'FILE:x');
  const state = stateOf({ leases: [held], agents: [ANN] });
  const kept = new Tree('');
  const seen = new Set();
  const look = () => {
    kept.update(state.live);
    const [line] = rows(kept.top, () => false).shown;
    assert.ok(!seen.has(line.node.version));
    seen.add(line.node.version);
    return line.node.holders.map((one) => one.agent_id);
  };
  look();
  const { fencing_token } = held;
  takeEvents(state, [event('RELEASED', 'a', 'FILE:x', { fencing_token }), event('GRANTED', 'b', 'FILE:x')], T0);
  assert.deepEqual(look(), ['b']);
  const [{ fencing_token: again }] = state.live.leases.values();
  refreshSnapshot(state, {
    sequence, time: '', leases: [lease('c', 'FILE:x', { fencing_token: again })], waiters: [], agents: [],
  }, T0);
  assert.deepEqual(look(), ['c']);
});

test('no more lines are made than are shown, and all are counted', () => {
  const state = stateOf({ leases: Array.from({ length: 1_000 }, (_, at) => lease('a', `FILE:src/${at % 20}/file${at}.ts`)) });
  const kept = new Tree('');
  kept.update(state.live);
  const { shown, total } = rows(kept.top, () => false, 200);
  assert.deepEqual([shown.length, total], [200, 1_021]);
});

test('groups of the tree and files of their names stay apart', () => {
  const names = ['FILE:customs', 'CUSTOM:gpu'].map((name) => lease('a', name));
  const state = stateOf({ leases: [...names, lease('a', 'FILE:y', { namespace: 'shop' }), lease('a', 'FILE:in shop')] });
  assert.deepEqual(linesOf(state).sort(), ['  gpu', '  y', 'customs', 'customs', 'in shop', 'in shop']);
});
