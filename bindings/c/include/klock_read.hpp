// klock_read.hpp - calls the library and turns its answers into the values of klock_types.hpp. Inside klock.hpp; not an
// interface of its own.
#ifndef KLOCK_READ_HPP
#define KLOCK_READ_HPP

#include "klock.h"
#include "klock_json.hpp"
#include "klock_types.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <utility>

namespace klock {

/// A function of klock.h that takes a handle and a request, for Klock::call.
using Function = char* (*)(klock_t*, const char*);

namespace detail {

/// Takes ownership of a text of the library.
inline std::string owned(char* text) {
    const std::unique_ptr<char, void (*)(char*)> guard(text, klock_free);
    if (text == nullptr) throw std::bad_alloc();
    return text;
}

[[noreturn]] inline void throw_error(const Json& answer) {
    throw Error(answer.at("code").string(), answer.at("error").string());
}

/// Reads an answer with 'read', a function of Json. Errors of the library are thrown, refusals are not.
template <class Read>
auto understand(const std::string& text, Read read) {
    try {
        const Json answer = Json::parse(text);
        if (answer.find("code") != nullptr) throw_error(answer);
        return read(answer);
    } catch (const JsonError& problem) {
        throw Error("INTERNAL", std::string("libklock gave an answer that klock.hpp cannot read: ") + problem.what());
    }
}

/// Calls the library and reads the whole answer.
template <class Read>
auto ask(klock_t* handle, Function function, const std::string& json, Read read) {
    return understand(owned(function(handle, json.c_str())), read);
}

/// Calls the library and reads the "data" of its answer; for functions that never refuse.
template <class Read>
auto ask_data(klock_t* handle, Function function, const std::string& json, Read read) {
    return ask(handle, function, json, [&](const Json& answer) { return read(answer.at("data")); });
}

inline bool granted(const Json& answer) { return answer.at("success").boolean(); }

inline std::chrono::milliseconds milliseconds(const Json& value) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(value.u64()));
}

/// The fields that a grant and an entry of the list share; the id has another name in each.
inline LeaseRecord lease_record(const Json& data, const char* id_field) {
    LeaseRecord record;
    record.id = data.at(id_field).string();
    record.agent_id = data.at("agent_id").string();
    record.session_id = data.at("session_id").string();
    record.resource = data.at("resource").string();
    record.name_space = data.text_or_empty("namespace");
    record.predicate = data.at("predicate").string();
    record.acquired_at = data.at("acquired_at").u64();
    record.ttl = milliseconds(data.at("ttl"));
    record.expires_at = data.at("expires_at").u64();
    record.fencing_token = data.at("fencing_token").u64();
    record.warning = data.text_or_empty("warning");
    return record;
}

inline std::uint64_t expires_at(const Json& data) { return data.at("expires_at").u64(); }

inline LeaseRecord granted_lease(const Json& data) { return lease_record(data, "lease_id"); }

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
        conflict.name_space = item.text_or_empty("namespace");
        conflict.predicate = item.at("predicate").string();
        conflict.state = item.at("state").string();
        conflict.expires_at = item.at("expires_at").u64();
        conflict.note = item.text_or_empty("note");
        conflict.senior = item.find("senior") != nullptr;
        refusal.conflicts.push_back(std::move(conflict));
    }
    return refusal;
}

inline Verdict verdict(const Json& answer) {
    Verdict verdict;
    verdict.granted = granted(answer);
    verdict.status = answer.at("status").string();
    verdict.reason = answer.text_or_empty("reason");
    verdict.held_by = answer.text_or_empty("held_by");
    for (const Json& item : answer.at("conflicts").items()) verdict.conflicts.push_back(item.string());
    const Json* retry = answer.find("retry_after_ms");
    if (retry != nullptr && !retry->is_null()) verdict.retry_after = milliseconds(*retry);
    return verdict;
}

}  // namespace detail
}  // namespace klock

#endif  // KLOCK_READ_HPP
