using Klock.Coordinator.Protocol;
using Klock.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Routes;

/// <summary>What an orchestrator asks, as Kubernetes does: whether to start the process anew, and whether to send it requests.</summary>
/// <remarks>They differ: with a store that is away a server can do nothing, and starting it anew helps nobody.</remarks>
internal static class Probes
{
    /// <summary>Whether the process serves. The store is not asked.</summary>
    public const string Live = "/livez";

    /// <summary>Whether it can grant: the same as <c>/health</c>.</summary>
    public static Route Ready { get; } = new(
        "GET", "/readyz", Operation.Health, Input.Nothing, StatusCodes.Status200OK,
        "Whether the store answers, as /health. Never needs a key.");

    /// <summary>Answers <see cref="Live"/>.</summary>
    public static Task WriteLiveAsync(HttpContext context) =>
        JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, """{"success":true,"data":{"status":"ok"}}"""u8.ToArray()).AsTask();
}
