using System.Text;
using System.Text.Json.Nodes;
using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;

namespace Klock.Python.Tests;

/// <summary>The coordinator itself, called as a client's method calls it, with the answer as that returns it.</summary>
internal sealed class ManagedSide(string storage) : ISide
{
    private static readonly string[] _lease =
        ["success", "lease_id", "agent_id", "resource", "predicate", "expires_at", "fencing_token", "namespace", "warning"];

    private static readonly string[] _refusal = ["success", "reason", "wait_time", "message", "conflicts"];

    private readonly LeaseCoordinator _coordinator = LocalStores.Open(storage, TimeProvider.System, KernelRandom.Shared);

    public JsonNode? Ask(string verb, string arguments)
    {
        (Operation operation, string request) = verb switch
        {
            "acquire_lease" => (Operation.Acquire, arguments),
            "release_lease" => (Operation.Release, arguments),
            "heartbeat_lease" => (Operation.Heartbeat, arguments),
            "revoke_lease" => (Operation.Revoke, arguments),
            "declare_intent" => (Operation.DeclareIntents, JsonNode.Parse(arguments)!["manifest"]!.ToJsonString()),
            _ => (Enum.Parse<Operation>(verb.Replace("_", "", StringComparison.Ordinal), ignoreCase: true), arguments),
        };
        var reply = new Reply();
        _coordinator.Execute(operation, Encoding.UTF8.GetBytes(request), reply);
        return Shaped(verb, JsonNode.Parse(reply.Utf8)!.AsObject());
    }

    public void Dispose() => _coordinator.Dispose();

    // SPEC section 5: a lease flat, what ended already is false and no error, of a list the list.
    private static JsonNode? Shaped(string verb, JsonObject answer)
    {
        if ((string?)answer["code"] is { } code)
        {
            bool isGone = verb is "release_lease" or "heartbeat_lease" or "revoke_lease" && code is "EXPIRED" or "UNKNOWN_LEASE";
            return isGone && verb != "change_lease" ? JsonValue.Create(false) : Only(answer, ["code", "error"]);
        }

        JsonNode? data = answer["data"];
        return verb switch
        {
            "declare_intent" => answer,
            "acquire_lease" or "change_lease" or "acquire_all" when !(bool)answer["success"]! => Only(answer, _refusal),
            "acquire_lease" or "change_lease" => Lease(data!),
            "acquire_all" => new JsonObject
            {
                ["success"] = true, ["leases"] = new JsonArray([.. data!["leases"]!.AsArray().Select(lease => Lease(lease!))]),
            },
            "release_lease" or "heartbeat_lease" or "revoke_lease" => JsonValue.Create(true),
            "register_agent" => null,
            "renew_session" => data!["renewed"],
            "end_session" => data!["released"],
            "evict_expired" => data!["evicted"],
            _ => data,
        };
    }

    private static JsonObject Lease(JsonNode lease)
    {
        JsonObject flat = lease.DeepClone().AsObject();
        flat["success"] = true;
        return Only(flat, _lease);
    }

    private static JsonObject Only(JsonObject answer, string[] fields) =>
        new(fields.Where(answer.ContainsKey).Select(field => KeyValuePair.Create(field, answer[field]?.DeepClone())));
}
