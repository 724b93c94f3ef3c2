// klock.hpp against the real library: what waits, and what concerns more than one lease.
#include "check.h"
#include "klock.hpp"

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using klock::Predicate;

static std::string storage = "memory";
static constexpr auto longest = 1h;

static klock::Request request(const std::string& agent, const std::string& path, Predicate predicate = Predicate::Mutates) {
    return {agent, "s-" + agent, klock::file(path), predicate, 60s};
}

/// The code of the Error that the body throws; "" if it throws none.
template <class Body>
static std::string code_of(Body body) {
    try {
        body();
    } catch (const klock::Error& error) {
        return error.code();
    }
    return "";
}

/// Whether a call of that agent is seen to wait, queued or parked, within 20 s.
static bool waits(const klock::Klock& locks, const std::string& agent) {
    const std::string who = ",\"agent_id\":\"" + agent + "\",";
    for (int tries = 0; tries < 2000; tries++, std::this_thread::sleep_for(10ms)) {
        const std::string events = locks.events(0, 1000);
        for (const char* kind : {"\"kind\":\"QUEUED\",\"at\":", "\"kind\":\"PARKED\",\"at\":"})
            for (auto at = events.find(kind); at != std::string::npos; at = events.find(kind, at + 1)) {
                const auto field = events.find(',', at + std::string(kind).size());
                if (events.compare(field, who.size(), who) == 0) return true;
            }
    }
    return false;
}

static void a_wait_ends_with_the_holders_lease() {
    klock::Klock locks(storage);
    locks.register_agent("holder", 1);
    std::future<klock::Acquired> waiting;
    {
        const klock::Lease held = locks.acquire(request("holder", "wait.c")).lease();
        waiting = std::async(std::launch::async, [&] { return locks.acquire(request("waiter", "wait.c"), longest); });
        CHECK(waits(locks, "waiter"));
    }
    klock::Lease lease = waiting.get().lease();
    CHECK(lease.owns() && lease.agent_id() == "waiter");
    const auto sure = lease.sure_until();
    lease.heartbeat();
    CHECK(lease.sure_until() > sure);
}

static void a_wait_that_is_over_is_a_refusal() {
    klock::Klock locks(storage);
    const klock::Lease held = locks.acquire(request("keeper", "over.c")).lease();
    const klock::Acquired refused = locks.acquire(request("late", "over.c"), 20ms);
    CHECK(!refused && refused.refusal().reason == "WAIT_TIMEOUT" && refused.refusal().conflicts.at(0).state == "held");
    CHECK(code_of([&] { (void)locks.acquire(request("late", "over.c"), 1ms).lease(); }) == "WAIT_TIMEOUT");
}

static void a_refusal_tells_who_waits() {
    klock::Klock locks(storage);
    locks.register_agent("writer", 1);
    klock::Lease reader = locks.acquire(request("reader", "tells.c", Predicate::Consumes)).lease();
    auto waiting = std::async(std::launch::async, [&] { return locks.acquire(request("writer", "tells.c"), longest); });
    CHECK(waits(locks, "writer"));
    const klock::Acquired refused = locks.acquire(request("reader-2", "tells.c", Predicate::Consumes));
    CHECK(!refused && refused.refusal().conflicts_total == 1);
    CHECK(refused.refusal().conflicts.at(0).agent_id == "writer" && refused.refusal().conflicts.at(0).state == "waiting");
    reader.release();
    CHECK(static_cast<bool>(waiting.get()));
}

static void waits_have_limits() {
    klock::Klock locks(storage);
    klock::Lease lease = locks.acquire(request("limits", "limits.c"), longest).lease();
    CHECK(code_of([&] { (void)locks.acquire(request("limits", "limits.c"), longest + 1ms); }) == "INVALID_REQUEST");
    CHECK(code_of([&] { (void)locks.acquire(request("limits", "limits.c"), -1ms); }) == "INVALID_REQUEST");
    CHECK(code_of([&] { (void)locks.acquire_all({"limits", "s", {}, 60s}); }) == "INVALID_REQUEST");
    CHECK(code_of([&] { (void)lease.change(Predicate::Deletes, longest + 1ms); }) == "INVALID_REQUEST");
    CHECK(lease.owns() && lease.change(Predicate::Deletes, longest));
}

static void close_in_another_thread_ends_waits() {
    klock::Klock locks(storage);
    const klock::Lease held = locks.acquire(request("open", "close.c")).lease();
    auto waiting = std::async(std::launch::async, [&] {
        return code_of([&] { (void)locks.acquire(request("shut", "close.c"), longest); });
    });
    CHECK(waits(locks, "shut"));
    locks.close();
    CHECK(waiting.get() == "CLOSED");
}

static klock::Manifest rename_in(const std::string& folder, const std::string& agent) {
    return {agent, "s-" + agent,
            {{Predicate::Renames, klock::file(folder + "/old.c")}, {Predicate::Provides, klock::file(folder + "/new.c")}},
            60s, "renaming"};
}

static void all_or_none() {
    klock::Klock locks(storage);
    locks.register_agent("first", 1);
    {
        klock::AcquiredAll got = locks.acquire_all(rename_in("all", "first"));
        CHECK(got && got.leases().size() == 2);
        CHECK(got.leases()[0].predicate() == "RENAMES" && got.leases()[1].resource() == "FILE:all/new.c");
        CHECK(got.leases()[1].sure_until() > std::chrono::steady_clock::now() + 50s);
        got.leases()[0].release();
        const klock::AcquiredAll refused = locks.acquire_all(rename_in("all", "second"));
        CHECK(!refused && refused.refusal().reason == "DIE" && refused.refusal().conflicts.at(0).note == "renaming");
        CHECK(locks.leases({"second"}).empty());
        CHECK(code_of([&] { (void)locks.acquire_all(rename_in("all", "second")).leases(); }) == "DIE");
        CHECK(locks.leases({"first"}).size() == 1);
    }
    CHECK(locks.leases({"first"}).empty());
    std::vector<klock::Lease> kept = locks.acquire_all(rename_in("all", "second"), 1s).leases();
    CHECK(kept.size() == 2 && locks.leases({"second"}).size() == 2);
}

static void a_repeated_manifest_is_sure_of_nothing_before_a_heartbeat() {
    klock::Klock locks(storage);
    klock::Manifest manifest = rename_in("again", "again");
    manifest.request_id = "r";
    std::vector<klock::Lease> first = locks.acquire_all(manifest).leases();
    std::vector<klock::Lease> second = locks.acquire_all(manifest).leases();
    CHECK(first.size() == 2 && second.size() == 2 && first[0].id() == second[0].id());
    CHECK(second[0].sure_until() <= std::chrono::steady_clock::now());
    second[0].heartbeat();
    CHECK(second[0].sure_until() > std::chrono::steady_clock::now() + 50s);
}

static void a_lease_changes_in_place() {
    klock::Klock locks(storage);
    locks.register_agent("elder", 1);
    klock::Lease elder = locks.acquire(request("elder", "change.c", Predicate::Consumes)).lease();
    klock::Lease other = locks.acquire(request("other", "change.c", Predicate::Consumes)).lease();
    const std::string id = elder.id();
    const auto token = elder.fencing_token();
    klock::Changed refused = elder.change(Predicate::Mutates);
    CHECK(!refused && refused.refusal().reason == "WAIT" && elder.predicate() == "CONSUMES");
    CHECK(code_of([&] { refused.or_throw(); }) == "WAIT");
    auto changing = std::async(std::launch::async, [&] { return elder.change(Predicate::Mutates, longest); });
    CHECK(waits(locks, "elder"));
    other.release();
    changing.get().or_throw();
    CHECK(elder.id() == id && elder.predicate() == "MUTATES" && elder.fencing_token() > token && elder.owns());
    elder.change(Predicate::Consumes).or_throw();
    CHECK(static_cast<bool>(locks.acquire(request("other", "change.c", Predicate::Consumes))));
    locks.revoke(elder.id());
    CHECK(code_of([&] { (void)elder.change(Predicate::Mutates); }) == "UNKNOWN_LEASE");
    CHECK(!elder.owns());
}

static void sessions_are_renewed_and_ended_whole() {
    klock::Klock locks(storage);
    klock::Lease one = locks.acquire(request("session", "session/1")).lease();
    const klock::Lease two = locks.acquire(request("session", "session/2")).lease();
    std::this_thread::sleep_for(10ms);
    CHECK(locks.renew_session("session", "s-session") == 2);
    CHECK(locks.leases({"session"}).at(0).expires_at >= one.expires_at() + 10);
    CHECK(locks.end_session("session", "s-session") == 2 && locks.end_session("session", "s-session") == 0);
    CHECK(code_of([&] { one.heartbeat(); }) == "UNKNOWN_LEASE");
    CHECK(code_of([&] { locks.end_session("session", ""); }) == "INVALID_REQUEST");
}

static void events_pass_through_as_json() {
    klock::Klock locks(storage);
    { const klock::Lease lease = locks.acquire(request("events", "events.c")).lease(); }
    const std::string events = locks.events(0, 1000);
    CHECK(events.rfind(R"({"success":true,"data":[{"seq":)", 0) == 0);
    CHECK(events.find(R"("kind":"RELEASED")", events.find(R"("kind":"GRANTED")")) != std::string::npos);
    CHECK(locks.events((std::uint64_t{1} << 53) - 1) == R"({"success":true,"data":[]})");
    CHECK(code_of([&] { (void)locks.events(0, 1001); }) == "INVALID_REQUEST");
}

static void paths_become_canonical() {
    const klock::CanonicalPath path = klock::canonical_path("x/../\"a\".c", "/klock-no-such-folder");
    CHECK(path.resource_path == "/klock-no-such-folder/\"a\".c" && path.root.empty());
    CHECK(klock::canonical_path("a.c").resource_path == klock::canonical_path("./b/../a.c").resource_path);
    CHECK(code_of([] { (void)klock::canonical_path(""); }) == "INVALID_REQUEST");
}

int main(int argc, char** argv) {
    if (argc > 1) storage = argv[1];
    RUN(a_wait_ends_with_the_holders_lease);
    RUN(a_wait_that_is_over_is_a_refusal);
    RUN(a_refusal_tells_who_waits);
    RUN(waits_have_limits);
    RUN(close_in_another_thread_ends_waits);
    RUN(all_or_none);
    RUN(a_repeated_manifest_is_sure_of_nothing_before_a_heartbeat);
    RUN(a_lease_changes_in_place);
    RUN(sessions_are_renewed_and_ended_whole);
    RUN(events_pass_through_as_json);
    RUN(paths_become_canonical);
    return CHECK_RESULT;
}
