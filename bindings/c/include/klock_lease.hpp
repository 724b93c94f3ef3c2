// klock_lease.hpp - a lease that is held, and the answers that carry one. Included by klock.hpp.
#ifndef KLOCK_LEASE_HPP
#define KLOCK_LEASE_HPP

#include "klock.h"
#include "klock_answer.hpp"
#include "klock_read.hpp"
#include "klock_types.hpp"
#include "klock_write.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace klock {

/// A lease that is held, and released when this object is destroyed.
///
/// Move-only. Use one object in one thread at a time; different objects are independent. The Klock it came from may be destroyed
/// first: nothing breaks, but then the lease is not released and expires by its ttl. After fork() the child's copy of the
/// object releases nothing; the lease remains the parent's.
class Lease {
public:
    Lease(Lease&& other) noexcept
        : handle_(std::exchange(other.handle_, nullptr)), data_(std::move(other.data_)), sure_until_(other.sure_until_) {}

    Lease& operator=(Lease&& other) noexcept {
        if (this == &other) return *this;
        release_quietly();
        handle_ = std::exchange(other.handle_, nullptr);
        data_ = std::move(other.data_);
        sure_until_ = other.sure_until_;
        return *this;
    }

    ~Lease() { release_quietly(); }

    const std::string& id() const noexcept { return data_.id; }
    const std::string& agent_id() const noexcept { return data_.agent_id; }
    const std::string& session_id() const noexcept { return data_.session_id; }
    /// As Klock writes it: "TYPE:path", normalised.
    const std::string& resource() const noexcept { return data_.resource; }
    const std::string& predicate() const noexcept { return data_.predicate; }
    std::chrono::milliseconds ttl() const noexcept { return data_.ttl; }
    /// Rises with every grant of the store: whoever guards the resource can refuse a lower one.
    std::uint64_t fencing_token() const noexcept { return data_.fencing_token; }
    /// For display. To decide whether the lease still protects you, use sure_until().
    std::uint64_t expires_at() const noexcept { return data_.expires_at; }
    /// Until when the lease surely holds: a full ttl from before the last request was sent. It errs on the safe side: after a
    /// wait, and for a lease asked for with a request_id (it may be an old one), it may be over while the lease still holds.
    /// heartbeat() then makes it a full ttl. The steady clock of Linux stands still while the machine sleeps: after a sleep,
    /// ask with heartbeat().
    std::chrono::steady_clock::time_point sure_until() const noexcept { return sure_until_; }
    /// Whether destroying this object releases something.
    bool owns() const noexcept { return handle_ != nullptr; }

    /// Renews: the lease then runs a full ttl from now. Throws Error; after EXPIRED, UNKNOWN_LEASE and CLOSED the lease is
    /// lost and this object owns nothing.
    void heartbeat() { renew(id_json(), data_.ttl); }

    /// The same, and the lease's ttl is this one from now on (1 ms to 24 h). Throws as above, and INVALID_REQUEST.
    void heartbeat(std::chrono::milliseconds ttl) { renew(detail::renewal_json(data_.id, ttl), ttl); }

    /// Releases now. Throws Error: EXPIRED means that others may have been at the resource before. Only after
    /// STORAGE_UNAVAILABLE and INTERNAL does the object still own the lease.
    void release() {
        call(klock_release, id_json(), [](const detail::Json&) { return 0; });
        handle_ = nullptr;
    }

    /// Changes what may be done with the resource: the lease keeps its id, and gets a new fencing_token and a full ttl. Waits
    /// for that as acquire does. Refused, also while it waits, the lease is what it was; and a wait renews nothing, so one that
    /// may outlast the ttl needs Klock::renew_session from another thread. Throws as heartbeat does.
    Changed change(Predicate predicate, std::chrono::milliseconds wait = std::chrono::milliseconds(0)) {
        const auto sent = std::chrono::steady_clock::now();
        return call(klock_change_lease, detail::change_json(data_.id, predicate, wait), [&](const detail::Json& answer) {
            if (!detail::granted(answer)) return Changed(detail::refusal(answer));
            data_ = detail::granted_lease(answer.at("data"));
            sure_until_ = sent + data_.ttl;
            return Changed(std::monostate());
        });
    }

    /// Gives up the lease without releasing it, for someone else to release by its id, which is returned.
    std::string detach() noexcept {
        handle_ = nullptr;
        return std::move(data_.id);
    }

private:
    friend class Guard;
    friend class Klock;

    Lease(klock_t* handle, LeaseRecord data, std::chrono::steady_clock::time_point sure_until)
        : handle_(handle), data_(std::move(data)), sure_until_(sure_until) {}

    void renew(const std::string& json, std::chrono::milliseconds ttl) {
        const auto sent = std::chrono::steady_clock::now();
        data_.expires_at = call(klock_heartbeat, json, [](const detail::Json& answer) { return detail::expires_at(answer.at("data")); });
        data_.ttl = ttl;
        sure_until_ = sent + ttl;
    }

    std::string id_json() const { return detail::lease_json(data_.id).text(); }

    template <class Read>
    std::invoke_result_t<Read, const detail::Json&> call(Function function, const std::string& json, Read read) {
        if (!owns()) throw Error("UNKNOWN_LEASE", "this Lease was released, moved from or lost before");
        try {
            return detail::ask(handle_, function, json, read);
        } catch (const Error& error) {
            const std::string& code = error.code();
            if (code == "EXPIRED" || code == "UNKNOWN_LEASE" || code == "CLOSED") handle_ = nullptr;
            throw;
        }
    }

    void release_quietly() noexcept {
        if (!owns()) return;
        try {
            release();
        } catch (...) {  // A destructor must not throw; the ttl ends what could not be released.
        }
        handle_ = nullptr;
    }

    klock_t* handle_;
    LeaseRecord data_;
    std::chrono::steady_clock::time_point sure_until_;
};

/// The answer to acquire: a Lease, or the Refusal that says why not.
class [[nodiscard]] Acquired : public Answer<Lease> {
public:
    using Answer::Answer;

    /// The lease, which stays in here. Throws Error with the reason as its code if it was refused.
    Lease& lease() & { return value(); }

    /// The lease, moved out, as in 'Lease lease = locks.acquire(...).lease();'. Throws as above.
    Lease lease() && { return std::move(value()); }

    Lease* operator->() { return &value(); }
};

/// The answer to acquire_all: the leases in the order of the intents, or the Refusal that says why there is none of them.
class [[nodiscard]] AcquiredAll : public Answer<std::vector<Lease>> {
public:
    using Answer::Answer;

    /// The leases, which stay in here; each is released by itself. Throws Error with the reason as its code if refused.
    std::vector<Lease>& leases() & { return value(); }

    /// The leases, moved out. Throws as above.
    std::vector<Lease> leases() && { return std::move(value()); }
};

}  // namespace klock

#endif  // KLOCK_LEASE_HPP
