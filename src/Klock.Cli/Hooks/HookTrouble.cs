using System.Text.Json;
using Klock.Agents.Memory;
using Klock.Agents.Policy;
using Klock.Cli.Failures;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Microsoft.Data.Sqlite;

namespace Klock.Cli.Hooks;

/// <summary>A hook that fails says why in one line, and is counted.</summary>
internal static class HookTrouble
{
    /// <summary>Why it failed.</summary>
    public static string Of(Exception failure) => failure switch
    {
        JsonException => $"what the client sent is no JSON: {failure.Message}",
        FormatException => $"what the client sent is not understood: {failure.Message}",
        NotUnderstoodException => $"it is not known what would be changed: {failure.Message}",
        OperationCanceledException => "it was ended while it waited",
        KlockException or CliFailure or IOException or UnauthorizedAccessException or SqliteException or InvalidDataException
            => failure.Message,
        _ => $"this is a defect in Klock: {failure.GetType().Name}, {failure.Message}",
    };

    /// <summary>Counts a failure for <c>klock doctor</c>. Of no use to whoever called the hook, so its own failure is none.</summary>
    public static void Count()
    {
        try
        {
            if (Locator.Here(cwd: null, Environment.GetEnvironmentVariable).Place is { } place)
            {
                using var memory = AgentMemory.Open(place);
                memory.Count("failures", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            }
        }
        catch (Exception)
        {
            // What failed is on stderr already.
        }
    }
}
