"""The decorator under the name that users of the LangChain integration import it by. Needs no LangChain."""

from klock import KlockConflictError, KlockError, KlockLeaseLostError, klock_protected

__all__ = ["KlockConflictError", "KlockError", "KlockLeaseLostError", "klock_protected"]
