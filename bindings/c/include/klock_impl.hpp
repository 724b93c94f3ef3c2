// klock_impl.hpp - the longer methods of klock.hpp. Included by klock.hpp alone.
#ifndef KLOCK_IMPL_HPP
#define KLOCK_IMPL_HPP

#include "klock.hpp"

#include <algorithm>

namespace klock {

namespace detail {

inline std::vector<Lease> one(Lease lease) {
    std::vector<Lease> leases;
    leases.push_back(std::move(lease));
    return leases;
}

}  // namespace detail

inline Acquired Klock::acquire(const Request& request, std::chrono::milliseconds wait) {
    klock_t* const handle = handle_;  // the lease belongs to it, also when another thread closes this object meanwhile
    const auto sent = std::chrono::steady_clock::now();
    return detail::ask(handle, klock_acquire, detail::request_json(request, wait), [&](const detail::Json& answer) {
        if (!detail::granted(answer)) return Acquired(detail::refusal(answer));
        const auto sure_until = request.request_id.empty() ? sent + request.ttl : sent;
        return Acquired(Lease(handle, detail::granted_lease(answer.at("data")), sure_until));
    });
}

inline AcquiredAll Klock::acquire_all(const Manifest& manifest, std::chrono::milliseconds wait) {
    klock_t* const handle = handle_;  // the lease belongs to it, also when another thread closes this object meanwhile
    const auto sent = std::chrono::steady_clock::now();
    return detail::ask(handle, klock_acquire_all, detail::manifest_json(manifest, wait), [&](const detail::Json& answer) {
        if (!detail::granted(answer)) return AcquiredAll(detail::refusal(answer));
        const auto sure_until = manifest.request_id.empty() ? sent + manifest.ttl : sent;
        std::vector<Lease> leases;
        for (const detail::Json& item : answer.at("data").at("leases").items())
            leases.push_back(Lease(handle, detail::granted_lease(item), sure_until));
        return AcquiredAll(std::move(leases));
    });
}

inline Guard::Guard(Klock& klock, std::vector<Lease> leases) : keeper_(klock.keeper_) {
    if (leases.empty()) throw Error("INVALID_REQUEST", "leases has none: a Guard keeps one or more");
    if (keeper_ == nullptr) throw Error("CLOSED", "this Klock was moved from");
    std::vector<LeaseRecord> records;
    auto sure_until = leases.front().sure_until_;
    for (const Lease& lease : leases) {
        records.push_back(lease.data_);
        sure_until = std::min(sure_until, lease.sure_until_);
    }
    auto held = std::make_shared<detail::Held>(leases.front().handle_, std::move(records), sure_until);
    held->take_up();
    keeper_->add(held);
    held_ = std::move(held);
    for (Lease& lease : leases) lease.detach();
}

inline Guard::Guard(Klock& klock, Lease lease) : Guard(klock, detail::one(std::move(lease))) {}

inline Verdict Klock::declare(const std::string& agent_id, const std::string& session_id,
                              const std::vector<Intent>& intents, const std::string& name_space) const {
    const auto json = detail::session_json(agent_id, session_id)
                          .add_raw("intents", detail::intents_json(intents))
                          .add_unless_empty("namespace", name_space)
                          .text();
    return detail::ask(handle_, klock_declare_intents, json, detail::verdict);
}

namespace detail {

inline JsonObject filter_json(const LeaseFilter& filter) {
    return JsonObject()
        .add_unless_empty("agent_id", filter.agent_id)
        .add_unless_empty("session_id", filter.session_id)
        .add_unless_empty("resource", filter.resource)
        .add_unless_empty("namespace", filter.name_space);
}

// All entries of a list, in one read if it is short enough, else in pages.
template <typename Function, typename Take>
void read_all(klock_t* handle, Function list, const JsonObject& wanted, Take take) {
    // Whether there is another page, and the request for it: "after" is a number or a string, as the list has it.
    const std::uint64_t page = 1000;
    JsonObject request = wanted;
    const auto read = [&](const Json& answer) {
        for (const Json& item : answer.at("data").items()) take(item);
        const Json* next = answer.find("next");
        if (next == nullptr) return false;
        request = JsonObject(wanted).add("limit", page);
        if (next->kind() == Json::Kind::String) request.add("after", next->string());
        else request.add("after", next->u64());
        return true;
    };
    try {
        ask(handle, list, request.text(), read);
        return;
    } catch (const Error& error) {
        if (error.code() != "INVALID_REQUEST") throw;
    }
    // Too long for one answer; or invalid in another way, in which a page fails too.
    request.add("limit", page);
    while (ask(handle, list, request.text(), read)) continue;
}

}  // namespace detail

inline std::vector<LeaseRecord> Klock::leases(const LeaseFilter& filter) const {
    std::vector<LeaseRecord> records;
    detail::read_all(handle_, klock_list_leases, detail::filter_json(filter),
                     [&](const detail::Json& item) { records.push_back(detail::listed_lease(item)); });
    return records;
}

inline std::vector<Agent> Klock::agents() const {
    std::vector<Agent> agents;
    detail::read_all(handle_, klock_list_agents, detail::JsonObject(), [&](const detail::Json& item) {
        agents.push_back({item.at("agent_id").string(), item.at("priority").u64()});
    });
    return agents;
}

inline std::string Klock::snapshot(const LeaseFilter& filter, std::uint64_t limit, bool with_agents) const {
    auto wanted = detail::filter_json(filter);
    if (limit > 0) wanted.add("limit", limit);
    if (!with_agents) wanted.add("agents", "none");
    std::string answer = call(klock_snapshot, wanted.text().c_str());
    detail::understand(answer, detail::granted);
    return answer;
}

inline std::string Klock::events(std::uint64_t after, std::uint64_t limit) const {
    std::string answer = call(klock_events, detail::JsonObject().add("after", after).add("limit", limit).text().c_str());
    detail::understand(answer, detail::granted);
    return answer;
}

inline CanonicalPath canonical_path(const std::string& path, const std::string& cwd) {
    const auto json = detail::JsonObject().add("path", path).add_unless_empty("cwd", cwd).text();
    return detail::understand(detail::owned(klock_canonical_path(json.c_str())), [](const detail::Json& answer) {
        const detail::Json& data = answer.at("data");
        return CanonicalPath{data.at("resource_path").string(), data.text_or_empty("root"), data.text_or_empty("namespace")};
    });
}

}  // namespace klock

#endif  // KLOCK_IMPL_HPP
