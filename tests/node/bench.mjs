// What a lease costs in Node, as ratios within one run: beside a bare koffi call pair, with nothing held and with much.
//
// run.mjs --bench installs the packages and starts this there. Ends with 1 when a goal is missed.
import { execFileSync } from 'node:child_process';
import koffi from 'koffi';
import path from 'node:path';
import { createRequire } from 'node:module';
import { KlockClient } from '@klock-protocol/core';

const HELD = 100_000;
const ROUNDS = 60; // of some 10 ms: most are not interrupted
const STARTS = 7;
const CALLS = 2_000;
const require = createRequire(import.meta.url);
const library = path.join(path.dirname(require.resolve('@klock-protocol/core-linux-x64/package.json')), 'libklock.so');
const request = { agentId: 'a', sessionId: 's', resourceType: 'FILE', resourcePath: '/bench/file.ts', predicate: 'MUTATES', ttl: 60000 };

/** ns a call of each, in turns, and the best round of each: what disturbs only ever adds. */
function measure(rounds, calls, ...bodies) {
  const best = bodies.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    bodies.forEach((body, index) => {
      const began = process.hrtime.bigint();
      for (let number = 0; number < calls; number++) body();
      best[index] = Math.min(best[index], Number(process.hrtime.bigint() - began) / calls);
    });
  }
  return best;
}

/** ms that each program takes, from its start to its end. */
function start(...texts) {
  const run = (text) => () => execFileSync(process.execPath, ['--input-type=module', '-e', text]);
  return measure(STARTS, 1, ...texts.map(run)).map((ns) => ns / 1e6);
}

function pair(client) {
  return () => client.releaseLease(client.acquire(request).leaseId);
}

let missed = 0;
function tell(what, value, unit, ratio, most) {
  const goal = most === undefined ? '' : `  ${ratio <= most ? 'goal' : 'MISSED'}: at most ${most}`;
  if (goal.includes('MISSED')) missed++;
  console.log(`${what.padEnd(52)} ${value.toFixed(unit === 'ms' ? 1 : 0).padStart(8)} ${unit}  ${ratio.toFixed(2).padStart(7)}x${goal}`);
}

const version = koffi.load(library).func('klock_abi_version', 'uint32', []);
const client = new KlockClient(), crowded = new KlockClient();
for (let number = 0; number < HELD; number++) crowded.acquire({ ...request, agentId: `h${number}`, resourcePath: `/held/${number}` });
const [bare, empty, full, text] = measure(
  ROUNDS,
  CALLS,
  () => version() + version(),
  pair(client),
  pair(crowded),
  () => client.releaseLease(JSON.parse(client.acquireLease('a', 's', 'FILE', '/bench/file.ts', 'MUTATES', 60000)).leaseId),
);
tell('a bare koffi call pair', bare, 'ns', 1);
tell('acquire + releaseLease', empty, 'ns', empty / bare, 160);
tell('acquireLease (a JSON string, parsed) + releaseLease', text, 'ns', text / bare);
tell(`acquire + releaseLease, ${HELD} leases held, to none`, full, 'ns', full / empty, 1.5);

const core = import.meta.resolve('@klock-protocol/core');
const [nothing, first] = start('1', `import { KlockClient } from '${core}'; new KlockClient().acquire(${JSON.stringify(request)});`);
tell('node -e 1', nothing, 'ms', 1);
tell('import and a first acquire', first, 'ms', first / nothing, 3);
process.exitCode = missed > 0 ? 1 : 0;
