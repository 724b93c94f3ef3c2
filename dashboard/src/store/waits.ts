// Waits by what they are for. A session may wait twice for the same (two threads): such waits have a number, from the second on.
import { keyOf } from './resource.ts';
import type { Claim } from './wire.ts';

/** One text for all waits of a session for the same. */
export function waitKey(claim: Claim): string {
  return `${claim.agent_id}\n${claim.session_id}\n${keyOf(claim)}\n${claim.predicate}`;
}

function numbered(key: string, number: number): string {
  return number === 1 ? key : `${key}\n${number}`;
}

/** How many waits for the same there are. */
export function equalWaits(waits: ReadonlyMap<string, unknown>, claim: Claim): number {
  const key = waitKey(claim);
  let many = 0;
  while (waits.has(numbered(key, many + 1))) many++;
  return many;
}

export function addWait<T>(waits: Map<string, T>, claim: Claim, wait: T): void {
  waits.set(numbered(waitKey(claim), equalWaits(waits, claim) + 1), wait);
}

/** Takes out the first of the waits for the same: no event says which it was. */
export function takeWait<T>(waits: Map<string, T>, claim: Claim): T | undefined {
  const key = waitKey(claim);
  const many = equalWaits(waits, claim);
  const first = waits.get(key);
  for (let number = 1; number < many; number++) waits.set(numbered(key, number), waits.get(numbered(key, number + 1))!);
  waits.delete(numbered(key, Math.max(many, 1)));
  return first;
}
