// What the server sends, as docs/api-reference.md has it. Times are ms since 1970.

export interface Claim {
  agent_id: string;
  session_id: string;
  resource: string;
  namespace?: string;
  predicate: string;
  senior?: boolean;
}

export interface Lease extends Claim {
  acquired_at: number;
  ttl: number;
  expires_at: number;
  fencing_token: number;
  note: string | null;
}

export interface Waiter extends Claim {
  state: 'queued' | 'parked';
  wait_until: number;
  note: string | null;
}

export interface Agent {
  agent_id: string;
  /** Null: not known, as only an event told of the agent. */
  priority: number | null;
}

export interface Snapshot {
  sequence: number;
  time: string;
  leases: Lease[];
  waiters: Waiter[];
  agents: Agent[];
}

/** An event. Which of the fields are there depends on its kind. */
export interface KlockEvent {
  seq: number;
  kind: string;
  at?: number;
  agent_id?: string;
  session_id?: string;
  resource?: string;
  namespace?: string;
  predicate?: string;
  senior?: boolean;
  fencing_token?: number;
  expires_at?: number;
  wait_until?: number;
  intents?: number;
  note?: string | null;
  reason?: string;
  outcome?: string;
  priority?: number;
  first_missing?: number;
}

export interface Session {
  needs_key: boolean;
  signed_in: boolean;
  access: 'full' | 'read-only' | null;
  namespaces: string[] | null;
  version: string;
}
