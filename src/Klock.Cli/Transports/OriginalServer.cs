using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Transports;

/// <summary>Recognises a server of the original Klock, which ignores in a request what it does not know.</summary>
internal static class OriginalServer
{
    private const string Token = "fencing_token";

    /// <summary>
    /// The answer for a server that has no such route: an original's, or an older Klock's. What a snapshot shows can be asked for in parts.
    /// </summary>
    public static Answer WithoutSnapshot { get; } = Answer.Read(
        """{"success":false,"code":"INVALID_REQUEST","error":"The server is older than snapshots: klock serve of this Klock has them."}"""u8
            .ToArray())!;

    /// <summary>What is missing from an answer of such a server; null when nothing is.</summary>
    public static string? Problem(Operation operation, Answer answer) => operation switch
    {
        Operation.Acquire when answer.Outcome.IsSuccess && !HasToken(answer.Json) => "it grants without fencing tokens",
        Operation.Acquire when answer.Outcome.Refusal is not null && !answer.Json.TryGetProperty("conflicts", out _) =>
            "it does not say who is in the way",
        Operation.AcquireAll when answer.Json.TryGetProperty("status", out _) => "it takes one lease at a time",
        Operation.ListLeases when answer.Outcome.IsSuccess
            && answer.Data.EnumerateArray().Any(lease => !lease.TryGetProperty(Token, out _)) =>
            "it lists leases without fencing tokens",
        _ => null,
    };

    /// <summary>The failure that ends the command.</summary>
    public static CliFailure Failure(string server, string problem) =>
        CliFailure.Unavailable($"The server {server} is not of this Klock: {problem}. Start the klock serve of this one there.");

    private static bool HasToken(JsonElement answer) =>
        answer.TryGetProperty("data", out JsonElement lease) && lease.TryGetProperty(Token, out _);
}
