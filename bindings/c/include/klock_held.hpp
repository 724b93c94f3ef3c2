// klock_held.hpp - leases that are renewed while they are held. Inside klock.hpp; not an interface of its own.
#ifndef KLOCK_HELD_HPP
#define KLOCK_HELD_HPP

#include "klock.h"
#include "klock_holding_rules.hpp"
#include "klock_read.hpp"
#include "klock_types.hpp"
#include "klock_write.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace klock::detail {

using Clock = std::chrono::steady_clock;

/// The leases of one guard, held by the rules of "Holding a lease" in docs/architecture.md. Thread-safe, but for keep_up and release.
class Held {
public:
    Held(klock_t* handle, std::vector<LeaseRecord> records, Clock::time_point sure_until)
        : leases(std::move(records)), handle_(handle), ended_(leases.size()) {
        set_sent(sure_until - ttl());
    }

    const std::vector<LeaseRecord> leases;

    /// The code that says how they were lost; nullptr while they are not, as far as is known. Once lost, they stay lost.
    const char* lost() noexcept {
        if (Clock::now() >= sure_until()) lose("EXPIRED", true);
        return lost_;
    }

    /// Whether they need no more renewals.
    bool is_over() noexcept { return is_released_ || lost() != nullptr; }

    /// Before anybody relies on them: renews them if they were granted at a time that only the store knows. Throws Error.
    void take_up() {
        if (Clock::now() < renew_at()) return;
        const auto until = Clock::now() + holding::take_up(ttl());
        for (;;) {
            try {
                const auto sent = Clock::now();
                renew_all();
                return set_sent(sent);
            } catch (const Error& error) {
                if (!may_pass(error) || until - Clock::now() <= holding::retry(ttl())) throw;
            }
            std::this_thread::sleep_for(holding::retry(ttl()));
        }
    }

    /// For the keeper's thread alone: renews them if they are due, without throwing, and returns when to call it again.
    Clock::time_point keep_up() noexcept {
        const auto due = std::max(renew_at(), retry_at_);
        if (Clock::now() < due) return due;
        try {
            renew();
        } catch (...) {  // While there is time, another try may succeed.
            return retry_at_ = Clock::now() + holding::retry(ttl());
        }
        return renew_at();
    }

    /// The ids of all leases that their session has. Throws Error.
    std::set<std::string> ids_of_session() const {
        const auto session = session_json(leases.front().agent_id, leases.front().session_id).text();
        return ask_data(handle_, klock_list_leases, session, [](const Json& data) {
            std::set<std::string> ids;
            for (const Json& lease : data.items()) ids.insert(lease.at("id").string());
            return ids;
        });
    }

    /// Compares them with these ids. A missing one is renewed, whose error says how it ended. Throws Error.
    void compare(const std::set<std::string>& there) {
        const auto is_there = [&](const LeaseRecord& lease) { return there.count(lease.id) != 0; };
        if (!is_over() && !std::all_of(leases.begin(), leases.end(), is_there)) renew();
    }

    /// From now on their end is no loss. Returns whether any may be there to be released.
    bool begin_release() noexcept {
        lost();
        is_released_ = true;
        return !is_out_of_time_;
    }

    /// Releases all of them, and returns the code of the first one that had ended before; "" if none had. Throws Error when the store
    /// fails.
    std::string release() {
        const auto until = std::min(Clock::now() + std::chrono::milliseconds(holding::release_patience_ms), sure_until());
        std::string code;
        for (std::size_t i = 0; i < leases.size(); i++) {
            if (ended_[i]) continue;
            const std::string ended = release_one(leases[i].id, until);
            if (code.empty()) code = ended;
        }
        return code;
    }

private:
    std::chrono::milliseconds ttl() const noexcept { return leases.front().ttl; }

    Clock::time_point sure_until() const noexcept { return Clock::time_point(Clock::duration(sure_until_.load())); }

    Clock::time_point renew_at() const noexcept { return Clock::time_point(Clock::duration(renew_at_.load())); }

    static bool may_pass(const Error& error) { return error.code() == "STORAGE_UNAVAILABLE"; }

    static bool has_ended(const Error& error) { return error.code() == "EXPIRED" || error.code() == "UNKNOWN_LEASE"; }

    // Their time counts from when the last successful request was sent.
    void set_sent(Clock::time_point sent) {
        sure_until_ = (sent + ttl() - holding::margin(ttl())).time_since_epoch().count();
        renew_at_ = (sent + holding::renewal(ttl())).time_since_epoch().count();
    }

    void renew() {
        const auto sent = Clock::now();
        try {
            renew_all();
        } catch (const Error& error) {
            if (has_ended(error)) lose(error.code() == "EXPIRED" ? "EXPIRED" : "UNKNOWN_LEASE", false);
            throw;
        }
        if (!is_over()) set_sent(sent);  // the answer may have come too late
    }

    void renew_all() {
        for (std::size_t i = 0; i < leases.size(); i++) {
            try {
                ask(handle_, klock_heartbeat, lease_json(leases[i].id).text(), granted);
            } catch (const Error& error) {
                if (has_ended(error)) ended_[i] = true;
                throw;
            }
        }
    }

    std::string release_one(const std::string& id, Clock::time_point until) const {
        for (bool is_first = true;; is_first = false) {
            try {
                ask(handle_, klock_release, lease_json(id).text(), granted);
                return {};
            } catch (const Error& error) {
                // Later answers prove nothing: an earlier try may have been carried out.
                if (has_ended(error)) return is_first ? error.code() : std::string();
                if (!may_pass(error) || until - Clock::now() <= holding::retry(ttl())) throw;
            }
            std::this_thread::sleep_for(holding::retry(ttl()));
        }
    }

    void lose(const char* code, bool is_out_of_time) noexcept {
        const char* none = nullptr;
        if (!is_released_ && lost_.compare_exchange_strong(none, code)) is_out_of_time_ = is_out_of_time;
    }

    klock_t* const handle_;
    std::vector<std::atomic<bool>> ended_;
    std::atomic<Clock::rep> sure_until_;
    std::atomic<const char*> lost_{nullptr};
    std::atomic<bool> is_out_of_time_{false};
    std::atomic<bool> is_released_{false};
    std::atomic<Clock::rep> renew_at_;
    Clock::time_point retry_at_{};  // the keeper's own
};

}  // namespace klock::detail

#endif  // KLOCK_HELD_HPP
