// klock_impl.hpp - the longer methods of klock.hpp: requests into JSON, answers out of it. Included by klock.hpp alone.
#ifndef KLOCK_IMPL_HPP
#define KLOCK_IMPL_HPP

#include "klock.hpp"

namespace klock {
namespace detail {

inline JsonObject requester(const std::string& agent_id, const std::string& session_id) {
    return JsonObject().add("agent_id", agent_id).add("session_id", session_id);
}

inline std::string request_json(const Request& request) {
    return requester(request.agent_id, request.session_id)
        .add("resource_type", to_string(request.resource.type))
        .add("resource_path", request.resource.path)
        .add("predicate", to_string(request.predicate))
        .add_raw("ttl", std::to_string(request.ttl.count()))  // signed, so that the library can refuse a negative one
        .add_unless_empty("note", request.note)
        .add_unless_empty("request_id", request.request_id)
        .text();
}

inline std::string manifest_json(const std::string& agent_id, const std::string& session_id, const std::vector<Intent>& intents) {
    std::string list = "[";
    for (const Intent& intent : intents) {
        if (list.size() > 1) list += ',';
        list += JsonObject()
                    .add("predicate", to_string(intent.predicate))
                    .add("resource_type", to_string(intent.resource.type))
                    .add("resource_path", intent.resource.path)
                    .text();
    }
    return requester(agent_id, session_id).add_raw("intents", list + ']').text();
}

/// The fields that a grant and a line of the list share; the id goes by another name in each.
inline LeaseRecord lease_record(const Json& data, const char* id_field) {
    LeaseRecord record;
    record.id = data.at(id_field).string();
    record.agent_id = data.at("agent_id").string();
    record.session_id = data.at("session_id").string();
    record.resource = data.at("resource").string();
    record.predicate = data.at("predicate").string();
    record.acquired_at = data.at("acquired_at").u64();
    record.ttl = milliseconds(data.at("ttl"));
    record.expires_at = data.at("expires_at").u64();
    record.fencing_token = data.at("fencing_token").u64();
    return record;
}

inline LeaseRecord listed_lease(const Json& data) {
    LeaseRecord record = lease_record(data, "id");
    record.state = data.at("state").string();
    record.last_heartbeat = data.at("last_heartbeat").u64();
    record.note = data.text_or_empty("note");
    return record;
}

inline Refusal refusal(const Json& answer) {
    Refusal refusal;
    refusal.reason = answer.at("reason").string();
    refusal.wait_time = milliseconds(answer.at("wait_time"));
    refusal.message = answer.at("message").string();
    refusal.conflicts_total = answer.at("conflicts_total").u64();
    for (const Json& item : answer.at("conflicts").items()) {
        Conflict conflict;
        conflict.agent_id = item.at("agent_id").string();
        conflict.session_id = item.at("session_id").string();
        conflict.resource = item.at("resource").string();
        conflict.predicate = item.at("predicate").string();
        conflict.state = item.at("state").string();
        conflict.expires_at = item.at("expires_at").u64();
        conflict.note = item.text_or_empty("note");
        refusal.conflicts.push_back(std::move(conflict));
    }
    return refusal;
}

inline Verdict verdict(const Json& answer) {
    Verdict verdict;
    verdict.granted = answer.at("success").boolean();
    verdict.status = answer.at("status").string();
    verdict.reason = answer.text_or_empty("reason");
    verdict.held_by = answer.text_or_empty("held_by");
    for (const Json& item : answer.at("conflicts").items()) verdict.conflicts.push_back(item.string());
    const Json* retry = answer.find("retry_after_ms");
    if (retry != nullptr && !retry->is_null()) verdict.retry_after = milliseconds(*retry);
    return verdict;
}

}  // namespace detail

inline Acquired Klock::acquire(const Request& request) {
    const auto sent = std::chrono::steady_clock::now();
    return detail::understand(call(klock_acquire, detail::request_json(request).c_str()), [&](const detail::Json& answer) {
        if (!answer.at("success").boolean()) return Acquired(detail::refusal(answer));
        return Acquired(Lease(handle_, detail::lease_record(answer.at("data"), "lease_id"), sent));
    });
}

inline Verdict Klock::declare(const std::string& agent_id, const std::string& session_id,
                              const std::vector<Intent>& intents) const {
    const auto json = detail::manifest_json(agent_id, session_id, intents);
    return detail::understand(call(klock_declare_intents, json.c_str()), detail::verdict);
}

inline std::vector<LeaseRecord> Klock::leases(const LeaseFilter& filter) const {
    const auto json = detail::JsonObject()
                          .add_unless_empty("agent_id", filter.agent_id)
                          .add_unless_empty("session_id", filter.session_id)
                          .add_unless_empty("resource", filter.resource)
                          .text();
    return detail::ask(handle_, klock_list_leases, json.c_str(), [](const detail::Json& data) {
        std::vector<LeaseRecord> records;
        for (const detail::Json& item : data.items()) records.push_back(detail::listed_lease(item));
        return records;
    });
}

inline std::vector<Agent> Klock::agents() const {
    return detail::ask(handle_, klock_list_agents, nullptr, [](const detail::Json& data) {
        std::vector<Agent> agents;
        for (const detail::Json& item : data.items())
            agents.push_back({item.at("agent_id").string(), item.at("priority").u64()});
        return agents;
    });
}

}  // namespace klock

#endif  // KLOCK_IMPL_HPP
