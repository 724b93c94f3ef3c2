// git's hooks of Klock under real clients: `git add -A` in one agent's shell takes in what another has done, and the commit is refused.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe } from 'node:test';
import { claude, codex } from './clients/all.mjs';
import { missing } from './install.mjs';
import { assertHeard, editOf, heard, installKlock, klock, klockTest, leases } from './klock.mjs';

const COMMIT = 'git commit -qm mine';

/** The line that the model was told, with which others' files are left out of the commit. */
const restoreIn = (text) => /^ *(git restore --staged -- .+)$/m.exec(text)[1];

describe('git', { concurrency: 1, skip: missing(codex) ?? false }, () => {
  klockTest(claude, 'its commit leaves out what codex has changed', async (world, tools) => {
    installKlock(world, codex);
    execFileSync(klock, ['install', 'git'], { cwd: world.repo, env: world.environment });
    const other = await world.start(codex, {
      turns: [...editOf(world.tools(codex)), async () => {
        world.signal('edited');
        await world.signalled('committed');
        return { text: 'Done.' };
      }],
    });
    await Promise.race([world.signalled('edited'), other.ended]);
    const agent = await world.start(claude, {
      turns: [
        ...editOf(tools, 'b.txt'), { calls: [tools.shell(`git add a.txt b.txt && ${COMMIT}`)] },
        async () => ({ calls: [tools.shell(`${restoreIn(heard(agent))} && ${COMMIT}`)] }), { text: 'Done.' },
      ],
    });
    await agent.finished();
    assertHeard(agent, /the commit was refused/);
    assertHeard(agent, /a\.txt: codex:\S+ (changed it at|holds it since) \d\d:\d\d:\d\d/);
    assert.equal(restoreIn(heard(agent)), 'git restore --staged -- a.txt');
    assert.equal(world.git('show', '--format=', '--name-only', 'HEAD').trim(), 'b.txt');
    assert.equal(world.read('a.txt'), 'one\nTWO\n');
    world.signal('committed');
    await other.finished();
    assert.deepEqual(await leases(world), []);
  });
});
