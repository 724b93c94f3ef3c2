// The same objects for import as for require: an error thrown by one is an instance of the other's class.
import klock from './index.js';

export const { Klock, KlockClient, KlockConflictError, KlockError, KlockLeaseLostError, KlockLibraryError, LeaseGuard, canonicalPath } =
  klock;
export default klock;
