// The same objects for import as for require: an error thrown by one is an instance of the other's class.
import klock from './index.js';

export const { Klock, KlockClient, KlockHttpClient, LeaseGuard, canonicalPath, klockProtected } = klock;
export const { KlockConflictError, KlockConnectionError, KlockError, KlockLeaseLostError, KlockLibraryError, KlockTimeoutError } = klock;
export default klock;
