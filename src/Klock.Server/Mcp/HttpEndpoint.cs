using Klock.Agents.Claims;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Server.Http;
using Klock.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace Klock.Server.Mcp;

/// <summary><c>/mcp</c>: MCP over HTTP ("Streamable HTTP"), with sessions for clients that begin one and without for the others.</summary>
internal sealed class HttpEndpoint : IDisposable
{
    /// <summary>The path.</summary>
    public const string Path = "/mcp";

    private const int MostCalls = 256;
    private const int MostIdleSessions = 1_000;
    private static readonly TimeSpan _idleSession = TimeSpan.FromHours(1);

    private readonly ClaimBook _book = new(TimeProvider.System);
    private readonly HttpConnections _connections;
    private readonly McpHandlers _handlers;

    /// <param name="coordinator">The server's store.</param>
    /// <param name="scopes">Which namespaces a request may use.</param>
    /// <param name="contexts">The request of a call.</param>
    /// <param name="answered">Called after each answer: there may be new events.</param>
    public HttpEndpoint(LeaseCoordinator coordinator, ServerScope scopes, IHttpContextAccessor contexts, Action answered)
    {
        _connections = new HttpConnections(_book, TimeProvider.System);
        _handlers = new McpHandlers(
            new Tools(new ClaimDesk(_book, TimeProvider.System)),
            new HttpCallers(coordinator, scopes, _connections, contexts, answered), MostCalls);
    }

    /// <summary>Adds what it needs.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="endpoint">Gives the endpoint, once the server is built.</param>
    public static void AddTo(IServiceCollection services, Func<IServiceProvider, HttpEndpoint> endpoint)
    {
        services.AddHttpContextAccessor();
        services.AddMcpServer().WithHttpTransport();
        services.AddOptions<McpServerOptions>().Configure<IServiceProvider>(
            (options, provider) => endpoint(provider)._handlers.Configure(options));
        services.AddOptions<HttpServerTransportOptions>().Configure<IServiceProvider>((http, provider) =>
        {
            http.SessionMode = HttpServerSessionMode.StatefulForInitializeClients;
#pragma warning disable MCP9006, MCPEXP002 // Of no use to clients of 2026-07-28, which have no sessions; all others need them.
            http.IdleTimeout = _idleSession;
            http.MaxIdleSessionCount = MostIdleSessions;
            http.RunSessionHandler = (_, server, cancel) => endpoint(provider).RunAsync(server, cancel);
#pragma warning restore MCP9006, MCPEXP002
        });
    }

    /// <summary>Maps the path.</summary>
    public static void Map(WebApplication app)
    {
        app.Use(next => context => LimitAsync(context, next));
        app.MapMcp(Path);
    }

    /// <summary>Ends all claims: the server stops.</summary>
    public void EndClaims() => _book.EndAll(_ => true);

    /// <summary>Ends what is left.</summary>
    public void Dispose()
    {
        _connections.Dispose();
        _book.Dispose();
        _handlers.Dispose();
    }

    private async Task RunAsync(McpServer server, CancellationToken cancel)
    {
        try
        {
            await server.RunAsync(cancel);
        }
        finally
        {
            if (server.SessionId is { } session)
            {
                _connections.End(session);
            }
        }
    }

    private static Task LimitAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase))
        {
            return next(context);
        }

        if (context.Request.ContentLength > Limits.RequestBytes)
        {
            return Failures.WriteAsync(context, StatusCodes.Status413PayloadTooLarge);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = Limits.RequestBytes;
        }

        return next(context);
    }
}
