from klock import KlockConflictError as KlockConflictError
from klock import KlockError as KlockError
from klock import KlockLeaseLostError as KlockLeaseLostError
from klock import klock_protected as klock_protected
