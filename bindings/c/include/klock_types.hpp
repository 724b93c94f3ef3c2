// klock_types.hpp - the requests to Klock and its answers, as plain C++17 values. Included by klock.hpp.
//
// All of these are ordinary values: copy them freely, share them among threads as any value. Times without a unit in their
// type are milliseconds since 1970-01-01 UTC. The limits of each field are in klock.h.
#ifndef KLOCK_TYPES_HPP
#define KLOCK_TYPES_HPP

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace klock {

/// A call that failed. A refusal is not one: it is an answer, see Acquired.
class Error : public std::runtime_error {
public:
    Error(std::string code, const std::string& message) : std::runtime_error(message), code_(std::move(code)) {}

    /// One of the codes of klock.h, such as "EXPIRED"; or the reason of a Refusal, when its caller asked for the grant.
    const std::string& code() const noexcept { return code_; }

private:
    std::string code_;
};

/// What the agent will do with the resource.
enum class Predicate { Provides, Consumes, Mutates, Deletes, DependsOn, Renames };

/// What kind of thing the resource is.
enum class ResourceType { File, Symbol, ApiEndpoint, DatabaseTable, ConfigKey, Custom };

/// The name that JSON uses; "" for a value outside the enumeration, which the library then refuses.
constexpr const char* to_string(Predicate predicate) noexcept {
    switch (predicate) {
        case Predicate::Provides: return "PROVIDES";
        case Predicate::Consumes: return "CONSUMES";
        case Predicate::Mutates: return "MUTATES";
        case Predicate::Deletes: return "DELETES";
        case Predicate::DependsOn: return "DEPENDS_ON";
        case Predicate::Renames: return "RENAMES";
    }
    return "";
}

/// As above.
constexpr const char* to_string(ResourceType type) noexcept {
    switch (type) {
        case ResourceType::File: return "FILE";
        case ResourceType::Symbol: return "SYMBOL";
        case ResourceType::ApiEndpoint: return "API_ENDPOINT";
        case ResourceType::DatabaseTable: return "DATABASE_TABLE";
        case ResourceType::ConfigKey: return "CONFIG_KEY";
        case ResourceType::Custom: return "CUSTOM";
    }
    return "";
}

/// A thing that leases are about.
struct Resource {
    ResourceType type;
    std::string path;
};

/// A file, or with a path that ends in "/**" a folder and all beneath it.
inline Resource file(std::string path) { return {ResourceType::File, std::move(path)}; }

/// A lease that is asked for.
struct Request {
    std::string agent_id;
    std::string session_id;
    Resource resource;
    Predicate predicate;
    std::chrono::milliseconds ttl;  ///< from 1 ms to 24 h; the lease runs out by itself after it
    std::string note = {};          ///< shown to whoever is refused because of this lease; may stay empty
    std::string request_id = {};    ///< makes a repeated request answer the lease it got before; may stay empty
    std::string name_space = {};    ///< the resource's namespace; what is in different ones never meets. Empty for none
};

/// One intent of a manifest.
struct Intent {
    Predicate predicate;
    Resource resource;
};

/// Leases that are requested together: all of them or none.
struct Manifest {
    std::string agent_id;
    std::string session_id;
    std::vector<Intent> intents;    ///< from 1 to 256
    std::chrono::milliseconds ttl;  ///< of each lease, from 1 ms to 24 h
    std::string note = {};          ///< shown to whoever is refused because of one of the leases; may stay empty
    std::string request_id = {};    ///< makes a repeated request answer the leases it got before; may stay empty
    std::string name_space = {};    ///< the namespace of all its resources. Empty for none
};

/// One session in the way of a request.
struct Conflict {
    std::string agent_id;
    std::string session_id;
    std::string resource;  ///< "TYPE:path"
    std::string predicate;
    std::string state;  ///< "held"; or "waiting", for one that asked before and stands in the queue
    std::uint64_t expires_at = 0;
    std::string note;  ///< empty if none was given
    bool senior = false;  ///< older than all that are not, since others went before it while it waited
    std::string name_space;  ///< that of the resource; empty for none
};

/// Why a lease was not granted.
struct Refusal {
    /// "WAIT": keep what you hold and ask again, best with a wait. "DIE": release all, read again, start over.
    /// "WAIT_TIMEOUT": the time to wait is over, and the place in the queue is lost.
    std::string reason;
    std::chrono::milliseconds wait_time{0};  ///< when asking again may make sense; at most 1 s
    std::string message;
    std::vector<Conflict> conflicts;  ///< the oldest first, at most 16
    std::uint64_t conflicts_total = 0;
};

/// The verdict on a manifest.
struct Verdict {
    bool granted = false;
    std::string status;  ///< "Granted", "Wait" or "Die"
    std::string reason;
    std::string held_by;
    std::vector<std::string> conflicts;
    std::chrono::milliseconds retry_after{0};
};

/// Which leases to list; an empty field matches all.
struct LeaseFilter {
    std::string agent_id = {};
    std::string session_id = {};
    std::string resource = {};  ///< "TYPE:path": the leases that meet it, in name_space
    std::string name_space = {};  ///< the leases in this namespace; without it a resource means the one in none
};

/// One active lease, whoever holds it.
struct LeaseRecord {
    std::string id;
    std::string agent_id;
    std::string session_id;
    std::string resource;  ///< "TYPE:path"
    std::string predicate;
    std::string state;
    std::uint64_t acquired_at = 0;
    std::chrono::milliseconds ttl{0};
    std::uint64_t expires_at = 0;
    std::uint64_t last_heartbeat = 0;
    std::uint64_t fencing_token = 0;
    std::string note;
    std::string name_space;  ///< that of the resource; empty for none
    std::string warning;  ///< of a grant: what looks like a mistake, such as a session that another process uses too; mostly empty
};

/// An agent that the store remembers.
struct Agent {
    std::string agent_id;
    std::uint64_t priority = 0;  ///< lower is older, that is senior
};

/// A path in the one form that all who mean the same file use.
struct CanonicalPath {
    std::string resource_path;  ///< for file()
    std::string root;           ///< the top of the git work tree that it is relative to; empty if there is none
    std::string name_space;     ///< KLOCK_NAMESPACE, else what the repository's origin is called; empty if there is neither
};

}  // namespace klock

#endif  // KLOCK_TYPES_HPP
