using System.Text;
using Klock.Agents.Calling;
using Klock.Agents.Claims;
using Klock.Agents.Leases;
using Klock.Coordinator;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;
using Klock.Server.Security;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Mcp;

/// <summary>The agents that call over HTTP.</summary>
internal sealed class HttpCallers(
    LeaseCoordinator coordinator, ServerScope scopes, HttpConnections connections,
    IHttpContextAccessor contexts, Action answered) : ICallers
{
    /// <summary>The header by which a client says which agent it is, as its hooks name it.</summary>
    public const string AgentHeader = "Klock-Agent";

    /// <summary>The header with the namespace of all files that it means.</summary>
    public const string NamespaceHeader = "Klock-Namespace";

    private const string SessionHeader = "Mcp-Session-Id";

    public T Act<T>(McpHints hints, string tool, Func<IClaimant, T> act, CancellationToken cancel)
    {
        HttpContext context = contexts.HttpContext
            ?? throw new KlockException(ErrorCode.Internal, "This is a defect in Klock: a call came without its request.");
        if (AccessGuard.IsReadOnly(context) && !Tools.OnlyReads(tool))
        {
            throw new KlockException(
                ErrorCode.Forbidden, $"The server's key is read-only: it may call {ToolList.Status} and {ToolList.Why} alone.");
        }

        string? space = Header(context, NamespaceHeader);
        NamespaceScope scope = scopes.Of(context);
        if (scope.IsConfined && !scope.Sees(space))
        {
            string asked = space is null ? "names without a namespace" : $"namespace '{space}'";
            throw new KlockException(
                ErrorCode.Forbidden, $"The server's key may not use {asked}: the header {NamespaceHeader} says one that it may.");
        }

        (string agent, string connection) = Who(context, hints, tool, space);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, context.RequestAborted);
        var leases = new CoordinatorLeases(
            new LocalCoordinator(coordinator, scope, answered), space);
        return act(new PlainClaimant(agent, connection, space ?? "", leases, either.Token));
    }

    private (string Agent, string Connection) Who(HttpContext context, McpHints hints, string tool, string? space)
    {
        string? said = Header(context, AgentHeader) ?? McpIdentity.OfCall(hints)?.Agent;
        if (Header(context, SessionHeader) is { } session && !IsWithoutSession(context))
        {
            return (said ?? connections.OfSession(session, hints.ClientName).Agent, session);
        }

        if (said is null)
        {
            return Tools.OnlyReads(tool) ? ("mcp", "") : throw new KlockException(
                ErrorCode.InvalidRequest,
                "It is not known who calls: requests of this protocol version belong to no session. For the user: "
                    + $"let the client send the header {AgentHeader} with a name of its own for each session, as in "
                    + $"\"{AgentHeader}\": \"claude:${{CLAUDE_CODE_SESSION_ID}}\".");
        }

        // No session's id begins so.
        string connection = $"agent {said} in {space}";
        if (AccessGuard.IsReadOnly(context))
        {
            return (said, ""); // whoever may only look keeps nobody's claims alive
        }

        return connections.Hear(connection, isNew: !Tools.OnlyReads(tool)) ? (said, connection) : throw new KlockException(
            ErrorCode.StorageUnavailable, $"Too many agents without a session have claims: {HttpConnections.MostWithoutSession}.");
    }

    // The revisions from 2026-07-28 on have none, whatever header comes.
    private static bool IsWithoutSession(HttpContext context) =>
        Header(context, "MCP-Protocol-Version") is { } version && string.CompareOrdinal(version, "2026-07-28") >= 0;

    private static string? Header(HttpContext context, string name)
    {
        string value = context.Request.Headers[name].ToString();
        return value.Length == 0 ? null
            : Encoding.UTF8.GetByteCount(value) <= Limits.IdBytes ? value
            : throw new KlockException(ErrorCode.InvalidRequest, $"{name} is too long: it may have {Limits.IdBytes} bytes.");
    }
}
