"""The decorator, where the integration's users look for it, and where their tests replace what it waits with."""

import time

from klock import KlockClient, KlockConflictError, KlockError, KlockHttpClient, KlockLeaseLostError, klock_protected

__all__ = [
    "KlockClient",
    "KlockConflictError",
    "KlockError",
    "KlockHttpClient",
    "KlockLeaseLostError",
    "klock_protected",
    "time",
]
