using System.Globalization;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Journal;

namespace Klock.Storage.Sqlite;

/// <summary>The options that follow a path: <c>?synchronous=normal&amp;history=50000</c>.</summary>
internal static class StorageOptions
{
    private const string Known = "synchronous=full or synchronous=normal, network=refuse or network=allow, history=<number of events>,"
        + " history_age=<duration>; several are joined by '&', and a path has no '?'";

    /// <summary>A location with the options applied.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: an unknown option or value, or one
    /// that is given twice.</exception>
    public static SqliteLocation Apply(string options, SqliteLocation location)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string option in options.Split('&'))
        {
            string[] parts = option.Split('=', 2);
            string name = parts[0].ToLowerInvariant();
            if (!seen.Add(name))
            {
                throw Invalid("storage has an option twice after '?': each may be given once.");
            }

            location = ApplyOne(name, parts is [_, string value] ? value.ToLowerInvariant() : "", location);
        }

        return location;
    }

    private static SqliteLocation ApplyOne(string name, string value, SqliteLocation location) => name switch
    {
        "synchronous" => location with { WaitsForDisk = OneOf(name, value, "full", "normal") == 0 },
        "network" => location with { AllowsNetwork = OneOf(name, value, "refuse", "allow") == 1 },
        "history" => location with { History = location.History with { Count = Events(value) } },
        "history_age" => location with { History = location.History with { AgeMs = Age(value) } },
        _ => throw Invalid($"storage has an unknown option after '?': it must be {Known}."),
    };

    private static int OneOf(string name, string value, string first, string second) =>
        value == first ? 0
        : value == second ? 1
        : throw Invalid($"storage has an unknown value for {name}: it must be {first} or {second}.");

    private static long Events(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            && count is >= History.ShortestCount and <= History.LongestCount
            ? count
            : throw Invalid("storage has an unusable value for history: it must be a number of events from 1000 to 10000000.");

    private static long Age(string value) =>
        Durations.ToMs(value) is { } ageMs and >= History.ShortestAgeMs and <= History.LongestAgeMs
            ? ageMs
            : throw Invalid("storage has an unusable value for history_age: it must be a duration from 1h to 3650d, as in 12h or 30d.");

    private static KlockException Invalid(string sentence) => new(ErrorCode.InvalidRequest, sentence);
}
