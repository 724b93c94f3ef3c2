// A fleet: several clients at work in one repository at once, each with scripted edits, and afterwards which edits are there.
//
// An agent reads a file, changes what it read and writes all of it, as agents do: what another wrote in between is lost unless
// somebody sees to it. It tries again when it is refused, and commits each edit when it is told to.
import { World } from './world.mjs';

const TRIES = 8; // of one edit; then it is given up

/** A repository with the files, each with one line. */
export function fleetWorld(t, files, options) {
  return World.of(t, Object.fromEntries(files.map((file) => [file, 'start\n'])), options);
}

/**
 * Runs one agent for each of `kinds` (clients; one may stand there several times) until all have ended. Each adds `rounds` marks to
 * every one of `files`, in their order, so that the agents meet all the time. `beforeWrite` is awaited between a read and its write.
 * @returns { marks: [{ agent, file, mark, kept, committed }], refused: how often an agent was not let, agents }
 */
export async function runFleet(world, { kinds, files, rounds = 1, commit = false, beforeWrite = () => {} }) {
  const fleet = { world, files, commit, beforeWrite, refused: 0, meet: meeting(kinds.length) };
  const marks = kinds.flatMap((_, agent) => marksOf(agent, files, rounds));
  const agents = await Promise.all(kinds.map((client, agent) => world.start(client, { turns: turnsOf(fleet, client, agent, rounds) })));
  await Promise.all(agents.map((agent) => agent.finished()));
  const history = world.git('log', '--all', '-p', '--format=').split('\n');
  const found = marks.map((one) => {
    return { ...one, kept: world.read(one.file).split('\n').includes(one.mark), committed: history.includes(`+${one.mark}`) };
  });
  return { marks: found, refused: fleet.refused, agents };
}

function marksOf(agent, files, rounds) {
  const of = (round) => files.map((file) => ({ agent, file, mark: `agent ${agent} round ${round} ${file}` }));
  return Array.from({ length: rounds }, (_, round) => of(round)).flat();
}

// One function for all turns of an agent: what it does next depends on how the last call went.
function turnsOf(fleet, client, agent, rounds) {
  const { read, write, shell } = fleet.world.tools(client);
  const work = marksOf(agent, fleet.files, rounds);
  let step = 'begin';
  let tries = 0;
  const give = (name, call) => {
    step = name;
    return { calls: [call] };
  };
  // Who edits the file next may commit it first, and this edit with it.
  const commit = ({ file, mark }) => {
    return give('commit', shell(`git add ${file} && { git diff --quiet HEAD -- ${file} || git commit -q -m '${mark}' -- ${file}; }`));
  };
  const next = () => {
    tries = 0;
    return work.length > 0 ? give('read', read(work[0].file)) : { text: 'All of it is done.' };
  };
  return async ({ results }) => {
    if (step === 'begin') {
      await fleet.meet(); // clients start at different speeds; work begins when all are there
      return next();
    }
    const result = results.at(-1);
    const done = result && client.isDone(result);
    const [now] = work;
    if (step === 'read' && result) {
      await fleet.beforeWrite();
      return give('write', write(now.file, `${client.textOfRead(result).trimEnd()}\n${now.mark}\n`));
    }
    if (!done) fleet.refused++;
    if (step === 'write' && done && fleet.commit) return commit(now);
    if (!done && ++tries < TRIES) return step === 'commit' ? commit(now) : give('read', read(now.file));
    work.shift();
    return next();
  };
}

/** A function that resolves when it was called as often as there are agents, and then begins anew: so they do something together. */
export function meeting(size) {
  let waiting = [];
  return () => new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length < size) return;
    waiting.forEach((go) => go());
    waiting = [];
  });
}
