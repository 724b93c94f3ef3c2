// The names that the original Klock gives to its types. Programs that use them compile unchanged; new ones take those that they stand for.

import type { AgentOptions, FileOptions, HttpOptions } from './index.js';
import type { LeaseGranted, LeaseInfo, LeaseRefused, Mode, Predicate, RefusalReason, ResourceType, Storage } from './shapes.js';

type Known<Shape, Name extends keyof Shape> = Pick<Shape, Name> & Partial<Omit<Shape, Name>>;

/** See `HttpOptions`. */
export type KlockHttpClientOptions = HttpOptions;
/** See `LeaseGranted`: the fields that the original has, and ours, which its servers do not send. */
export type AcquireLeaseSuccess = Known<LeaseGranted, 'success' | 'leaseId' | 'agentId' | 'resource' | 'predicate' | 'expiresAt'>;
/** See `LeaseRefused`. */
export type AcquireLeaseFailure = Known<LeaseRefused, 'success' | 'reason' | 'waitTime'>;
/** See `LeaseResult`. */
export type AcquireLeaseResult = AcquireLeaseSuccess | AcquireLeaseFailure;
/** See `LeaseInfo`. */
export type ActiveLeaseInfo = Known<LeaseInfo, 'id' | 'agentId' | 'sessionId' | 'resource' | 'predicate' | 'expiresAt'>;
/** See `ResourceType`. */
export type KlockResourceType = ResourceType;
/** See `Predicate`. */
export type KlockPredicate = Predicate;
/** See `RefusalReason`. */
export type KlockFailureReason = RefusalReason;
/** See `Mode`. */
export type KlockFileMode = Mode;
/** The options of `Klock.local`. */
export type KlockLocalOptions = AgentOptions & HttpOptions;
/** The options of `Klock.embedded`. */
export type KlockEmbeddedOptions = AgentOptions & { storage?: Storage };
/** See `FileOptions`. */
export type KlockFileOptions = FileOptions;
