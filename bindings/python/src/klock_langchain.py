"""The decorator under the name that users of the LangChain integration import it by. Needs no LangChain.

This file is for those who install ``klock`` alone. Where ``klock-langchain`` is installed too, its folder of the same name goes before.
"""

import os

import klock
from klock import KlockConflictError, KlockError, KlockLeaseLostError, klock_protected

__all__ = ["KlockConflictError", "KlockError", "KlockLeaseLostError", "klock_protected"]

# Makes this module a package, so that klock_langchain.tool is there.
__path__ = [os.path.join(os.path.dirname(klock.__file__), "_langchain")]
