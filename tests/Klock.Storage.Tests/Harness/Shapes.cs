using System.Text;
using System.Text.Json;
using Klock.Coordinator.Protocol;
using Xunit;

namespace Klock.Storage.Tests.Harness;

/// <summary>What every answer must look like (SPEC section 3): which fields, in which order, of which type.</summary>
internal static class Shapes
{
    private const string Claim = "agent_id:text session_id:text resource:resource namespace:name? predicate:predicate ";
    private const string Senior = "senior:yes? ";
    private const string Granted = "lease_id:id " + Claim + "acquired_at:int ttl:int expires_at:int fencing_token:token";
    // Only a store in etcd has the last two.
    private const string Healthy =
        "status:text active_leases:int waiters:int agents:int sequence:token version:text store_bytes:token? store_quota_bytes:token?";

    private const string Listed = "id:id " + NoId;
    private const string NoId = Claim + Senior
        + "state:text acquired_at:int ttl:int expires_at:int last_heartbeat:int fencing_token:token note:text?";

    private const string Conflict = Claim + Senior + "state:text expires_at:int note:text?";
    private const string Waiting = Claim + Senior + "state:text wait_until:int note:text?";
    private const string Refused = "success:no reason:text wait_time:int message:text conflicts:list conflicts_total:int";
    private const string Declared =
        "success:bool agent_id:text session_id:text status:text reason:text? held_by:text? conflicts:list retry_after_ms:int?";

    private static readonly string[] Types = ["FILE", "SYMBOL", "API_ENDPOINT", "DATABASE_TABLE", "CONFIG_KEY", "CUSTOM"];
    private static readonly string[] Predicates = ["PROVIDES", "CONSUMES", "MUTATES", "DELETES", "DEPENDS_ON", "RENAMES"];
    private static readonly string[] Codes =
    [
        "INVALID_REQUEST", "UNKNOWN_LEASE", "EXPIRED", "AGENT_BUSY", "UNAUTHORIZED", "FORBIDDEN", "PAYLOAD_TOO_LARGE",
        "STORAGE_UNAVAILABLE", "CLOSED", "INTERNAL",
    ];

    /// <summary>Reads a reply, and holds its text and its kind against what they must be.</summary>
    public static Answer Read(Operation operation, Reply reply)
    {
        var answer = new Answer(Encoding.UTF8.GetString(reply.Utf8));
        Check(operation, answer);
        bool asksForLeases = operation is Operation.Acquire or Operation.AcquireAll or Operation.ChangeLease;
        Assert.Equal(answer.Code, reply.Outcome.Error?.ToName());
        Assert.Equal(asksForLeases ? answer.Reason : null, reply.Outcome.Refusal?.ToName());
        Assert.Equal(answer.Success || (operation == Operation.DeclareIntents && answer.Code is null), reply.Outcome.IsSuccess);
        Assert.Equal(asksForLeases && answer.Success, reply.Outcome.Kind == ReplyKind.Granted);
        return answer;
    }

    private static void Check(Operation operation, Answer answer)
    {
        Assert.True(IsCompact(answer.Text), "white space in " + answer.Text);
        if (answer.Code is not null)
        {
            Fields("success:no code:text error:text", answer.Json);
            Assert.Contains(answer.Code, Codes);
            Assert.Matches("^[^\r\n]{10,400}[.]$", answer.Error!);
        }
        else if (operation == Operation.DeclareIntents)
        {
            Fields(Declared, answer.Json);
            Assert.All(answer.Field("conflicts").EnumerateArray(), sentence => Assert.Equal(JsonValueKind.String, sentence.ValueKind));
        }
        else if (!answer.Success)
        {
            Assert.Contains(operation, new[] { Operation.Acquire, Operation.AcquireAll, Operation.ChangeLease });
            CheckRefusal(answer);
        }
        else
        {
            Fields(
                operation is Operation.ListLeases or Operation.ListWaiters ? "success:yes data:any next:token?"
                    : operation is Operation.ListAgents ? "success:yes data:any next:name?"
                    : "success:yes data:any", answer.Json);
            CheckData(operation, answer.Data);
        }
    }

    private static void CheckData(Operation operation, JsonElement data)
    {
        switch (operation)
        {
            case Operation.Acquire or Operation.ChangeLease: Fields(Granted, data); break;
            case Operation.AcquireAll:
                Fields("leases:list", data);
                Assert.All(data.GetProperty("leases").EnumerateArray(), lease => Fields(Granted, lease));
                break;
            case Operation.RenewSession: Fields("renewed:int", data); break;
            case Operation.EndSession: Fields("released:int", data); break;
            case Operation.Events: Assert.All(data.EnumerateArray(), EventShapes.Check); break;
            case Operation.RegisterAgent: Fields("agent_id:text priority:int", data); break;
            case Operation.Heartbeat: Fields("renewed:yes lease_id:id expires_at:int", data); break;
            case Operation.Release: Fields("released:yes lease_id:id", data); break;
            case Operation.Revoke: Fields("revoked:yes lease_id:id", data); break;
            case Operation.EvictExpired: Fields("evicted:int", data); break;
            case Operation.ListLeases: Assert.All(data.EnumerateArray(), lease => Fields(Listed, lease)); break;
            case Operation.ListWaiters: Assert.All(data.EnumerateArray(), claim => Fields(Waiting, claim)); break;
            case Operation.GetLease: Fields(Listed, data); break;
            case Operation.Health: Fields(Healthy, data); break;
            case Operation.ListAgents: CheckAgents(data); break;
            case Operation.Snapshot: CheckSnapshot(data); break;
            default: Assert.Fail($"{operation} has no shape"); break;
        }
    }

    private static void CheckAgents(JsonElement list) =>
        Assert.All(list.EnumerateArray(), agent => Fields("agent_id:text priority:int", agent));

    private static void CheckSnapshot(JsonElement data)
    {
        Fields("sequence:token time:text leases:list waiters:list agents:list next:any", data);
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$", data.GetProperty("time").GetString()!);
        Assert.All(data.GetProperty("leases").EnumerateArray(), lease => Fields(lease.TryGetProperty("id", out _) ? Listed : NoId, lease));
        Assert.All(data.GetProperty("waiters").EnumerateArray(), claim => Fields(Waiting, claim));
        CheckAgents(data.GetProperty("agents"));
        Fields("leases:token? waiters:token? agents:name?", data.GetProperty("next"));
    }

    private static void CheckRefusal(Answer answer)
    {
        Fields(Refused, answer.Json);
        Assert.Contains(answer.Reason, new[] { "WAIT", "DIE", "WAIT_TIMEOUT" });
        Assert.InRange(answer.Field("wait_time").GetInt64(), answer.Reason == "WAIT_TIMEOUT" ? 0 : 1, 1_000);
        JsonElement conflicts = answer.Field("conflicts");
        Assert.All(conflicts.EnumerateArray(), conflict => Fields(Conflict, conflict));
        Assert.Equal(Math.Min(16, answer.Field("conflicts_total").GetInt64()), conflicts.GetArrayLength());
    }

    public static void Fields(string shape, JsonElement found)
    {
        // What is "yes?", "name?" or "token?" is there, and what it says, or not there at all.
        string[] wanted = [.. shape.Split(' ').Where(field => field.Split(':') is [var name, var type]
            && (type is not ("yes?" or "name?" or "token?") || found.TryGetProperty(name, out _)))];
        Assert.Equal(wanted.Select(field => field.Split(':')[0]), found.EnumerateObject().Select(field => field.Name));
        foreach ((string field, JsonProperty value) in wanted.Zip(found.EnumerateObject()))
        {
            Assert.True(IsOf(field.Split(':')[1], value.Value), $"{field} is {value.Value.GetRawText()}");
        }
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "yes" or "yes?" => value.ValueKind == JsonValueKind.True,
        "no" => value.ValueKind == JsonValueKind.False,
        "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "int" => value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out _),
        "int?" => value.ValueKind == JsonValueKind.Null || IsOf("int", value),
        "token" or "token?" => value.TryGetInt64(out long token) && token is > 0 and < 1L << 53,
        "text" or "name?" => value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0,
        "text?" => value.ValueKind is JsonValueKind.String or JsonValueKind.Null,
        "list" => value.ValueKind == JsonValueKind.Array,
        "id" => value.GetString() is { Length: 32 } id && id.All(char.IsAsciiHexDigitLower),
        "resource" => value.GetString()!.Split(':', 2) is [var name, { Length: > 0 }] && Types.Contains(name),
        "predicate" => Predicates.Contains(value.GetString()),
        "any" => true,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a type of field"),
    };

    private static bool IsCompact(string text)
    {
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && char.IsWhiteSpace(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
