// Holds a lease through Klock's Node package, says all the while whether it is lost, and releases it at a word on stdin.
import { Klock, KlockClient, KlockHttpClient } from '@klock-protocol/core';

const [place, ttlMs] = [process.argv[2], Number(process.argv[3])];
const now = () => Number(process.hrtime.bigint()) / 1e9; // CLOCK_MONOTONIC
const say = (...words) => process.stdout.write(`${words.join(' ')}\n`);

// Its own time-out is not to be what helps.
const client = place.startsWith('http')
  ? new KlockHttpClient({ baseUrl: place, timeoutMs: 20_000, autoStart: false })
  : new KlockClient({ storage: place });
const guard = await new Klock(client, { agentId: 'holder' }).file('/held', { ttlMs, maxRetries: 0 });
guard.signal.addEventListener('abort', () => say('told', now()));
say('granted', now(), guard.leaseId);
const steps = setInterval(() => {
  const at = now();
  say(guard.lost ? 'lost' : 'step', at);
}, 50);
process.stdin.once('data', async () => {
  clearInterval(steps);
  const end = await guard.release().then(() => 'kept', (problem) => (problem.name === 'KlockLeaseLostError' ? 'ended' : problem.name));
  say(end, now());
  process.exit(0);
});
