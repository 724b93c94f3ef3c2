// Holds a lease through klock.hpp, says all the while whether it is lost, and releases it at a word on stdin.
#include <klock.hpp>

#include <chrono>
#include <cstdio>
#include <poll.h>
#include <string>

static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();  // CLOCK_MONOTONIC
}

static void say(const char* what, double at, const char* more = "") {
    std::printf("%s %.6f %s\n", what, at, more);
    std::fflush(stdout);
}

static bool is_told(int within_ms) {
    pollfd in{0, POLLIN, 0};
    return poll(&in, 1, within_ms) > 0;
}

int main(int, char** argv) {
    klock::Klock locks(argv[1]);
    const std::chrono::milliseconds ttl(std::stol(argv[2]));
    klock::Guard guard = locks.hold({"holder", "s", klock::file("/held"), klock::Predicate::Mutates, ttl});
    say("granted", now(), guard.id().c_str());
    while (!is_told(50)) {
        const double at = now();
        say(guard.lost() ? "lost" : "step", at);
    }
    std::string end = "kept";
    try {
        guard.release();
    } catch (const klock::Error& error) {
        if (error.code() == "EXPIRED" || error.code() == "UNKNOWN_LEASE") end = "ended";
    }
    say(end.c_str(), now());
}
