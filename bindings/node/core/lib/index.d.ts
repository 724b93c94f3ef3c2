// All times are milliseconds: those named "At" count from 1970-01-01 UTC, the others are spans.

export type ResourceType = 'FILE' | 'SYMBOL' | 'API_ENDPOINT' | 'DATABASE_TABLE' | 'CONFIG_KEY' | 'CUSTOM';
export type Predicate = 'PROVIDES' | 'CONSUMES' | 'MUTATES' | 'DELETES' | 'DEPENDS_ON' | 'RENAMES';
export type Mode = 'read' | 'mutate' | 'delete' | 'rename' | 'provide' | 'depend';

/** `memory`, which its client alone sees, or one file that every process which names it shares. */
export type Storage = 'memory' | `sqlite:${string}`;

export type ErrorCode =
  | 'INVALID_REQUEST'
  | 'UNKNOWN_LEASE'
  | 'EXPIRED'
  | 'AGENT_BUSY'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'PAYLOAD_TOO_LARGE'
  | 'STORAGE_UNAVAILABLE'
  | 'CLOSED'
  | 'INTERNAL';

/** WAIT: older than all in the way. DIE: younger than one of them. WAIT_TIMEOUT: the time to wait is over. */
export type RefusalReason = 'WAIT' | 'DIE' | 'WAIT_TIMEOUT';

/** A lease that was given. `leaseId` is the right to release it: keep it to yourself. */
export interface LeaseGranted {
  success: true;
  leaseId: string;
  agentId: string;
  sessionId: string;
  resource: string;
  predicate: Predicate;
  expiresAt: number;
  /** Higher than that of every lease granted before. */
  fencingToken: number;
}

/** Who stands in the way: a lease that is `held`, or a request that is `waiting` and came before. */
export interface Conflict {
  agentId: string;
  sessionId: string;
  resource: string;
  predicate: Predicate;
  state: 'held' | 'waiting';
  expiresAt: number;
  note: string | null;
}

/** A lease that was not given; nothing else was taken or lost. At most 16 conflicts are listed, the oldest first. */
export interface LeaseRefused {
  success: false;
  reason: RefusalReason;
  /** When to look again, 0 to 1,000 ms. */
  waitTime: number;
  message: string;
  conflicts: Conflict[];
}

export interface LeasesGranted {
  success: true;
  /** In the order of the intents. */
  leases: LeaseGranted[];
}

export type LeaseResult = LeaseGranted | LeaseRefused;
export type LeasesResult = LeasesGranted | LeaseRefused;

export interface LeaseInfo {
  id: string;
  agentId: string;
  sessionId: string;
  resource: string;
  predicate: Predicate;
  state: string;
  acquiredAt: number;
  ttl: number;
  expiresAt: number;
  lastHeartbeat: number;
  fencingToken: number;
  note: string | null;
}

export interface AgentInfo {
  agentId: string;
  /** The lower, the more senior. Above 2^53 it is rounded. */
  priority: number;
}

/** Something that happened. `seq` rises by one from event to event; `kind` says which of the other fields there are. */
export interface EventInfo {
  seq: number;
  kind: string;
  at?: number;
  agentId?: string;
  sessionId?: string;
  resource?: string;
  predicate?: Predicate;
  [field: string]: unknown;
}

export interface Intent {
  predicate: Predicate;
  resourceType: ResourceType;
  resourcePath: string;
}

export interface Manifest {
  agentId: string;
  sessionId: string;
  /** 1 to 256. */
  intents: Intent[];
}

export interface IntentVerdict {
  success: boolean;
  agentId: string;
  sessionId: string;
  status: 'Granted' | 'Wait' | 'Die';
  reason: string | null;
  heldBy: string | null;
  conflicts: string[];
  retryAfterMs: number | null;
}

export interface NoteOptions {
  /** Why, for whoever is refused, up to 1 KiB. */
  note?: string;
  /** Up to 128 bytes. The same session asking again with the same one gets the lease that it already got. */
  requestId?: string;
}

export interface AcquireOptions extends NoteOptions {
  /** 1 to 256 bytes. */
  agentId: string;
  /** Which run of the agent, 1 to 256 bytes; one session never conflicts with itself. */
  sessionId: string;
  resourceType: ResourceType;
  /** Up to 4 KiB. A FILE path that ends in a slash and two stars is a directory and all beneath it. */
  resourcePath: string;
  predicate: Predicate;
  /** How long the lease lives from the grant on unless it is renewed, 1 ms to 24 h. */
  ttl: number;
}

export interface AcquireAllOptions extends Manifest, NoteOptions {
  ttl: number;
}

export interface WaitOptions {
  /** How long to wait for the grant, up to 1 h; 0, the default, to be answered at once. */
  waitMs?: number;
  /** Ends the wait: the request leaves the queue, holds nothing, and the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface LeaseFilter {
  agentId?: string;
  sessionId?: string;
  /** `TYPE:path`: finds the leases that meet it. */
  resource?: string;
}

/**
 * Takes, renews and gives back leases in a store that this process opens itself. Its plain methods answer at once, on an SQLite file
 * after a commit; those named `Async` never hold up the event loop. All throw `KlockError`, or reject with it.
 */
export class KlockClient {
  /** Clients on one file share what they open. Throws `KlockLibraryError` when the native library is missing. */
  constructor(options?: { storage?: Storage });

  /** Gives an agent its priority, 0 to 2^64 - 1: the lower, the more senior. Throws AGENT_BUSY while it holds something. */
  registerAgent(agentId: string, priority: number | bigint): void;

  /** As `acquire`; answers the JSON of a `LeaseResult`. */
  acquireLease(
    agentId: string,
    sessionId: string,
    resourceType: ResourceType,
    resourcePath: string,
    predicate: Predicate,
    ttl: number,
    options?: NoteOptions,
  ): string;

  acquire(options: AcquireOptions): LeaseResult;
  /** As `acquire`, and waits in the store's queue. */
  acquireAsync(options: AcquireOptions & WaitOptions): Promise<LeaseResult>;
  /** Asks for several leases in one step: all of them or none. */
  acquireAll(options: AcquireAllOptions): LeasesResult;
  /** As `acquireAll`, and waits holding none of them. */
  acquireAllAsync(options: AcquireAllOptions & WaitOptions): Promise<LeasesResult>;
  /** Changes the predicate of a lease in place: same id, a new fencing token, and a full ttl from now. */
  changeLease(leaseId: string, predicate: Predicate): LeaseResult;
  /** As `changeLease`, and waits. A change that was made when it is aborted stays. */
  changeLeaseAsync(leaseId: string, predicate: Predicate, options?: WaitOptions): Promise<LeaseResult>;

  /** False when it had ended before or was never there; so for the next two. */
  releaseLease(leaseId: string): boolean;
  heartbeatLease(leaseId: string): boolean;
  /** Takes a lease away from its holder, as an operator. */
  revokeLease(leaseId: string): boolean;

  /** Renews all leases of a session and tells how many. */
  renewSession(agentId: string, sessionId: string): number;
  /** Releases all leases of a session and tells how many; its waits reject with CLOSED. */
  endSession(agentId: string, sessionId: string): number;

  listLeases(filter?: LeaseFilter): LeaseInfo[];
  listAgents(): AgentInfo[];
  /** What happened in the store, oldest first; `limit` is 1 to 1,000, 100 if left out. */
  events(options?: { after?: number; limit?: number }): EventInfo[];
  /** What a whole manifest would get; takes nothing. */
  declareIntent(manifest: Manifest): IntentVerdict;
  activeLeaseCount(): number;
  /** Sweeps out leases that have run out. Never needed: they block nobody before it either. */
  evictExpired(): number;

  /** Leases stay; waits reject with CLOSED. Also done when the client is garbage collected. */
  close(): void;
  [Symbol.dispose](): void;
}

export interface FileOptions {
  /** `mutate` if it is left out. */
  mode?: Mode;
  /** How long the lease outlives this process, 1 ms to 24 h, a minute if left out. It is renewed while it is held. */
  ttlMs?: number;
  /** How many seconds to wait at the most, 10 if left out; 0 not to wait. */
  maxRetries?: number;
  note?: string;
  /** Ends the wait. */
  signal?: AbortSignal;
}

/** A lease that is held, and renewed until it is released. */
export class LeaseGuard {
  private constructor();
  readonly lease: LeaseGranted;
  readonly leaseId: string;
  readonly fencingToken: number;
  /** Whether the lease has ended, as far as is known: look before a step that cannot be undone. */
  readonly lost: boolean;
  /** Aborts when the lease is found to have ended, for whatever the work waits on. */
  readonly signal: AbortSignal;
  /** Lets it go. Rejects with `KlockLeaseLostError` when it had ended before. */
  release(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface AgentOptions {
  /** 1 to 256 bytes; random if left out, as is the session. */
  agentId?: string;
  sessionId?: string;
  /** The lower, the more senior; if left out, an agent is as old as its first request. */
  priority?: number | bigint;
}

/** One agent at work. All of it is one session, which does not keep itself out: make one for each agent that works at the same time. */
export class Klock {
  constructor(client: KlockClient, options?: AgentOptions);
  /** Opens a store in this process. */
  static embedded(options?: AgentOptions & { storage?: Storage }): Klock;

  readonly client: KlockClient;
  readonly agentId: string;
  readonly sessionId: string;

  /**
   * Waits for a file in the store's queue. The path is made canonical, so that all who mean this file name the same one. Rejects with
   * `KlockConflictError` when it is not granted.
   */
  file(path: string, options?: FileOptions): Promise<LeaseGuard>;

  /** Holds a file while `callback` runs, and resolves to what it returns. Rejects with `KlockLeaseLostError` when the lease was lost. */
  withFile<T>(path: string, callback: (guard: LeaseGuard) => T | Promise<T>): Promise<T>;
  withFile<T>(path: string, options: FileOptions, callback: (guard: LeaseGuard) => T | Promise<T>): Promise<T>;

  /** Lets go of everything the session holds, and closes the client. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A request that could not be judged. A refusal is an answer and not an error, but to a guard. */
export class KlockError extends Error {
  constructor(code: string, message: string);
  readonly code: ErrorCode | RefusalReason;
}

/** A guard did not get its lease. `code` is the reason. */
export class KlockConflictError extends KlockError {
  readonly agentId: string;
  readonly resourcePath: string;
  readonly reason: RefusalReason;
  readonly waitTimeMs: number;
  readonly conflicts: Conflict[];
}

/** A guard's lease ended before the guard did: EXPIRED, it was not renewed in time; UNKNOWN_LEASE, it was taken away. */
export class KlockLeaseLostError extends KlockError {}

/** The native library is missing on this machine, or does not fit. */
export class KlockLibraryError extends Error {
  readonly code: 'LIBRARY_UNAVAILABLE';
}

/** The path to ask a FILE lease for, and the top of its git work tree, or null. The file need not exist. */
export function canonicalPath(path: string, cwd?: string): { resourcePath: string; root: string | null };
