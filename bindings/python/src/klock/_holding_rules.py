"""The numbers of "Holding a lease" in docs/architecture.md, which gives the reason of each. Every language has the same."""

from __future__ import annotations

RENEWALS_A_TTL = 3
MARGINS_A_TTL = 20
PATIENCES_LEFT = 2
SHORTEST_PATIENCE_MS = 250
RETRIES_A_TTL = 20
SHORTEST_RETRY_MS = 10
LONGEST_RETRY_MS = 500
LOOK_EVERY_MS = 500
TAKE_UPS_A_TTL = 2
RELEASE_PATIENCE_MS = 3_000

LOOK_EVERY_S = LOOK_EVERY_MS / 1_000
LONGEST_RETRY_S = LONGEST_RETRY_MS / 1_000
RELEASE_PATIENCE_S = RELEASE_PATIENCE_MS / 1_000
SHORTEST_PATIENCE_S = SHORTEST_PATIENCE_MS / 1_000


def renewal_s(ttl_s: float) -> float:
    """After how much of its ttl a lease is renewed."""
    return ttl_s / RENEWALS_A_TTL


def sure_s(ttl_s: float) -> float:
    """After how much of its ttl a lease counts as lost."""
    return ttl_s - ttl_s / MARGINS_A_TTL


def retry_s(ttl_s: float) -> float:
    """After how long a failed request is sent again."""
    return min(max(ttl_s / RETRIES_A_TTL, SHORTEST_RETRY_MS / 1_000), LONGEST_RETRY_S)


def take_up_s(ttl_s: float) -> float:
    """For how long the first renewal of a grant that came late is tried."""
    return ttl_s / TAKE_UPS_A_TTL


def patience_s(left_s: float) -> float:
    """How long to wait for the answer to a renewal when so much time is left."""
    return at_least_shortest(left_s / PATIENCES_LEFT)


def at_least_shortest(seconds: float) -> float:
    """So much time for an answer, but not less than an answer needs."""
    return max(seconds, SHORTEST_PATIENCE_S)
