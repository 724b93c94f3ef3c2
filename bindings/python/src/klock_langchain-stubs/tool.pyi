import time as time

from klock import KlockClient as KlockClient
from klock import KlockConflictError as KlockConflictError
from klock import KlockError as KlockError
from klock import KlockHttpClient as KlockHttpClient
from klock import KlockLeaseLostError as KlockLeaseLostError
from klock import klock_protected as klock_protected
