"""The decorator under the name that users of the LangChain integration import it by. Needs no LangChain."""

from .tool import KlockConflictError, KlockError, KlockLeaseLostError, klock_protected

__all__ = ["KlockConflictError", "KlockError", "KlockLeaseLostError", "klock_protected"]
