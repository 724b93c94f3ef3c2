// klock_held.hpp - leases that are renewed while they are held. Inside klock.hpp; not an interface of its own.
#ifndef KLOCK_HELD_HPP
#define KLOCK_HELD_HPP

#include "klock.h"
#include "klock_read.hpp"
#include "klock_types.hpp"
#include "klock_write.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace klock::detail {

using Clock = std::chrono::steady_clock;

/// The leases of one guard. Their time counts from when the last good request was sent. Thread-safe, but for keep_up.
class Held {
public:
    Held(klock_t* handle, std::vector<LeaseRecord> records, Clock::time_point sure_until)
        : leases(std::move(records)), handle_(handle), sure_until_(sure_until.time_since_epoch().count()) {
        renew_at_ = sure_until - ttl() + ttl() / renewals_a_ttl;
    }

    const std::vector<LeaseRecord> leases;

    /// Whether so much of their time may be over that they are to be renewed.
    bool is_due() const noexcept { return Clock::now() >= renew_at_; }

    /// The code that tells how they were lost; nullptr while they are not, as far as is known.
    const char* lost() noexcept {
        if (Clock::now() >= Clock::time_point(Clock::duration(sure_until_.load()))) lose("EXPIRED");
        return lost_;
    }

    /// Whether nobody is to renew them any more.
    bool is_over() noexcept { return is_released_ || lost() != nullptr; }

    /// What happens to them from now on is no loss.
    void set_released() noexcept { is_released_ = true; }

    /// Renews them. Throws Error; that they have ended lost() tells too.
    void renew() {
        const auto sent = Clock::now();
        try {
            for (const LeaseRecord& lease : leases) ask(handle_, klock_heartbeat, lease_json(lease.id).text(), granted);
            sure_until_ = (sent + ttl()).time_since_epoch().count();
        } catch (const Error& error) {
            if (error.code() == "EXPIRED") lose("EXPIRED");
            if (error.code() == "UNKNOWN_LEASE") lose("UNKNOWN_LEASE");
            throw;
        }
    }

    /// Of the keeper's thread alone: renews them if they are due, whatever comes of it, and answers when to come again.
    Clock::time_point keep_up() noexcept {
        if (!is_due()) return renew_at_;
        auto pause = ttl() / retries_a_ttl;
        try {
            renew();
            pause = ttl() / renewals_a_ttl;
        } catch (...) {  // While there is time, another try may succeed.
        }
        renew_at_ = Clock::now() + std::max(pause, std::chrono::milliseconds(1));
        return renew_at_;
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

    /// Holds them against these ids. One that is not there is asked for, which tells how it ended. Throws Error.
    void compare(const std::set<std::string>& there) {
        const auto is_there = [&](const LeaseRecord& lease) { return there.count(lease.id) != 0; };
        if (!is_over() && !std::all_of(leases.begin(), leases.end(), is_there)) renew();
    }

    /// Lets all of them go, and answers the code of the first one that had ended before; "" if none had. Throws Error when the store does
    /// not take it.
    std::string release() {
        std::string ended;
        for (const LeaseRecord& lease : leases) {
            try {
                ask(handle_, klock_release, lease_json(lease.id).text(), granted);
            } catch (const Error& error) {
                if (error.code() != "EXPIRED" && error.code() != "UNKNOWN_LEASE") throw;
                if (ended.empty()) ended = error.code();
            }
        }
        return ended;
    }

private:
    static constexpr int renewals_a_ttl = 3;
    static constexpr int retries_a_ttl = 20;  // of a renewal that failed though the leases may well be there

    std::chrono::milliseconds ttl() const noexcept { return leases.front().ttl; }

    void lose(const char* code) noexcept {
        const char* none = nullptr;
        if (!is_released_) lost_.compare_exchange_strong(none, code);
    }

    klock_t* const handle_;
    std::atomic<Clock::rep> sure_until_;
    std::atomic<const char*> lost_{nullptr};
    std::atomic<bool> is_released_{false};
    Clock::time_point renew_at_;
};

}  // namespace klock::detail

#endif  // KLOCK_HELD_HPP
