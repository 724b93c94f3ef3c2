// klock.hpp against the real library: a list of more leases than one answer has is complete all the same.
#include "check.h"
#include "klock.hpp"

#include <chrono>
#include <string>
#include <vector>

static constexpr std::size_t all = 100001;

static void a_list_that_is_too_long_for_an_answer_is_whole() {
    klock::Klock locks("memory");
    std::vector<klock::AcquiredAll> held;
    for (std::size_t first = 0; first < all; first += 256) {
        klock::Manifest manifest{"a", "s", {}, std::chrono::hours(1)};
        for (std::size_t i = first; i < first + 256 && i < all; ++i)
            manifest.intents.push_back({klock::Predicate::Mutates, {klock::ResourceType::Custom, std::to_string(i)}});
        held.push_back(locks.acquire_all(manifest));
        CHECK(held.back());
    }
    const std::vector<klock::LeaseRecord> leases = locks.leases();
    CHECK(leases.size() == all);
    bool in_order = true;
    for (std::size_t i = 0; i < leases.size(); ++i) in_order = in_order && leases[i].resource == "CUSTOM:" + std::to_string(i);
    CHECK(in_order);
    klock::LeaseFilter one;
    one.resource = "CUSTOM:7";
    CHECK(locks.leases(one).size() == 1);
}

static void a_snapshot_has_what_was_asked_for() {
    klock::Klock locks("memory");
    const auto a = locks.acquire({"first", "s", {klock::ResourceType::Custom, "a"}, klock::Predicate::Mutates, std::chrono::hours(1)});
    const auto b = locks.acquire({"second", "s", {klock::ResourceType::Custom, "b"}, klock::Predicate::Mutates, std::chrono::hours(1)});
    const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
    const std::string whole = locks.snapshot();
    CHECK(has(whole, "CUSTOM:a") && has(whole, "CUSTOM:b") && has(whole, "\"priority\"") && has(whole, "\"next\":{}"));
    const std::string limited = locks.snapshot({}, 1);
    CHECK(has(limited, "CUSTOM:a") && !has(limited, "CUSTOM:b") && has(limited, "\"next\":{\"leases\":"));
    klock::LeaseFilter second;
    second.agent_id = "second";
    const std::string narrowed = locks.snapshot(second, 0, false);
    CHECK(!has(narrowed, "CUSTOM:a") && has(narrowed, "CUSTOM:b") && has(narrowed, "\"agents\":[]"));
}

static void what_is_wrong_with_a_filter_is_told_as_it_is() {
    klock::Klock locks("memory");
    klock::LeaseFilter wrong;
    wrong.resource = "no type";
    std::string told;
    try {
        (void)locks.leases(wrong);
    } catch (const klock::Error& error) {
        told = error.code() + " " + error.what();
    }
    CHECK(told.find("INVALID_REQUEST resource has no type") == 0);
}

int main(void) {
    RUN(a_list_that_is_too_long_for_an_answer_is_whole);
    RUN(a_snapshot_has_what_was_asked_for);
    RUN(what_is_wrong_with_a_filter_is_told_as_it_is);
    return CHECK_RESULT;
}
