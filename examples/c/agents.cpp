// Two agents and one file, in C++17.
//
//   c++ -std=c++17 -I dist/include examples/c/agents.cpp -L dist/lib -lklock -pthread -Wl,-rpath,"$PWD/dist/lib" -o agents
//   ./agents                        a store in memory
//   ./agents sqlite:/tmp/team.db    a file that other processes use too
#include <klock.hpp>

#include <future>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

static klock::Request edit_auth(const std::string& agent, const std::string& note) {
    return {agent, agent + "-1", klock::file("src/auth.c"), klock::Predicate::Mutates, 60s, note};
}

/// A refusal is an answer to act on, not an error: it says why, and who holds what.
static void explain(const std::string& agent, const klock::Refusal& refusal) {
    std::cout << agent << ": " << refusal.reason << ", because " << refusal.message << '\n';
    for (const klock::Conflict& conflict : refusal.conflicts)
        std::cout << "  " << conflict.agent_id << " (" << conflict.state << ") has " << conflict.predicate << " on " << conflict.resource
                  << ": " << conflict.note << '\n';
}

static void work_together(klock::Klock& locks) {
    // The lower number is the older agent: it may wait for others, while a younger one has to start over.
    locks.register_agent("ann", 1);
    locks.register_agent("bob", 2);
    std::future<klock::Acquired> bob_waits;
    {
        klock::Acquired ann = locks.acquire(edit_auth("ann", "renaming login"));
        if (!ann) return explain("ann", ann.refusal());
        std::cout << "ann: granted\n";
        ann->heartbeat();  // a long task renews its lease, well before the ttl is over

        const klock::Acquired bob = locks.acquire(edit_auth("bob", "adding a test"));
        if (!bob) explain("bob", bob.refusal());

        // With a wait the answer comes when ann lets go; asking again and again may never meet that moment.
        bob_waits = std::async(std::launch::async, [&] { return locks.acquire(edit_auth("bob", "adding a test"), 30s); });
    }  // ann's lease is released here
    std::cout << "ann: released\n";

    // lease() throws if the lease was refused, after the wait too: for those who can do nothing without it.
    klock::Lease lease = bob_waits.get().lease();
    std::cout << "bob: granted\n";
    lease.release();  // by hand, to learn whether it was still ours to the end
    std::cout << "bob: released\n";
}

int main(int argc, char** argv) {
    try {
        std::cout << "libklock " << klock_version() << '\n';
        klock::Klock locks(argc > 1 ? argv[1] : "memory");
        work_together(locks);
        return 0;
    } catch (const klock::Error& error) {
        std::cerr << error.code() << ": " << error.what() << '\n';
        return 1;
    }
}
