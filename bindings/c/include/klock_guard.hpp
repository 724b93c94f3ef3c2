// klock_guard.hpp - leases that are renewed for as long as they are held. Included by klock.hpp.
#ifndef KLOCK_GUARD_HPP
#define KLOCK_GUARD_HPP

#include "klock_held.hpp"
#include "klock_keeper.hpp"
#include "klock_lease.hpp"
#include "klock_types.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace klock {

class Klock;

/// A lease, or all those of one manifest, renewed until this object ends, which releases them.
///
/// One thread of the Klock renews the leases of all its guards, and checks twice a second whether they are still there; it starts with
/// the first guard and ends with the Klock. Move-only. Any thread may call lost() and check(), the rest is for one thread at a time. The
/// Klock may be destroyed first: nothing breaks, but then the leases are renewed no more and expire. After fork() the child's copy does
/// nothing; the leases remain the parent's.
class Guard {
public:
    /// Renews a lease of that Klock from now on. Throws Error, and then the lease is released: EXPIRED or UNKNOWN_LEASE when it is over
    /// already, INTERNAL when there is no thread to renew it.
    Guard(Klock& klock, Lease lease);

    /// As above, all leases of a manifest. Throws INVALID_REQUEST when there is none.
    Guard(Klock& klock, std::vector<Lease> leases);

    Guard(Guard&& other) noexcept = default;

    Guard& operator=(Guard&& other) noexcept {
        if (this == &other) return *this;
        release_quietly();
        keeper_ = std::move(other.keeper_);
        held_ = std::move(other.held_);
        return *this;
    }

    ~Guard() { release_quietly(); }

    /// The leases as they were granted, in the order of the intents. Not after release() or a move; the same for the next three.
    const std::vector<LeaseRecord>& leases() const noexcept { return held_->leases; }
    /// Of the first of them.
    const std::string& id() const noexcept { return leases().front().id; }
    const std::string& resource() const noexcept { return leases().front().resource; }
    std::uint64_t fencing_token() const noexcept { return leases().front().fencing_token; }

    /// Whether destroying this object releases something.
    bool owns() const noexcept { return held_ != nullptr; }

    /// Whether a lease is known to have ended; a revoke is known within a second. Check before a step that cannot be undone.
    bool lost() const noexcept { return held_ != nullptr && held_->lost() != nullptr; }

    /// Asks the store now. Throws Error: EXPIRED or UNKNOWN_LEASE when a lease has ended, and with it the protection; another code when
    /// that could not be found out.
    void check() const {
        must_own();
        if (held_->lost() == nullptr) held_->compare(held_->ids_of_session());
        if (const char* code = held_->lost()) throw lost_error(code);
    }

    /// Releases now. Throws Error: EXPIRED and UNKNOWN_LEASE mean that a lease had ended before, so that others may have been at the
    /// resource; after another code what could not be released expires. In any case this object owns nothing afterwards.
    void release() {
        must_own();
        const std::shared_ptr<detail::Held> held = std::move(held_);
        const char* lost = held->lost();
        const bool may_be_there = held->begin_release();
        keeper_->remove(held);
        const std::string ended = may_be_there ? held->release() : std::string();
        if (lost != nullptr || !ended.empty()) throw lost_error(*held, lost != nullptr ? lost : ended);
    }

private:
    static Error lost_error(const detail::Held& held, const std::string& code) {
        std::string what;
        for (const LeaseRecord& lease : held.leases) what += (what.empty() ? "" : ", ") + lease.resource;
        const char* how = code == "EXPIRED" ? "it was not renewed in time" : "it was taken away";
        return {code, "the lease on " + what + " ended before the work that needed it: " + how + "; read again what it protected"};
    }

    Error lost_error(const char* code) const { return lost_error(*held_, code); }

    void must_own() const {
        if (!owns()) throw Error("UNKNOWN_LEASE", "this Guard was released or moved from before");
    }

    void release_quietly() noexcept {
        if (!owns()) return;
        try {
            release();
        } catch (...) {  // A destructor must not throw; the ttl ends what could not be released.
        }
    }

    std::shared_ptr<detail::Keeper> keeper_;
    std::shared_ptr<detail::Held> held_;
};

}  // namespace klock

#endif  // KLOCK_GUARD_HPP
