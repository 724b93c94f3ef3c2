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
    RUN(what_is_wrong_with_a_filter_is_told_as_it_is);
    return CHECK_RESULT;
}
