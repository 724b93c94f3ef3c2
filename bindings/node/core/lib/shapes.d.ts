// The shapes of requests and answers. All times are milliseconds: those named "At" count from 1970-01-01 UTC, the others are spans.

export type ResourceType = 'FILE' | 'SYMBOL' | 'API_ENDPOINT' | 'DATABASE_TABLE' | 'CONFIG_KEY' | 'CUSTOM';
export type Predicate = 'PROVIDES' | 'CONSUMES' | 'MUTATES' | 'DELETES' | 'DEPENDS_ON' | 'RENAMES';
export type Mode = 'read' | 'mutate' | 'delete' | 'rename' | 'provide' | 'depend';

/**
 * `memory`, which its client alone sees; one file, which every process that names it shares; or `auto`, the store of the repository that
 * the working directory is in, which `klock where` shows.
 */
export type Storage = 'memory' | 'auto' | `sqlite:${string}`;

/** A store with a name. */
export type NamedStorage = Exclude<Storage, 'auto'>;

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

/** A lease that was granted. `leaseId` is the right to release it: keep it secret. */
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
  /** That of the request, if it had one. */
  namespace?: string;
  /** A warning to the holder: another live process uses its session. */
  warning?: string;
}

/** Who is in the way: a lease that is `held`, or a request that is `waiting` and came before. */
export interface Conflict {
  agentId: string;
  sessionId: string;
  resource: string;
  predicate: Predicate;
  /** True if it was passed too often while it waited: then it is older than all sessions that are not senior, whatever their priorities. */
  senior?: true;
  state: 'held' | 'waiting';
  expiresAt: number;
  note: string | null;
  namespace?: string;
}

/** A lease that was not granted; nothing else was granted or lost. At most 16 conflicts are listed, the oldest first. */
export interface LeaseRefused {
  success: false;
  reason: RefusalReason;
  /** When to ask again, 0 to 1,000 ms. */
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
  /** See `Conflict`. */
  senior?: true;
  state: string;
  acquiredAt: number;
  ttl: number;
  expiresAt: number;
  lastHeartbeat: number;
  fencingToken: number;
  note: string | null;
  namespace?: string;
}

/** A waiting request for one resource: queued, or parked. */
export interface WaiterInfo {
  agentId: string;
  sessionId: string;
  resource: string;
  predicate: Predicate;
  state: 'queued' | 'parked';
  namespace?: string;
  senior?: boolean;
  [field: string]: unknown;
}

export interface AgentInfo {
  agentId: string;
  /** The lower, the more senior. Above 2^53 it is rounded. */
  priority: number;
}

/** Which snapshot: the filter narrows down leases and waits, `agentId` the agents too. */
export interface SnapshotFilter extends LeaseFilter {
  /** At most so many entries of each list, 1 to 1,000; without it all. */
  limit?: number;
  /** 'none' leaves out the list of agents. */
  agents?: 'all' | 'none';
}

/** What is there at one event. */
export interface Snapshot {
  /** The event's number. */
  sequence: number;
  /** The store's time, as `2026-01-31T12:00:00.000Z`. */
  time: string;
  /** In the order they were granted. A server leaves out `id` for a read-only key. */
  leases: (Omit<LeaseInfo, 'id'> & { id?: string })[];
  waiters: WaiterInfo[];
  /** The oldest first; empty if it was not asked for. */
  agents: AgentInfo[];
  /** Of each list that has more, where it goes on. */
  next: { leases?: number; waiters?: number; agents?: string };
}

/** An event. `seq` rises by one from event to event; `kind` says which of the other fields there are. */
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
  /** 1 to 256 bytes: leases of different namespaces never meet. None if it is left out. */
  namespace?: string;
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
  /**
   * Up to 128 bytes. The same session asking again with the same one gets the lease that it already got, renewed. That lease is not
   * released because one of its callers is gone.
   */
  requestId?: string;
  /** 1 to 256 bytes: leases of different namespaces never meet. None if it is left out. */
  namespace?: string;
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
  /** `TYPE:path`: selects the leases that meet it. */
  resource?: string;
  namespace?: string;
}
