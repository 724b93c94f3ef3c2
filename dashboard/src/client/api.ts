// Requests to the server that the page came from. Addresses are relative: it may be behind a path of a reverse proxy.
import type { Agent, KlockEvent, Lease, Session, Snapshot, Waiter } from '../store/wire.ts';

/** The server answered with an error. */
export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}

const PATIENCE_MS = 5_000;
const PAGE = 1_000;
// A key in a cookie is only good for a change together with this header, which no other site can send.
const CHANGE = { 'Klock-Dashboard': '1', 'Content-Type': 'application/json' };

async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  return (await answer<{ data: T }>(path, init)).data;
}

async function answer<T>(path: string, init: RequestInit): Promise<T> {
  const headers = { Accept: 'application/json', ...init.headers };
  return read(await fetch(path, { ...init, headers, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) }));
}

async function read<T>(got: Response): Promise<T> {
  const text = await got.text();
  let body: { success?: boolean; code?: string; error?: string };
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refused(got.status, 'NO_JSON', `The server answered ${got.status} with something that is no JSON.`);
  }
  if (!got.ok || body.success !== true) throw new Refused(got.status, body.code ?? '', body.error ?? `The server answered ${got.status}.`);
  return body as T;
}

export function session(): Promise<Session> {
  return ask('session');
}

export function signIn(key: string): Promise<Session> {
  return ask('session', { method: 'POST', headers: CHANGE, body: JSON.stringify({ key }) });
}

export async function signOut(): Promise<void> {
  await answer('session', { method: 'DELETE', headers: CHANGE });
}

type Cursors = Partial<Record<'leases' | 'waiters' | 'agents', string | number>>;

/** All lists to their ends. Later pages may be of a later state; events put that right. */
export async function snapshot(): Promise<Snapshot> {
  const first = await ask<Snapshot & { next?: Cursors }>(`snapshot?limit=${PAGE}`);
  const next = first.next ?? {};
  const [leases, waiters, agents] = await Promise.all([
    rest<Lease>('leases', next.leases), rest<Waiter>('waiters', next.waiters), rest<Agent>('agents', next.agents),
  ]);
  return {
    sequence: first.sequence,
    time: first.time,
    leases: [...first.leases, ...leases],
    waiters: [...first.waiters, ...waiters],
    agents: [...first.agents, ...agents],
  };
}

async function rest<T>(list: string, from: string | number | undefined): Promise<T[]> {
  const all: T[] = [];
  let after = from;
  while (after !== undefined) {
    const page: { data: T[]; next?: string | number } = await answer(`${list}?limit=${PAGE}&after=${encodeURIComponent(after)}`, {});
    all.push(...page.data);
    after = page.next;
  }
  return all;
}

/** The events after a number, up to another one. */
export async function eventsBetween(after: number, upTo: number): Promise<KlockEvent[]> {
  const all: KlockEvent[] = [];
  let last = after;
  while (last < upTo) {
    const page = await ask<KlockEvent[]>(`events?after=${last}&limit=${PAGE}`);
    if (page.length === 0) break;
    all.push(...page);
    last = page[page.length - 1]!.seq;
  }
  return all;
}

/** Throws what the server says when it opens no stream of events: an EventSource does not tell. */
export async function tryStream(path: string): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const got = await fetch(path, { headers: { Accept: 'text/event-stream' }, cache: 'no-store', signal });
  if (!got.ok) await read(got);
  stop.abort();
}

/** Takes a lease away from its holder. Its id is asked for now and kept nowhere. */
export async function revoke(lease: Lease): Promise<void> {
  const query = new URLSearchParams({ agent_id: lease.agent_id, session_id: lease.session_id, resource: lease.resource });
  if (lease.namespace !== undefined) query.set('namespace', lease.namespace);
  const held = await ask<(Lease & { id?: string })[]>(`leases?${query}`);
  const found = held.find((one) => one.fencing_token === lease.fencing_token);
  if (!found?.id) throw new Refused(404, 'UNKNOWN_LEASE', 'It has ended, or was changed: nothing was taken.');
  await answer(`leases/${found.id}/revoke`, { method: 'POST', headers: CHANGE });
}
