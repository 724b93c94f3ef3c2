// klock_write.hpp - writes requests as JSON. Inside klock.hpp; not an interface of its own.
#ifndef KLOCK_WRITE_HPP
#define KLOCK_WRITE_HPP

#include "klock_json.hpp"
#include "klock_types.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace klock::detail {

inline JsonObject session_json(const std::string& agent_id, const std::string& session_id) {
    return JsonObject().add("agent_id", agent_id).add("session_id", session_id);
}

inline JsonObject lease_json(const std::string& lease_id) { return JsonObject().add("lease_id", lease_id); }

inline std::string renewal_json(const std::string& lease_id, std::chrono::milliseconds ttl) {
    return lease_json(lease_id).add("ttl", ttl).text();
}

inline std::string request_json(const Request& request, std::chrono::milliseconds wait) {
    return session_json(request.agent_id, request.session_id)
        .add("resource_type", to_string(request.resource.type))
        .add("resource_path", request.resource.path)
        .add("predicate", to_string(request.predicate))
        .add("ttl", request.ttl)
        .add("wait_ms", wait)
        .add_unless_empty("note", request.note)
        .add_unless_empty("request_id", request.request_id)
        .add_unless_empty("namespace", request.name_space)
        .text();
}

inline std::string intents_json(const std::vector<Intent>& intents) {
    std::string list = "[";
    for (const Intent& intent : intents) {
        if (list.size() > 1) list += ',';
        list += JsonObject()
                    .add("predicate", to_string(intent.predicate))
                    .add("resource_type", to_string(intent.resource.type))
                    .add("resource_path", intent.resource.path)
                    .text();
    }
    return list + ']';
}

inline std::string manifest_json(const Manifest& manifest, std::chrono::milliseconds wait) {
    return session_json(manifest.agent_id, manifest.session_id)
        .add_raw("intents", intents_json(manifest.intents))
        .add("ttl", manifest.ttl)
        .add("wait_ms", wait)
        .add_unless_empty("note", manifest.note)
        .add_unless_empty("request_id", manifest.request_id)
        .add_unless_empty("namespace", manifest.name_space)
        .text();
}

inline std::string change_json(const std::string& lease_id, Predicate predicate, std::chrono::milliseconds wait) {
    return lease_json(lease_id).add("predicate", to_string(predicate)).add("wait_ms", wait).text();
}

}  // namespace klock::detail

#endif  // KLOCK_WRITE_HPP
