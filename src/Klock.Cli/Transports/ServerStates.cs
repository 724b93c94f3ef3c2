using System.Text.Json;
using Klock.Agents.Leases;
using Klock.Cli.Failures;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Transports;

/// <summary>Asks each server of a list whether it answers, for a person who wonders which one does.</summary>
internal static class ServerStates
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);

    /// <summary>Whether there are several servers.</summary>
    public static bool IsList(Address address) => address.Kind == AddressKind.Server && ServerList.Split(address.Text).Length > 1;

    /// <summary>Each server, whether it answers, and if not why: <c>address</c>, <c>answers</c>, <c>problem</c>.</summary>
    /// <exception cref="CliFailure">One of them is no URL.</exception>
    public static IReadOnlyList<JsonElement> Of(Address address)
    {
        if (address.Kind != AddressKind.Server)
        {
            return [];
        }

        string[] urls = ServerList.Split(address.Text);
        return [.. urls.Select((url, index) => ToJson(url, Problem(urls, index)))];
    }

    /// <summary>The list as JSON.</summary>
    public static string ToJson(IEnumerable<JsonElement> servers) => $"[{string.Join(',', servers.Select(one => one.GetRawText()))}]";

    private static string? Problem(string[] urls, int index)
    {
        using HttpTransport server = HttpTransport.ToOneOf(urls, index);
        using var limit = new CancellationTokenSource(_limit);
        try
        {
            Answer answer = server.Ask(Operation.Health, Request.Of(), limit.Token);
            return answer.Outcome.IsSuccess ? null : answer.Sentence;
        }
        catch (CliFailure gone)
        {
            return gone.Message;
        }
        catch (OperationCanceledException)
        {
            return $"The server {urls[index]} did not answer within {_limit.TotalSeconds} s.";
        }
    }

    private static JsonElement ToJson(string url, string? problem) => JsonDocument.Parse(
        Request.Of(("address", url), ("answers", problem is null ? "yes" : "no"), ("problem", problem))).RootElement;
}
