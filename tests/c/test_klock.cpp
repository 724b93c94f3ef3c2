// klock.hpp against the real library.
#include "check.h"
#include "klock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>

using namespace std::chrono_literals;
using klock::Predicate;
using klock::ResourceType;

std::size_t leases_seen_by_another_unit(const klock::Klock& locks);

static std::string storage = "memory";

static klock::Request request(const std::string& agent, const std::string& path, Predicate predicate = Predicate::Mutates,
                              std::chrono::milliseconds ttl = 60s) {
    return {agent, "s-" + agent, klock::file(path), predicate, ttl};
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

static void a_lease_ends_with_its_scope() {
    klock::Klock locks(storage);
    {
        klock::Acquired got = locks.acquire(request("scope", "scope//x.c"));
        CHECK(got && got->owns());
        CHECK(got->id().size() == 32);
        CHECK(got->agent_id() == "scope" && got->session_id() == "s-scope");
        CHECK(got->resource() == "FILE:scope/x.c" && got->predicate() == "MUTATES" && got->ttl() == 60s);
        CHECK(got->fencing_token() > 0 && got->expires_at() > 60000);
        CHECK(got->sure_until() <= std::chrono::steady_clock::now() + 60s);
        CHECK(got->sure_until() > std::chrono::steady_clock::now() + 50s);
        CHECK(held_by(locks, "scope") == 1);
    }
    CHECK(held_by(locks, "scope") == 0);
}

static void a_refusal_is_an_answer() {
    klock::Klock locks(storage);
    locks.register_agent("senior", 1);
    locks.register_agent("holder", 2);
    locks.register_agent("junior", UINT64_MAX);
    klock::Request held = request("holder", "refusal.c");
    held.note = "tab\there, \"quotes\", \xe2\x86\x92";
    const klock::Lease lease = locks.acquire(held).lease();
    const klock::Acquired waits = locks.acquire(request("senior", "refusal.c"));
    const klock::Acquired dies = locks.acquire(request("junior", "refusal.c"));
    CHECK(!waits && waits.refusal().reason == "WAIT");
    CHECK(!dies && dies.refusal().reason == "DIE" && dies.refusal().wait_time == 1s && !dies.refusal().message.empty());
    CHECK(dies.refusal().conflicts_total == 1);
    const klock::Conflict& conflict = dies.refusal().conflicts.at(0);
    CHECK(conflict.agent_id == "holder" && conflict.session_id == "s-holder" && conflict.resource == "FILE:refusal.c");
    CHECK(conflict.predicate == "MUTATES" && conflict.state == "held" && conflict.note == held.note);
    CHECK(conflict.expires_at == lease.expires_at());
    CHECK(code_of([&] { (void)locks.acquire(request("junior", "refusal.c")).lease(); }) == "DIE");
}

static void moving_keeps_one_owner() {
    static_assert(!std::is_copy_constructible_v<klock::Lease> && !std::is_copy_assignable_v<klock::Lease>);
    static_assert(!std::is_copy_constructible_v<klock::Klock> && !std::is_copy_assignable_v<klock::Klock>);
    static_assert(std::is_nothrow_move_constructible_v<klock::Lease> && std::is_nothrow_move_assignable_v<klock::Lease>);
    klock::Klock first(storage);
    klock::Klock locks(std::move(first));
    klock::Lease one = locks.acquire(request("mover", "move/1")).lease();
    klock::Lease two = locks.acquire(request("mover", "move/2")).lease();
    CHECK(held_by(locks, "mover") == 2);
    const std::string id = two.id();
    one = std::move(two);  // releases what it held before
    CHECK(held_by(locks, "mover") == 1 && one.id() == id && !two.owns());
    CHECK(code_of([&] { two.heartbeat(); }) == "UNKNOWN_LEASE");
    klock::Lease& self = one;
    one = std::move(self);
    CHECK(one.owns() && held_by(locks, "mover") == 1);
    CHECK(code_of([&] { first.agents(); }) == "CLOSED");
}

static void a_heartbeat_may_change_the_ttl() {
    klock::Klock locks(storage);
    klock::Lease lease = locks.acquire(request("longer", "longer.c")).lease();
    lease.heartbeat(10min);
    CHECK(lease.ttl() == 10min && lease.sure_until() > std::chrono::steady_clock::now() + 9min);
    const auto end = lease.expires_at();
    CHECK(locks.heartbeat(lease.id(), 20min) >= end + 9 * 60'000);
    CHECK(locks.leases({"longer"})[0].ttl == 20min);
    CHECK(code_of([&] { lease.heartbeat(0ms); }) == "INVALID_REQUEST");
    CHECK(lease.owns() && lease.ttl() == 10min);
}

static void heartbeat_and_release_by_hand() {
    klock::Klock locks(storage);
    klock::Lease lease = locks.acquire(request("hand", "hand.c")).lease();
    const auto end = lease.expires_at();
    const auto sure = lease.sure_until();
    std::this_thread::sleep_for(10ms);
    lease.heartbeat();
    CHECK(lease.expires_at() >= end + 10 && lease.sure_until() >= sure + 10ms);
    CHECK(locks.heartbeat(lease.id()) >= end);
    lease.release();
    CHECK(!lease.owns() && held_by(locks, "hand") == 0);
    CHECK(code_of([&] { lease.release(); }) == "UNKNOWN_LEASE");
}

static void a_lost_lease_says_so() {
    klock::Klock locks(storage);
    klock::Lease late = locks.acquire(request("lost", "late.c", Predicate::Renames, 20ms)).lease();
    klock::Lease revoked = locks.acquire(request("lost", "revoked.c")).lease();
    locks.revoke(revoked.id());
    std::this_thread::sleep_for(40ms);
    CHECK(code_of([&] { late.heartbeat(); }) == "EXPIRED");
    CHECK(!late.owns());
    CHECK(code_of([&] { revoked.release(); }) != "");
    CHECK(!revoked.owns());
}

static void a_detached_lease_is_released_by_its_id() {
    klock::Klock locks(storage);
    std::string id;
    {
        klock::Lease lease = locks.acquire(request("detach", "detach.c")).lease();
        id = lease.detach();
    }
    CHECK(held_by(locks, "detach") == 1);
    locks.release(id);
    CHECK(held_by(locks, "detach") == 0);
}

static void a_lease_may_outlive_its_klock() {
    std::optional<klock::Lease> lease;
    {
        klock::Klock locks(storage);
        lease = locks.acquire(request("outlive", "outlive.c")).lease();
    }
    CHECK(code_of([&] { lease->heartbeat(); }) == "CLOSED");
    lease.reset();
}

static void errors_are_thrown_with_their_code() {
    klock::Klock locks(storage);
    CHECK(code_of([] { klock::Klock wrong("floppy:"); }) == "INVALID_REQUEST");
    CHECK(code_of([] { klock::Klock wrong("sqlite:/no/such/folder/x.db"); }) == "STORAGE_UNAVAILABLE");
    CHECK(code_of([&] { (void)locks.acquire(request("", "x.c")); }) == "INVALID_REQUEST");
    CHECK(code_of([&] { (void)locks.acquire(request("a\xff", "x.c")); }) == "INVALID_REQUEST");
    CHECK(code_of([&] { (void)locks.acquire(request("a", "x.c", Predicate::Mutates, -1ms)); }) == "INVALID_REQUEST");
    CHECK(code_of([&] { (void)locks.acquire(request("a", "x.c", static_cast<Predicate>(99))); }) == "INVALID_REQUEST");
    CHECK(code_of([&] { locks.release("00000000000000000000000000000000"); }) == "UNKNOWN_LEASE");
    const klock::Lease lease = locks.acquire(request("busy", "busy.c")).lease();
    CHECK(code_of([&] { locks.register_agent("busy", 3); }) == "AGENT_BUSY");
    locks.close();
    CHECK(code_of([&] { locks.agents(); }) == "CLOSED");
}

static void declarations_are_judged() {
    klock::Klock locks(storage);
    locks.register_agent("judge", 4);
    const klock::Lease lease = locks.acquire(request("judge", "judged.c")).lease();
    const std::vector<klock::Intent> rename = {{Predicate::Renames, klock::file("judged.c")}, {Predicate::Provides, klock::file("new.c")}};
    const klock::Verdict granted = locks.declare("judge", "s-judge", rename);
    const klock::Verdict refused = locks.declare("another", "s", rename);
    CHECK(granted.granted && granted.status == "Granted" && granted.conflicts.empty());
    CHECK(!refused.granted && refused.status == "Die" && refused.held_by == "judge" && !refused.reason.empty());
    CHECK(refused.conflicts.size() == 1 && refused.retry_after > 0ms && refused.retry_after <= 1s);
}

static void lists_carry_every_field() {
    klock::Klock locks(storage);
    locks.register_agent("lister", UINT64_MAX);
    klock::Request wanted = request("lister", "ignored", Predicate::DependsOn, 1500ms);
    wanted.resource = {ResourceType::DatabaseTable, "users"};
    wanted.note = "migrating";
    const klock::Lease lease = locks.acquire(wanted).lease();
    const auto found = locks.leases({"lister", "s-lister", "DATABASE_TABLE:users"});
    if (!CHECK(found.size() == 1)) return;
    CHECK(found[0].id == lease.id() && found[0].agent_id == "lister" && found[0].session_id == "s-lister");
    CHECK(found[0].resource == "DATABASE_TABLE:users" && found[0].predicate == "DEPENDS_ON" && found[0].state == "Active");
    CHECK(found[0].ttl == 1500ms && found[0].expires_at == found[0].acquired_at + 1500);
    CHECK(found[0].last_heartbeat == found[0].acquired_at && found[0].fencing_token == lease.fencing_token());
    CHECK(found[0].note == "migrating");
    CHECK(leases_seen_by_another_unit(locks) >= 1);
    bool listed = false;
    for (const klock::Agent& agent : locks.agents()) listed |= agent.agent_id == "lister" && agent.priority == UINT64_MAX;
    CHECK(listed);
}

static void what_is_in_different_namespaces_never_meets() {
    klock::Klock locks(storage);
    klock::Request shop = request("shop", "apart.c");
    shop.name_space = "github.com/acme/shop";
    const klock::Lease lease = locks.acquire(shop).lease();
    const klock::Lease plain = locks.acquire(request("plain", "apart.c")).lease();
    shop.agent_id = "late";
    const auto refused = locks.acquire(shop).refusal();
    CHECK(refused.conflicts.size() == 1 && refused.conflicts[0].name_space == "github.com/acme/shop");
    klock::LeaseFilter filter;
    filter.resource = "FILE:apart.c";
    const auto none = locks.leases(filter);
    CHECK(none.size() == 1 && none[0].id == plain.id() && none[0].name_space.empty());
    filter.name_space = "github.com/acme/shop";
    const auto there = locks.leases(filter);
    CHECK(there.size() == 1 && there[0].id == lease.id() && there[0].name_space == "github.com/acme/shop");
    const std::vector<klock::Intent> edit = {{Predicate::Mutates, klock::file("apart.c")}};
    CHECK(locks.declare("late", "s", edit, "blog").granted && !locks.declare("late", "s", edit, "github.com/acme/shop").granted);
    const klock::Manifest manifest{"late", "s", edit, 60s, {}, {}, "blog"};
    CHECK(static_cast<bool>(locks.acquire_all(manifest)));
    CHECK(code_of([&] { shop.name_space = std::string(257, 'n'); (void)locks.acquire(shop); }) == "INVALID_REQUEST");
}

static void every_type_and_predicate_is_known_to_the_library() {
    klock::Klock locks(storage);
    for (auto type : {ResourceType::File, ResourceType::Symbol, ResourceType::ApiEndpoint, ResourceType::DatabaseTable,
                      ResourceType::ConfigKey, ResourceType::Custom})
        for (auto predicate : {Predicate::Provides, Predicate::Consumes, Predicate::Mutates, Predicate::Deletes, Predicate::DependsOn,
                               Predicate::Renames}) {
            klock::Lease lease = locks.acquire({"all", "s", {type, "kind"}, predicate, 1s}).lease();
            CHECK(lease.predicate() == klock::to_string(predicate));
            CHECK(lease.resource() == std::string(klock::to_string(type)) + ":kind");
        }
}

static void raw_json_passes_through() {
    klock::Klock locks(storage);
    CHECK(locks.call(klock_register_agent, R"({"agent_id":"raw","priority":5})") ==
          R"({"success":true,"data":{"agent_id":"raw","priority":5}})");
    CHECK(locks.call(klock_list_leases, nullptr).find(R"({"success":true,"data":[)") == 0);
    CHECK(locks.call(klock_release, "nonsense").find(R"({"success":false,"code":"INVALID_REQUEST")") == 0);
    char* answer = klock_list_agents(locks.handle(), nullptr);
    CHECK(answer != nullptr);
    klock_free(answer);
}

static void a_repeated_request_gets_its_lease_again() {
    klock::Klock locks(storage);
    klock::Request again = request("again", "again.c");
    again.request_id = "r1";
    klock::Lease first = locks.acquire(again).lease();
    klock::Lease second = locks.acquire(again).lease();
    CHECK(first.id() == second.id());
}

static void sweeping_counts() {
    klock::Klock locks(storage);
    (void)locks.evict_expired();
    const klock::Lease lease = locks.acquire(request("sweep", "sweep.c", Predicate::Consumes, 1ms)).lease();
    std::this_thread::sleep_for(20ms);
    CHECK(locks.evict_expired() == 1);
}

int main(int argc, char** argv) {
    if (argc > 1) storage = argv[1];
    RUN(a_lease_ends_with_its_scope);
    RUN(a_refusal_is_an_answer);
    RUN(moving_keeps_one_owner);
    RUN(heartbeat_and_release_by_hand);
    RUN(a_heartbeat_may_change_the_ttl);
    RUN(a_lost_lease_says_so);
    RUN(a_detached_lease_is_released_by_its_id);
    RUN(a_lease_may_outlive_its_klock);
    RUN(errors_are_thrown_with_their_code);
    RUN(declarations_are_judged);
    RUN(lists_carry_every_field);
    RUN(what_is_in_different_namespaces_never_meets);
    RUN(every_type_and_predicate_is_known_to_the_library);
    RUN(raw_json_passes_through);
    RUN(a_repeated_request_gets_its_lease_again);
    RUN(sweeping_counts);
    return CHECK_RESULT;
}
