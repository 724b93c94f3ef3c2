// klock.hpp in a second translation unit of test_klock: whatever is not inline there fails to link.
#include "klock.hpp"

std::size_t leases_seen_by_another_unit(const klock::Klock& locks);

std::size_t leases_seen_by_another_unit(const klock::Klock& locks) { return locks.leases().size(); }
