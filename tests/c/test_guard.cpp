// klock::Guard against the real library: renewed, released where it ends, and its loss noticed.
#include "check.h"
#include "klock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <type_traits>
#include <unistd.h>
#include <vector>

using namespace std::chrono_literals;
using klock::Predicate;

static std::string storage = "memory";
static constexpr auto notice = 1s;  // within which a revoke is known

static klock::Request request(const std::string& agent, const std::string& path, std::chrono::milliseconds ttl = 60s) {
    return {agent, "s-" + agent, klock::file(path), Predicate::Mutates, ttl};
}

/// The code of the Error that the body throws; "" if it throws none.
template <class Body>
static std::string code_of(Body body) {
    try {
        body();
    } catch (const klock::Error& error) {
        CHECK(std::string(error.what()).size() > 5);
        return error.code();
    }
    return "";
}

static std::size_t held_by(const klock::Klock& locks, const std::string& agent) { return locks.leases({agent}).size(); }

/// Whether it comes about within 20 s.
template <class Condition>
static bool until(Condition condition) {
    for (int tries = 0; tries < 2000; tries++, std::this_thread::sleep_for(10ms))
        if (condition()) return true;
    return false;
}

static void a_guard_is_renewed_and_released_where_it_ends() {
    klock::Klock locks(storage);
    {
        const klock::Guard guard = locks.hold(request("keeps", "keeps.c", 1000ms));
        const auto granted = guard.leases().front().expires_at;
        CHECK(guard.resource() == "FILE:keeps.c" && guard.fencing_token() > 0 && guard.id().size() == 32 && guard.owns());
        CHECK(until([&] { return locks.leases({"keeps"}).at(0).expires_at > granted + 600; }));
        CHECK(!guard.lost() && code_of([&] { guard.check(); }).empty());
    }
    CHECK(held_by(locks, "keeps") == 0);
}

static void a_revoke_is_noticed_within_a_second() {
    klock::Klock locks(storage);
    klock::Klock operator_(storage);
    klock::Klock& revoker = storage == "memory" ? locks : operator_;
    klock::Guard guard = locks.hold(request("revoked", "revoked.c"));
    const klock::Guard other = locks.hold(request("revoked", "kept.c"));
    std::this_thread::sleep_for(100ms);
    CHECK(!guard.lost());
    const auto began = std::chrono::steady_clock::now();
    revoker.revoke(guard.id());
    CHECK(until([&] { return guard.lost(); }));
    CHECK(std::chrono::steady_clock::now() - began <= notice);
    CHECK(!other.lost() && code_of([&] { other.check(); }).empty());
    CHECK(code_of([&] { guard.check(); }) == "UNKNOWN_LEASE");
    CHECK(code_of([&] { guard.release(); }) == "UNKNOWN_LEASE");
    CHECK(!guard.owns() && !guard.lost());
    CHECK(code_of([&] { guard.check(); }) == "UNKNOWN_LEASE");
}

static void a_check_asks_now() {
    klock::Klock locks(storage);
    const klock::Guard guard = locks.hold(request("checked", "checked.c"));
    locks.revoke(guard.id());
    CHECK(code_of([&] { guard.check(); }) == "UNKNOWN_LEASE");
    CHECK(guard.lost());
}

static void the_end_of_its_session_is_noticed() {
    klock::Klock locks(storage);
    const klock::Guard guard = locks.hold(request("ended", "ended.c"));
    CHECK(locks.end_session("ended", "s-ended") == 1);
    CHECK(until([&] { return guard.lost(); }));
}

static void all_of_a_manifest_or_none() {
    klock::Klock locks(storage);
    const std::vector<klock::Intent> rename = {{Predicate::Renames, klock::file("all/old")}, {Predicate::Provides, klock::file("all/new")}};
    const klock::Manifest both{"all", "s", rename, 60s};
    {
        const klock::Guard guard = locks.hold_all(both);
        CHECK(guard.leases().size() == 2 && guard.leases()[1].resource == "FILE:all/new" && held_by(locks, "all") == 2);
        locks.revoke(guard.leases()[1].id);
        CHECK(code_of([&] { guard.check(); }) == "UNKNOWN_LEASE");
    }
    CHECK(held_by(locks, "all") == 0);
    CHECK(code_of([&] { klock::Guard none(locks, std::vector<klock::Lease>()); }) == "INVALID_REQUEST");
}

static void a_refusal_is_thrown() {
    klock::Klock locks(storage);
    const klock::Guard guard = locks.hold(request("has", "refused.c"));
    CHECK(code_of([&] { (void)locks.hold(request("wants", "refused.c"), 20ms); }) == "WAIT_TIMEOUT");
    CHECK(held_by(locks, "wants") == 0);
}

static void a_lease_becomes_a_guard() {
    klock::Klock locks(storage);
    klock::Guard guard(locks, locks.acquire(request("becomes", "becomes.c", 1000ms)).lease());
    std::this_thread::sleep_for(1500ms);
    CHECK(!guard.lost() && held_by(locks, "becomes") == 1);
    guard.release();
    CHECK(held_by(locks, "becomes") == 0);
    klock::Lease over = locks.acquire(request("becomes", "over.c", 1ms)).lease();
    std::this_thread::sleep_for(20ms);
    CHECK(code_of([&] { klock::Guard late(locks, std::move(over)); }) == "EXPIRED");
}

static void what_waited_is_renewed_before_it_is_handed_out() {
    klock::Klock locks(storage);
    klock::Guard first = locks.hold(request("first", "waits.c"));
    std::thread releases([&] {
        std::this_thread::sleep_for(600ms);
        first.release();
    });
    const klock::Guard second = locks.hold(request("second", "waits.c", 1500ms), 20s);
    releases.join();
    CHECK(!second.lost());
    const auto lease = locks.leases({"second"}).at(0);
    CHECK(locks.events(0, 1000).find("\"kind\":\"RENEWED\"") != std::string::npos && lease.ttl == 1500ms);
}

static void a_loss_is_known_by_the_clock_when_nobody_renews() {
    std::optional<klock::Guard> guard;
    {
        klock::Klock locks(storage);
        guard = locks.hold(request("outlives", "outlives.c", 1000ms));
    }
    CHECK(code_of([&] { guard->check(); }) == "CLOSED");
    CHECK(until([&] { return guard->lost(); }));
    CHECK(code_of([&] { guard->check(); }) == "EXPIRED");
    guard.reset();
}

static void closing_ends_the_thread() {
    klock::Klock locks(storage);
    klock::Guard guard = locks.hold(request("closes", "closes.c"));
    locks.close();
    CHECK(code_of([&] { (void)locks.hold(request("closes", "closes.c")); }) == "CLOSED");
    CHECK(code_of([&] { guard.release(); }) == "CLOSED");
    klock::Klock moved(storage);
    const klock::Klock taken(std::move(moved));
    CHECK(code_of([&] { (void)moved.hold(request("closes", "closes.c")); }) == "CLOSED");
}

static void moving_keeps_one_owner() {
    static_assert(!std::is_copy_constructible_v<klock::Guard> && !std::is_copy_assignable_v<klock::Guard>);
    static_assert(std::is_nothrow_move_constructible_v<klock::Guard> && std::is_nothrow_move_assignable_v<klock::Guard>);
    klock::Klock first(storage);
    klock::Guard one = first.hold(request("moves", "moves/1", 1000ms));
    klock::Klock locks(std::move(first));  // and its thread with it
    klock::Guard two = locks.hold(request("moves", "moves/2"));
    const std::string id = two.id();
    std::this_thread::sleep_for(1500ms);
    CHECK(!one.lost());
    one = std::move(two);  // releases what it held before
    CHECK(held_by(locks, "moves") == 1 && one.id() == id && !two.owns() && !two.lost());
    CHECK(code_of([&] { two.release(); }) == "UNKNOWN_LEASE");
}

static void many_guards_share_one_thread() {
    klock::Klock locks(storage);
    std::vector<klock::Guard> guards;
    for (int number = 0; number < 50; number++) guards.push_back(locks.hold(request("many", "many/" + std::to_string(number), 900ms)));
    std::this_thread::sleep_for(2s);
    for (const klock::Guard& guard : guards) CHECK(!guard.lost());
    CHECK(held_by(locks, "many") == 50);
    guards.clear();
    CHECK(held_by(locks, "many") == 0);
}

static void a_forked_child_leaves_them_alone() {
    klock::Klock locks(storage);
    std::optional<klock::Guard> guard = locks.hold(request("forks", "forks.c", 600ms));
    std::this_thread::sleep_for(50ms);  // the thread waits
    const pid_t child = fork();
    if (child == 0) {
        const bool knows = code_of([&] { guard->check(); }) == "CLOSED";
        guard.reset();
        locks.close();
        locks = klock::Klock("memory");
        const klock::Guard own = locks.hold(request("child", "forks.c"));
        // Not _exit: valgrind would report what only the parent's thread, which is not here, still knew.
        const char* const verdict = knows && !own.lost() ? "true" : "false";
        execlp(verdict, verdict, static_cast<char*>(nullptr));
        _exit(2);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    std::this_thread::sleep_for(900ms);
    CHECK(!guard->lost() && held_by(locks, "forks") == 1);
}

int main(int argc, char** argv) {
    if (argc > 1) storage = argv[1];
    RUN(a_guard_is_renewed_and_released_where_it_ends);
    RUN(a_revoke_is_noticed_within_a_second);
    RUN(a_check_asks_now);
    RUN(the_end_of_its_session_is_noticed);
    RUN(all_of_a_manifest_or_none);
    RUN(a_refusal_is_thrown);
    RUN(a_lease_becomes_a_guard);
    RUN(what_waited_is_renewed_before_it_is_handed_out);
    RUN(a_loss_is_known_by_the_clock_when_nobody_renews);
    RUN(closing_ends_the_thread);
    RUN(moving_keeps_one_owner);
    RUN(many_guards_share_one_thread);
    if (MAY_FORK) RUN(a_forked_child_leaves_them_alone);
    return CHECK_RESULT;
}
