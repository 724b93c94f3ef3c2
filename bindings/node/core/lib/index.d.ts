// The shapes of requests and answers are in shapes.d.ts, the original's names of types in original.d.ts.
// All times are milliseconds: those named "At" count from 1970-01-01 UTC, the others are spans.

import type {
  AcquireAllOptions,
  AcquireOptions,
  AgentInfo,
  Conflict,
  ErrorCode,
  EventInfo,
  IntentVerdict,
  LeaseFilter,
  LeaseGranted,
  LeaseInfo,
  LeaseResult,
  LeasesResult,
  Manifest,
  Mode,
  NoteOptions,
  Predicate,
  RefusalReason,
  ResourceType,
  NamedStorage,
  Storage,
  Snapshot,
  SnapshotFilter,
  WaiterInfo,
  WaitOptions,
} from './shapes.js';

export type * from './original.js';
export type * from './shapes.js';

/**
 * Acquires, renews and releases leases in a store that this process opens itself. Its plain methods answer at once, on an SQLite file
 * after a commit; those named `Async` never block the event loop. All throw `KlockError`, or reject with it.
 */
export class KlockClient {
  /** Clients on one file share one handle. Throws `KlockLibraryError` when the native library is missing. */
  constructor(options?: { storage?: Storage });

  /** Gives an agent its priority, 0 to 2^64 - 1: the lower, the more senior. Throws AGENT_BUSY while it holds something. */
  registerAgent(agentId: string, priority: number | bigint): void;

  /** As `acquire`; returns the JSON of a `LeaseResult`. */
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

  /** False when it had ended before or was never there; the same for the next two. */
  releaseLease(leaseId: string): boolean;
  /** Renews it; with `ttl` that is its ttl from now on. */
  heartbeatLease(leaseId: string, options?: { ttl?: number }): boolean;
  /** Takes a lease away from its holder, as an operator. */
  revokeLease(leaseId: string): boolean;

  /** Renews all leases of a session and returns how many. */
  renewSession(agentId: string, sessionId: string): number;
  /** Releases all leases of a session and returns how many; its waits reject with CLOSED. */
  endSession(agentId: string, sessionId: string): number;

  listLeases(filter?: LeaseFilter): LeaseInfo[];
  /** The waiting requests: first the queue, then the parked, each in order of arrival. */
  listWaiters(filter?: LeaseFilter): WaiterInfo[];
  listAgents(): AgentInfo[];
  /**
   * Leases, waiters and agents as they are at one event, in one read: `events({ after: sequence })` goes on exactly there. `limit`, 1 to
   * 1,000, is the most entries of each list; without it all, up to 100,000.
   */
  snapshot(filter?: SnapshotFilter): Snapshot;
  /** What happened in the store, oldest first; `limit` is 1 to 1,000, 100 if left out. */
  events(options?: { after?: number; limit?: number }): EventInfo[];
  /** What a whole manifest would get; acquires nothing. */
  declareIntent(manifest: Manifest): IntentVerdict;
  activeLeaseCount(): number;
  /** Sweeps leases that have expired. Never needed: they block nobody before it either. */
  evictExpired(): number;

  /** Leases stay; waits reject with CLOSED. Also done when the client is garbage collected. */
  close(): void;
  [Symbol.dispose](): void;
}

export interface HttpOptions {
  /**
   * `http://localhost:3100` if it is left out; `unix:/path` for a socket. Several servers of one cluster have commas between them: one that
   * answers is used, and no other is started.
   */
  baseUrl?: string;
  /** A server's Unix socket, in place of `baseUrl`. */
  socketPath?: string;
  /** KLOCK_API_KEY if it is left out; empty for none. */
  apiKey?: string;
  /** How long an answer may take beyond `waitMs`, 5,000 if left out. */
  timeoutMs?: number;
  /**
   * Whether to start `klock serve` where none listens, on this machine alone; true if left out. KLOCK_DISABLE_AUTOSTART=1 (true, yes, on)
   * turns it off.
   */
  autoStart?: boolean;
  /** How long it may take to be ready, 5,000 if left out. */
  startupTimeoutMs?: number;
  /** What to start, the program and its arguments; `--port` is added unless it has one, or the port is 3100. */
  serverCommand?: string[];
}

/**
 * As `KlockClient`, for a server, over the global `fetch`, and never through a proxy to this machine; all methods are asynchronous. Waits
 * continue while the server restarts. Rejects with `KlockConnectionError` when the server cannot be reached or is no Klock, and with
 * `KlockTimeoutError` when it does not answer in time.
 */
export class KlockHttpClient {
  constructor(options?: HttpOptions);

  /** Its URL, or the path of its socket. */
  readonly baseUrl: string;
  /** Whether this client would start a server. */
  readonly autoStart: boolean;
  readonly autoStartDisabledByEnv: boolean;
  readonly autoStartAttempted: boolean;
  /** The process id of the server that it started, while that runs. */
  readonly autoStartedPid: number | null;

  registerAgent(agentId: string, priority: number | bigint): Promise<void>;
  acquireLease(
    agentId: string,
    sessionId: string,
    resourceType: ResourceType,
    resourcePath: string,
    predicate: Predicate,
    ttl: number,
    options?: NoteOptions & WaitOptions,
  ): Promise<LeaseResult>;
  acquire(options: AcquireOptions & WaitOptions): Promise<LeaseResult>;
  acquireAsync(options: AcquireOptions & WaitOptions): Promise<LeaseResult>;
  acquireAll(options: AcquireAllOptions & WaitOptions): Promise<LeasesResult>;
  acquireAllAsync(options: AcquireAllOptions & WaitOptions): Promise<LeasesResult>;
  changeLease(leaseId: string, predicate: Predicate, options?: WaitOptions): Promise<LeaseResult>;
  changeLeaseAsync(leaseId: string, predicate: Predicate, options?: WaitOptions): Promise<LeaseResult>;
  releaseLease(leaseId: string): Promise<boolean>;
  heartbeatLease(leaseId: string, options?: { ttl?: number }): Promise<boolean>;
  revokeLease(leaseId: string): Promise<boolean>;
  renewSession(agentId: string, sessionId: string): Promise<number>;
  endSession(agentId: string, sessionId: string): Promise<number>;
  listLeases(filter?: LeaseFilter): Promise<LeaseInfo[]>;
  listWaiters(filter?: LeaseFilter): Promise<WaiterInfo[]>;
  listAgents(): Promise<AgentInfo[]>;
  snapshot(filter?: SnapshotFilter): Promise<Snapshot>;
  events(options?: { after?: number; limit?: number }): Promise<EventInfo[]>;
  declareIntent(manifest: Manifest): Promise<IntentVerdict>;
  activeLeaseCount(): Promise<number>;
  evictExpired(): Promise<number>;

  /** Sends nothing any more. A server that it started runs until this program ends. */
  close(): void;
  /** Ends the server that it started, and resolves once that is gone. */
  shutdown(): Promise<void>;
  /** Closes, and shuts down. */
  [Symbol.asyncDispose](): Promise<void>;
}

export type Client = KlockClient | KlockHttpClient;

export interface HoldOptions {
  /** How long the lease outlives this process, 1 ms to 24 h, a minute if left out. It is renewed while it is held. */
  ttlMs?: number;
  /** How many seconds to wait at the most, 10 if left out; 0 not to wait. */
  maxRetries?: number;
  note?: string;
  /** Ends the wait. */
  signal?: AbortSignal;
}

export interface FileOptions extends HoldOptions {
  /** `mutate` if it is left out. */
  mode?: Mode;
}

/** A lease, or several of one request, held and renewed until it is released. */
export class LeaseGuard {
  private constructor();
  /** The granted leases, in the order in which they were asked for. */
  readonly leases: LeaseGranted[];
  /** The first of them; the same for the next two. */
  readonly lease: LeaseGranted;
  readonly leaseId: string;
  readonly fencingToken: number;
  /** Whether a lease is known to have ended; that is known within a second. Check before a step that cannot be undone. */
  readonly lost: boolean;
  /** Aborts when a lease is found to have ended; pass it to whatever the work awaits. */
  readonly signal: AbortSignal;
  /** Asks now. Rejects with `KlockLeaseLostError` when a lease has ended, and with another `KlockError` when it cannot be found out. */
  check(): Promise<void>;
  /** Releases them. Rejects with `KlockLeaseLostError` when one had ended before. */
  release(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface AgentOptions {
  /** 1 to 256 bytes; random if left out, as is the session. */
  agentId?: string;
  sessionId?: string;
  /** The lower, the more senior; if left out, an agent is as old as its first request. */
  priority?: number | bigint;
  /**
   * Sent with every request: leases of different namespaces never meet. KLOCK_NAMESPACE if it is left out; else none, but to a server that
   * requires one it is the name of the repository.
   */
  namespace?: string;
}

/** One agent at work. All of it is one session, which never conflicts with itself: make one for each agent that works at the same time. */
export interface Klock<C extends Client = Client> {
  /** For all other requests. */
  readonly client: C;
}

type Work<T> = (guard: LeaseGuard) => T | PromiseLike<T>;
type Then<T, Options> = [callback: Work<T>] | [options: Options | undefined, callback: Work<T>];

export class Klock<C extends Client> {
  constructor(client: C, options?: AgentOptions);
  /** Opens a store in this process. */
  static embedded(options: AgentOptions & { storage: NamedStorage }): Klock<KlockClient>;
  /** Opens the store of the repository, or uses the server that KLOCK_SERVER or KLOCK_SOCKET names. */
  static embedded(options?: AgentOptions & { storage?: Storage }): Klock<Client>;
  /**
   * Uses a server: the given one, else that of KLOCK_SERVER or KLOCK_SOCKET, else one of this machine. If none listens here, the first
   * request starts it.
   */
  static local(options?: AgentOptions & HttpOptions): Klock<KlockHttpClient>;

  readonly agentId: string;
  readonly sessionId: string;

  /**
   * Waits for a file in the store's queue. The path is made canonical, so that all who mean this file use the same name. Rejects with
   * `KlockConflictError` when it is not granted.
   */
  file(path: string, options?: FileOptions): Promise<LeaseGuard>;
  /** Holds a file while a callback runs, and resolves to what it returns. Rejects with `KlockLeaseLostError` when the lease was lost. */
  withFile<T>(path: string, ...then: Then<T, FileOptions>): Promise<T>;
  /** As `file`, for several at once: all of them or none. */
  files(paths: readonly string[], options?: FileOptions): Promise<LeaseGuard>;
  withFiles<T>(paths: readonly string[], ...then: Then<T, FileOptions>): Promise<T>;
  /** As `file`, for anything that has a name. The file in a SYMBOL `file#name` is made canonical, too. */
  resource(type: ResourceType, path: string, options?: FileOptions): Promise<LeaseGuard>;
  withResource<T>(type: ResourceType, path: string, ...then: Then<T, FileOptions>): Promise<T>;
  /** As `files`, for the old name of a file and its new one. */
  rename(from: string, to: string, options?: HoldOptions): Promise<LeaseGuard>;
  withRename<T>(from: string, to: string, ...then: Then<T, HoldOptions>): Promise<T>;

  /** Releases everything the session holds, and closes the client. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A request that could not be judged. A refusal is an answer and not an error, except to a guard. */
export class KlockError extends Error {
  constructor(code: string, message: string);
  readonly code: ErrorCode | RefusalReason;
}

/**
 * A guard did not get its lease. `reason` is the verdict that stood at the end; `code` is WAIT_TIMEOUT when it waited until its time was
 * up, else the reason.
 */
export class KlockConflictError extends KlockError {
  constructor(
    agentId: string,
    resourcePath: string,
    reason: RefusalReason,
    waitTimeMs: number,
    message?: string,
    conflicts?: Conflict[],
    code?: RefusalReason,
  );
  readonly agentId: string;
  readonly resourcePath: string;
  readonly reason: RefusalReason;
  readonly waitTimeMs: number;
  readonly conflicts: Conflict[];
}

/** A guard's lease ended before the guard did: EXPIRED, it was not renewed in time; UNKNOWN_LEASE, it was taken away. */
export class KlockLeaseLostError extends KlockError {}

/** The server could not be reached, did not answer in time, or is no Klock. Its code is STORAGE_UNAVAILABLE. */
export class KlockConnectionError extends KlockError {
  constructor(message: string, cause?: unknown);
}

/** The server did not answer in time. */
export class KlockTimeoutError extends KlockConnectionError {}

/** The native library is missing on this machine, or of another version. */
export class KlockLibraryError extends Error {
  readonly code: 'LIBRARY_UNAVAILABLE';
}

/**
 * The path to use in a FILE lease; the root that it is relative to, and the name of that repository, or null; and the store that `auto`
 * stands for there. The file need not exist.
 */
export function canonicalPath(
  path: string,
  cwd?: string,
): { resourcePath: string; root: string | null; namespace: string | null; store: string | null };

export interface ProtectedOptions<Input> {
  client: Client;
  /** Random if it is left out. */
  agentId?: string;
  /** If it is left out each call is a session of its own, so that simultaneous calls exclude each other. */
  sessionId?: string;
  /** FILE if it is left out. */
  resourceType?: ResourceType;
  /** What a call touches. A FILE, and the file of a SYMBOL `file#name`, is made canonical. */
  resourcePath: (input: Input) => string | Promise<string>;
  /** MUTATES if it is left out. */
  predicate?: Predicate;
  ttlMs?: number;
  maxRetries?: number;
  note?: string;
  namespace?: string;
}

/**
 * The same tool, each call of which holds a lease until its result is there: waits for it, renews it, releases it. Takes an asynchronous
 * function of one input, or a tool of LangChain.js, which keeps its name, description and schema. A generator is refused: its body runs
 * when the call has long returned. Calls reject with `KlockConflictError` when the lease is not granted, and with `KlockLeaseLostError`
 * when it was lost.
 */
export function klockProtected<Tool extends (input: any, ...rest: any[]) => PromiseLike<any>>(
  tool: Tool,
  options: ProtectedOptions<Parameters<Tool>[0]>,
): Tool;
export function klockProtected<Tool extends { invoke(input: any, ...rest: any[]): Promise<any> }>(
  tool: Tool,
  options: ProtectedOptions<any>,
): Tool;
