"""The decorator, where the integration's users look for it too."""

from klock import KlockConflictError, KlockError, KlockLeaseLostError, klock_protected

__all__ = ["KlockConflictError", "KlockError", "KlockLeaseLostError", "klock_protected"]
