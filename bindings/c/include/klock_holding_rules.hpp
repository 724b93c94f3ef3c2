// klock_holding_rules.hpp - the numbers of "Holding a lease" in docs/architecture.md, which gives the reason of each. Every language has
// the same. Inside klock.hpp; not an interface of its own.
#ifndef KLOCK_HOLDING_RULES_HPP
#define KLOCK_HOLDING_RULES_HPP

#include <algorithm>
#include <chrono>

namespace klock::detail::holding {

inline constexpr int renewals_a_ttl = 3;
inline constexpr int margins_a_ttl = 20;
inline constexpr int retries_a_ttl = 20;
inline constexpr int shortest_retry_ms = 10;
inline constexpr int longest_retry_ms = 500;
inline constexpr int look_every_ms = 500;
inline constexpr int take_ups_a_ttl = 2;
inline constexpr int release_patience_ms = 3000;
// A call of the library cannot be cut short, so there is no patience for an answer here.

using milliseconds = std::chrono::milliseconds;

/// After how much of its ttl a lease is renewed.
constexpr milliseconds renewal(milliseconds ttl) { return ttl / renewals_a_ttl; }

/// How long before the end of its ttl a lease counts as lost.
constexpr milliseconds margin(milliseconds ttl) { return ttl / margins_a_ttl; }

/// After how long a failed request is sent again.
constexpr milliseconds retry(milliseconds ttl) {
    return std::clamp(ttl / retries_a_ttl, milliseconds(shortest_retry_ms), milliseconds(longest_retry_ms));
}

/// For how long the first renewal of a grant that came late is tried.
constexpr milliseconds take_up(milliseconds ttl) { return ttl / take_ups_a_ttl; }

}  // namespace klock::detail::holding

#endif  // KLOCK_HOLDING_RULES_HPP
