// klock.hpp - Klock for C++17, header-only, over klock.h. Link with -lklock.
//
//     klock::Klock locks("sqlite:/tmp/team.db");
//     klock::Acquired got = locks.acquire({"ann", "s1", klock::file("src/auth.c"), klock::Predicate::Mutates, 60s});
//     if (!got) return explain(got.refusal());
//     ... change the file; the lease is released where 'got' ends ...
//
// Errors are thrown as klock::Error; a refusal is no error but an answer. Besides Error only std::bad_alloc is thrown.
#ifndef KLOCK_HPP
#define KLOCK_HPP

#include "klock.h"
#include "klock_json.hpp"
#include "klock_types.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace klock {

class Klock;
class Acquired;

/// A function of klock.h that takes a handle and a request, for Klock::call.
using Function = char* (*)(klock_t*, const char*);

namespace detail {

/// Takes over a text of the library.
inline std::string owned(char* text) {
    const std::unique_ptr<char, void (*)(char*)> guard(text, klock_free);
    if (text == nullptr) throw std::bad_alloc();
    return text;
}

[[noreturn]] inline void throw_error(const Json& answer) {
    throw Error(answer.at("code").string(), answer.at("error").string());
}

/// Reads an answer with 'read', a function of Json. Errors of the library are thrown, refusals are not.
template <class Read>
auto understand(const std::string& text, Read read) {
    try {
        const Json answer = Json::parse(text);
        if (answer.find("code") != nullptr) throw_error(answer);
        return read(answer);
    } catch (const JsonError& problem) {
        throw Error("INTERNAL", std::string("libklock gave an answer that klock.hpp cannot read: ") + problem.what());
    }
}

/// Calls the library and reads the "data" of its answer.
template <class Read>
auto ask(klock_t* handle, Function function, const char* json, Read read) {
    return understand(owned(function(handle, json)), [&](const Json& answer) { return read(answer.at("data")); });
}

inline std::chrono::milliseconds milliseconds(const Json& value) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(value.u64()));
}

inline std::string lease_id_json(const std::string& lease_id) { return JsonObject().add("lease_id", lease_id).text(); }

}  // namespace detail

/// A lease that is held, and released when this object ends.
///
/// Move-only. Keep one object to one thread at a time; different objects are independent. The Klock it came from may end
/// first: nothing breaks, but then the lease is not released and runs out by its ttl. After fork() the child's copy of the
/// object releases nothing; the lease stays the parent's.
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
    /// As Klock spells it: "TYPE:path", normalised.
    const std::string& resource() const noexcept { return data_.resource; }
    const std::string& predicate() const noexcept { return data_.predicate; }
    std::chrono::milliseconds ttl() const noexcept { return data_.ttl; }
    /// Rises with every grant of the store: whoever guards the resource can turn away a lower one.
    std::uint64_t fencing_token() const noexcept { return data_.fencing_token; }
    /// For display. To decide whether the lease still protects you, use sure_until().
    std::uint64_t expires_at() const noexcept { return data_.expires_at; }
    /// Until when the lease surely holds: a full ttl from before the last request was sent. The steady clock of Linux stands
    /// still while the machine sleeps: after a sleep, ask with heartbeat().
    std::chrono::steady_clock::time_point sure_until() const noexcept { return sure_until_; }
    /// Whether the end of this object will release something.
    bool owns() const noexcept { return handle_ != nullptr; }

    /// Renews: the lease then runs a full ttl from now. Throws Error; after EXPIRED, UNKNOWN_LEASE and CLOSED the lease is
    /// lost and this object owns nothing.
    void heartbeat() {
        const auto sent = std::chrono::steady_clock::now();
        call(klock_heartbeat, [&](const detail::Json& data) { data_.expires_at = data.at("expires_at").u64(); });
        sure_until_ = sent + data_.ttl;
    }

    /// Releases now. Throws Error: EXPIRED tells that others may have been at the resource before. Only after
    /// STORAGE_UNAVAILABLE and INTERNAL does the object still own the lease.
    void release() {
        call(klock_release, [](const detail::Json&) {});
        handle_ = nullptr;
    }

    /// Lets go of the lease without releasing it, for someone else to release by its id, which is answered.
    std::string detach() noexcept {
        handle_ = nullptr;
        return std::move(data_.id);
    }

private:
    friend class Klock;

    Lease(klock_t* handle, LeaseRecord data, std::chrono::steady_clock::time_point sent)
        : handle_(handle), data_(std::move(data)), sure_until_(sent + data_.ttl) {}

    template <class Read>
    void call(Function function, Read read) {
        if (!owns()) throw Error("UNKNOWN_LEASE", "this Lease was released, moved from or lost before");
        try {
            detail::ask(handle_, function, detail::lease_id_json(data_.id).c_str(), read);
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
        } catch (...) {  // A destructor cannot tell; the ttl ends what could not be released.
        }
        handle_ = nullptr;
    }

    klock_t* handle_;
    LeaseRecord data_;
    std::chrono::steady_clock::time_point sure_until_;
};

/// The answer to acquire: a Lease, or the Refusal that says why not.
class [[nodiscard]] Acquired {
public:
    explicit Acquired(Lease lease) : answer_(std::move(lease)) {}
    explicit Acquired(Refusal refusal) : answer_(std::move(refusal)) {}

    /// Whether there is a lease.
    explicit operator bool() const noexcept { return std::holds_alternative<Lease>(answer_); }

    /// The lease, which stays in here. Throws Error with code "WAIT" or "DIE" if it was refused.
    Lease& lease() & {
        if (const Refusal* refused = std::get_if<Refusal>(&answer_)) throw Error(refused->reason, refused->message);
        return std::get<Lease>(answer_);
    }

    /// The lease, moved out, as in 'Lease lease = locks.acquire(...).lease();'. Throws as above.
    Lease lease() && { return std::move(lease()); }

    Lease* operator->() { return &lease(); }

    /// The refusal. Throws std::bad_variant_access if there is none.
    const Refusal& refusal() const { return std::get<Refusal>(answer_); }

private:
    std::variant<Lease, Refusal> answer_;
};

/// An open store. Move-only. Any thread may call any method at any time; moving and ending it are the owner's alone.
class Klock {
public:
    /// Opens "memory" or "sqlite:<path>" (see klock_open). Throws Error.
    explicit Klock(const std::string& storage = "memory") {
        if (klock_abi_version() != KLOCK_ABI_VERSION) throw Error("INTERNAL", "the loaded libklock has another ABI than klock.h");
        char* error = nullptr;
        handle_ = klock_open(detail::JsonObject().add("storage", storage).text().c_str(), &error);
        if (handle_ == nullptr) detail::understand(detail::owned(error), [](const detail::Json& json) { detail::throw_error(json); });
    }

    Klock(Klock&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

    Klock& operator=(Klock&& other) noexcept {
        if (this != &other) {
            close();
            handle_ = std::exchange(other.handle_, nullptr);
        }
        return *this;
    }

    ~Klock() { close(); }

    /// Closes the store; calls after it throw CLOSED. Leases on a file live on until released or run out.
    void close() noexcept { klock_close(std::exchange(handle_, nullptr)); }

    /// Any function of klock.h that takes JSON, with the answer as JSON text, refusals and errors included: for what has no
    /// method here, or for another JSON library. json may be nullptr where klock.h says so.
    std::string call(Function function, const char* json) const { return detail::owned(function(handle_, json)); }

    /// The handle, for use with klock.h. It stays this object's.
    klock_t* handle() const noexcept { return handle_; }

    /// Tells the priority of an agent; lower is older. Throws AGENT_BUSY while it holds leases under another priority.
    void register_agent(const std::string& agent_id, std::uint64_t priority) {
        const auto json = detail::JsonObject().add("agent_id", agent_id).add("priority", priority).text();
        detail::ask(handle_, klock_register_agent, json.c_str(), [](const detail::Json&) {});
    }

    /// Asks for a lease and answers at once: a Lease or a Refusal. Throws Error for requests that are wrong in themselves.
    Acquired acquire(const Request& request);

    /// What acquire would say to all of these intents together; leaves nothing behind. The worst verdict counts.
    Verdict declare(const std::string& agent_id, const std::string& session_id, const std::vector<Intent>& intents) const;

    /// Renews a lease by its id and answers its new expires_at. Prefer Lease::heartbeat.
    std::uint64_t heartbeat(const std::string& lease_id) {
        return detail::ask(handle_, klock_heartbeat, detail::lease_id_json(lease_id).c_str(),
                           [](const detail::Json& data) { return data.at("expires_at").u64(); });
    }

    /// Releases a lease by its id, such as one that was detached. Throws UNKNOWN_LEASE, EXPIRED.
    void release(const std::string& lease_id) {
        detail::ask(handle_, klock_release, detail::lease_id_json(lease_id).c_str(), [](const detail::Json&) {});
    }

    /// Takes a lease away from whoever holds it: for an operator.
    void revoke(const std::string& lease_id) {
        detail::ask(handle_, klock_revoke, detail::lease_id_json(lease_id).c_str(), [](const detail::Json&) {});
    }

    /// The active leases that the filter lets through.
    std::vector<LeaseRecord> leases(const LeaseFilter& filter = {}) const;

    /// The agents that the store remembers.
    std::vector<Agent> agents() const;

    /// Sweeps out leases that have run out and answers how many. They block nobody, swept or not.
    std::uint64_t evict_expired() {
        return detail::understand(detail::owned(klock_evict_expired(handle_)),
                                  [](const detail::Json& answer) { return answer.at("data").at("evicted").u64(); });
    }

private:
    klock_t* handle_ = nullptr;
};

}  // namespace klock

#include "klock_impl.hpp"

#endif  // KLOCK_HPP
