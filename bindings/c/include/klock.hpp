// klock.hpp - Klock for C++17, header-only, over klock.h. Link with -lklock.
//
//     klock::Klock locks("sqlite:/tmp/team.db");
//     klock::Acquired got = locks.acquire({"ann", "s1", klock::file("src/auth.c"), klock::Predicate::Mutates, 60s}, 30s);
//     if (!got) return explain(got.refusal());
//     ... change the file; the lease is released where 'got' ends ...
//
//     klock::Guard guard = locks.hold({"ann", "s1", klock::file("src/auth.c"), klock::Predicate::Mutates, 60s}, 30s);
//     ... the same for work that may take longer than 60 s: it is renewed, and guard.lost() shows when it was taken away ...
//
// Errors are thrown as klock::Error; a refusal is no error but an answer. Besides Error only std::bad_alloc is thrown.
#ifndef KLOCK_HPP
#define KLOCK_HPP

#include "klock.h"
#include "klock_answer.hpp"
#include "klock_guard.hpp"
#include "klock_json.hpp"
#include "klock_keeper.hpp"
#include "klock_lease.hpp"
#include "klock_read.hpp"
#include "klock_types.hpp"
#include "klock_write.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace klock {

/// An open store. Move-only. Any thread may call any method at any time, close() too; moving and destroying it are the owner's alone.
class Klock {
public:
    /// Opens "memory" or "sqlite:<path>" (see klock_open). Throws Error.
    explicit Klock(const std::string& storage = "memory") {
        if (klock_abi_version() != KLOCK_ABI_VERSION) throw Error("INTERNAL", "the loaded libklock has another ABI than klock.h");
        char* error = nullptr;
        klock_t* const handle = klock_open(detail::JsonObject().add("storage", storage).text().c_str(), &error);
        handle_ = handle;
        if (handle == nullptr) detail::understand(detail::owned(error), [](const detail::Json& json) { detail::throw_error(json); });
    }

    Klock(Klock&& other) noexcept : handle_(other.handle_.exchange(nullptr)), keeper_(std::move(other.keeper_)) {}

    Klock& operator=(Klock&& other) noexcept {
        if (this != &other) {
            close();
            handle_ = other.handle_.exchange(nullptr);
            keeper_ = std::move(other.keeper_);
        }
        return *this;
    }

    ~Klock() { close(); }

    /// Closes the store; calls after it throw CLOSED, and so do those that wait. Leases on a file last until released or expired; those
    /// of guards are renewed no more.
    void close() noexcept {
        klock_close(handle_.exchange(nullptr));
        if (keeper_ != nullptr) keeper_->stop();
    }

    /// Any function of klock.h that takes JSON, with the answer as JSON text, refusals and errors included: for functions without a
    /// method here (klock_submit, klock_collect, klock_cancel), or for another JSON library. json may be nullptr where klock.h says so.
    std::string call(Function function, const char* json) const { return detail::owned(function(handle_, json)); }

    /// The handle, for use with klock.h. It remains this object's.
    klock_t* handle() const noexcept { return handle_; }

    /// Sets the priority of an agent; lower is older. Throws AGENT_BUSY while it holds or waits under another priority.
    void register_agent(const std::string& agent_id, std::uint64_t priority) {
        const auto json = detail::JsonObject().add("agent_id", agent_id).add("priority", priority).text();
        detail::ask_data(handle_, klock_register_agent, json, [](const detail::Json&) { return 0; });
    }

    /// Asks for a lease, and waits for it up to 'wait' (at most an hour) where waiting is safe; see WAITING in klock.h. Throws
    /// Error for invalid requests, and CLOSED when the store or the session ends during the wait.
    Acquired acquire(const Request& request, std::chrono::milliseconds wait = std::chrono::milliseconds(0));

    /// Asks for all of these leases or none, in one step. Waits as acquire does, holding none of them.
    AcquiredAll acquire_all(const Manifest& manifest, std::chrono::milliseconds wait = std::chrono::milliseconds(0));

    /// Acquires and keeps: the lease is renewed until the Guard ends. Throws Error, with the reason as its code when it is refused.
    Guard hold(const Request& request, std::chrono::milliseconds wait = std::chrono::milliseconds(0)) {
        return {*this, acquire(request, wait).lease()};
    }

    /// As hold, of all the leases of a manifest.
    Guard hold_all(const Manifest& manifest, std::chrono::milliseconds wait = std::chrono::milliseconds(0)) {
        return {*this, acquire_all(manifest, wait).leases()};
    }

    /// The verdict on all of these intents together; leaves nothing behind. The worst verdict counts.
    Verdict declare(const std::string& agent_id, const std::string& session_id, const std::vector<Intent>& intents,
                    const std::string& name_space = {}) const;

    /// Renews a lease by its id and returns its new expires_at. Prefer Lease::heartbeat.
    std::uint64_t heartbeat(const std::string& lease_id) {
        return detail::ask_data(handle_, klock_heartbeat, detail::lease_json(lease_id).text(), detail::expires_at);
    }

    /// The same, and its ttl is this one from now on (1 ms to 24 h).
    std::uint64_t heartbeat(const std::string& lease_id, std::chrono::milliseconds ttl) {
        return detail::ask_data(handle_, klock_heartbeat, detail::renewal_json(lease_id, ttl), detail::expires_at);
    }

    /// Releases a lease by its id, such as one that was detached. Throws UNKNOWN_LEASE, EXPIRED.
    void release(const std::string& lease_id) {
        detail::ask_data(handle_, klock_release, detail::lease_json(lease_id).text(), [](const detail::Json&) { return 0; });
    }

    /// Takes a lease away from whoever holds it: for an operator.
    void revoke(const std::string& lease_id) {
        detail::ask_data(handle_, klock_revoke, detail::lease_json(lease_id).text(), [](const detail::Json&) { return 0; });
    }

    /// Renews all leases of a session, keeps its waits, and returns how many leases. Lease objects do not notice it.
    std::uint64_t renew_session(const std::string& agent_id, const std::string& session_id) {
        return detail::ask_data(handle_, klock_renew_session, detail::session_json(agent_id, session_id).text(),
                                [](const detail::Json& data) { return data.at("renewed").u64(); });
    }

    /// Releases all leases of a session, ends its waits (they throw CLOSED), and returns how many leases.
    std::uint64_t end_session(const std::string& agent_id, const std::string& session_id) {
        return detail::ask_data(handle_, klock_end_session, detail::session_json(agent_id, session_id).text(),
                                [](const detail::Json& data) { return data.at("released").u64(); });
    }

    /// What happened after the event of that number, at most 'limit' events (1 to 1000): the answer of klock_events as JSON.
    std::string events(std::uint64_t after = 0, std::uint64_t limit = 100) const;

    /// The active leases that match the filter.
    std::vector<LeaseRecord> leases(const LeaseFilter& filter = {}) const;

    /// The agents that the store remembers.
    std::vector<Agent> agents() const;

    /// Leases, waits and agents as they are at one event, each list with at most 'limit' entries (1 to 1000; 0 for all): the answer of
    /// klock_snapshot as JSON. Without agents, of which there may be many, their list is empty.
    std::string snapshot(const LeaseFilter& filter = {}, std::uint64_t limit = 0, bool with_agents = true) const;

    /// Sweeps leases that have expired and returns how many. They block nobody, swept or not.
    std::uint64_t evict_expired() {
        return detail::understand(detail::owned(klock_evict_expired(handle_)),
                                  [](const detail::Json& answer) { return answer.at("data").at("evicted").u64(); });
    }

private:
    friend class Guard;

    std::atomic<klock_t*> handle_ = nullptr;
    std::shared_ptr<detail::Keeper> keeper_ = detail::Keeper::make();
};

/// The one name of a path, the same for all who mean the same file; see klock_canonical_path. 'cwd' is where a relative path
/// counts from, the working directory if it is empty. Throws Error.
CanonicalPath canonical_path(const std::string& path, const std::string& cwd = {});

}  // namespace klock

#include "klock_impl.hpp"

#endif  // KLOCK_HPP
