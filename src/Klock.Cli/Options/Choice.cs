using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Resources;

namespace Klock.Cli.Options;

/// <summary>Finds the leases that are named by an id, by the beginning of one, or by their resource.</summary>
/// <param name="transport">Where they are.</param>
/// <param name="agent">For names of resources only this agent's leases count; null for anybody's.</param>
/// <param name="session">Only this session's; null for any.</param>
internal sealed class Choice(ITransport transport, string? agent, string? session)
{
    private const int MostListed = 8;

    private JsonElement[]? _leases;

    /// <summary>The leases that a word means; a whole id is accepted whether there is such a lease or not.</summary>
    /// <exception cref="CliFailure">It means none, or is ambiguous.</exception>
    public IReadOnlyList<string> Of(string word, bool raw)
    {
        if (ShortId.MayBe(word) && word.Length == ShortId.WholeDigits)
        {
            return [word];
        }

        bool mayBeId = ShortId.MayBe(word);
        JsonElement[] begun = mayBeId ? [.. Leases().Where(lease => IdOf(lease).StartsWith(word, StringComparison.Ordinal))] : [];
        Named on = ResourceText.Shown(word, raw);
        JsonElement[] there = [.. Leases().Where(lease => IsOn(lease, on) && IsHere(lease))], mine = [.. there.Where(IsMine)];
        if (begun.Length + mine.Length > 1 && begun.Length > 0)
        {
            throw CliFailure.Usage($"'{word}' may mean {List(begun.Concat(mine))}: say more of the id, or ./{word} for a file.");
        }

        return begun.Length + mine.Length > 0 ? [.. begun.Concat(mine).Select(IdOf)] : throw None(word, on, there);
    }

    /// <summary>All of the agent's and the session's.</summary>
    public IReadOnlyList<JsonElement> Mine() => [.. Leases().Where(IsMine)];

    /// <summary>A lease as a person would name it.</summary>
    public string Describe(string id)
    {
        JsonElement lease = Array.Find(Leases(), one => IdOf(one) == id);
        return lease.ValueKind == JsonValueKind.Undefined ? id : Describe(lease);
    }

    private static string Describe(JsonElement lease)
    {
        string note = lease.TryGetProperty("note", out JsonElement text) && text.GetString() is { Length: > 0 } why ? $", \"{why}\"" : "";
        return $"{IdOf(lease)[..8]} ({Text(lease, "resource")}, {Text(lease, "agent_id")}{note})";
    }

    private static CliFailure None(string word, Named on, JsonElement[] there) => CliFailure.Of(
        ErrorCode.UnknownLease,
        there.Length > 0 ? $"no lease of yours is on {on}; there is {List(there)}: klock revoke takes a lease away from its holder."
        : ShortId.MayBe(word) ? $"no lease begins with '{word}', and none is on {on}."
        : $"no lease is on {on}.");

    private static string List(IEnumerable<JsonElement> leases)
    {
        string[] all = [.. leases.Select(Describe)];
        string some = string.Join(", ", all.Take(MostListed));
        return all.Length > MostListed ? $"{some} and {all.Length - MostListed} more" : some;
    }

    // On this very name, or beneath the folder that it names.
    private static bool IsOn(JsonElement lease, Named on)
    {
        string name = Text(lease, "resource"), path = on.Path;
        string file = on.Type == ResourceType.File.ToName() && path.EndsWith("/**", StringComparison.Ordinal) ? path[..^2] : path + "\0";
        return name == on.ToString()
            || (ResourceTypeNames.TrySplit(name, out ResourceType type, out string itsPath)
                && type is ResourceType.File or ResourceType.Symbol && itsPath.StartsWith(file, StringComparison.Ordinal));
    }

    // A README.md of another repository on the same server is another file.
    private bool IsHere(JsonElement lease) => string.Equals(Tables.NamespaceOf(lease), transport.Namespace, StringComparison.Ordinal);

    private bool IsMine(JsonElement lease) =>
        (agent is null || Text(lease, "agent_id") == agent) && (session is null || Text(lease, "session_id") == session);

    private JsonElement[] Leases()
    {
        if (_leases is null)
        {
            Answer answer = LongList.Ask(transport, Operation.ListLeases, []);
            _leases = answer.Outcome.IsSuccess ? [.. answer.Data.EnumerateArray()] : throw answer.ToFailure();
        }

        return _leases;
    }

    private static string IdOf(JsonElement lease) => Text(lease, "id");

    private static string Text(JsonElement lease, string field) => lease.GetProperty(field).GetString()!;
}
