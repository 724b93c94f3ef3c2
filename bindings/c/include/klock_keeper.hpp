// klock_keeper.hpp - the thread that renews the leases of guards and finds out when one is lost. Inside klock.hpp; not an interface of its
// own.
#ifndef KLOCK_KEEPER_HPP
#define KLOCK_KEEPER_HPP

#include "klock.h"
#include "klock_held.hpp"
#include "klock_holding_rules.hpp"
#include "klock_types.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#if !defined(_WIN32)
#include <unistd.h>
#endif

namespace klock::detail {

/// The id of this process: what a forked child has inherited is its parent's.
inline long process_id() noexcept {
#if defined(_WIN32)
    return 0;
#else
    return static_cast<long>(::getpid());
#endif
}

/// Renews the leases of all guards of a handle, in one thread that starts with the first of them. Thread-safe.
class Keeper {
public:
    /// A keeper that a forked child does not destroy: it has no thread there, and the thread may have held the lock at the fork.
    static std::shared_ptr<Keeper> make() {
        return {new Keeper(), [](const Keeper* keeper) {
                    if (keeper->is_ours()) delete keeper;
                }};
    }

    ~Keeper() { stop(); }

    /// Renews leases from now on. Throws Error when the Klock is closed, and when no thread can be started.
    void add(const std::shared_ptr<Held>& held) {
        if (!is_ours()) throw Error("CLOSED", "this Klock was inherited through fork()");
        const std::lock_guard<std::mutex> lock(mutex_);
        if (is_stopped_) throw Error("CLOSED", "the Klock was closed");
        held_.insert(held);
        try {
            if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
        } catch (const std::system_error& problem) {
            held_.erase(held);
            throw Error("INTERNAL", std::string("no thread can be started to renew the lease: ") + problem.what());
        }
        changed_.notify_one();
    }

    /// Renews them no more.
    void remove(const std::shared_ptr<Held>& held) noexcept {
        if (!is_ours()) return;
        const std::lock_guard<std::mutex> lock(mutex_);
        held_.erase(held);
    }

    /// Renews nothing any more, and returns once the thread has ended.
    void stop() noexcept {
        if (!is_ours()) return;
        std::thread ending;
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            is_stopped_ = true;
            ending.swap(thread_);
            changed_.notify_one();
        }
        if (ending.joinable()) ending.join();
    }

private:
    using All = std::vector<std::shared_ptr<Held>>;

    Keeper() = default;

    bool is_ours() const noexcept { return process_ == process_id(); }

    void run() {
        constexpr std::chrono::milliseconds look_every(holding::look_every_ms);
        std::unique_lock<std::mutex> lock(mutex_);
        Clock::time_point look_at = Clock::now() + look_every;
        while (!is_stopped_) {
            if (held_.empty()) {
                changed_.wait(lock);
                look_at = Clock::now() + look_every;
                continue;
            }
            const All all(held_.begin(), held_.end());
            lock.unlock();
            if (Clock::now() >= look_at) {
                look(all);
                look_at = Clock::now() + look_every;
            }
            Clock::time_point next = look_at;
            for (const auto& held : all)
                if (!held->is_over()) next = std::min(next, held->keep_up());
            lock.lock();
            if (!is_stopped_) changed_.wait_until(lock, next);
        }
    }

    // One read for each session covers all its leases.
    static void look(const All& all) noexcept {
        std::map<std::pair<std::string, std::string>, std::set<std::string>> there;
        for (const auto& held : all) {
            try {
                if (held->is_over()) continue;
                const auto session = std::make_pair(held->leases.front().agent_id, held->leases.front().session_id);
                if (there.count(session) == 0) there.emplace(session, held->ids_of_session());
                held->compare(there.at(session));
            } catch (...) {  // Unknown: the next check finds out, or the lease expires.
            }
        }
    }

    const long process_ = process_id();
    std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::shared_ptr<Held>> held_;
    std::thread thread_;
    bool is_stopped_ = false;
};

}  // namespace klock::detail

#endif  // KLOCK_KEEPER_HPP
