using Klock.Coordinator;
using Klock.Server.Dashboard;
using Klock.Server.Documents;
using Klock.Server.Events;
using Klock.Server.Http;
using Klock.Server.Mcp;
using Klock.Server.Options;
using Klock.Server.Routes;
using Klock.Server.Security;
using Klock.Server.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;

namespace Klock.Server.Hosting;

/// <summary>The middleware of a request: checks come in the order of their cost.</summary>
internal sealed class Pipeline(ServeOptions options, LeaseCoordinator coordinator, ILogger log, TimeProvider time)
{
    private readonly ServerScope _scopes = new(options);
    private readonly ServerMetrics _metrics = new(coordinator);
    private HttpEndpoint? _mcp;

    /// <summary>Raised after every request: there may be new events.</summary>
    public EventSignal Signal { get; } = new();

    /// <summary>MCP.</summary>
    public HttpEndpoint McpOver(IHttpContextAccessor contexts) =>
        _mcp ??= new HttpEndpoint(coordinator, _scopes, contexts, Signal.Raise);

    /// <summary>Ends what was claimed over MCP.</summary>
    public void EndClaims() => _mcp?.EndClaims();

    /// <summary>Adds the middleware and all routes to a web application, in the order in which a request passes them.</summary>
    public void Configure(WebApplication app)
    {
        app.Use(next => context => RawPath.InvokeAsync(context, next));
        app.UseStatusCodePages(Failures.WriteStatusPageAsync);
        var failures = new Failures(log);
        app.Use(next => context => failures.InvokeAsync(context, next));
        if (options.CorsOrigins.Count > 0)
        {
            app.UseCors();
        }

        var keys = new KeyCheck(options.Keys, time);
        var guard = new AccessGuard(options, keys);
        app.Use(next => context => guard.InvokeAsync(context, next));
        app.UseRouting();
        MapOperations(app);
        MapEvents(app);
        HttpEndpoint.Map(app);
        MapPage(app, keys);
        Map(app, "GET", Probes.Live, Probes.WriteLiveAsync);
        Map(app, "GET", "/metrics", WriteMetricsAsync);
        Map(app, "GET", "/openapi/v1.json", WriteDocumentAsync);
    }

    private void MapOperations(WebApplication app)
    {
        ObjectPool<Exchange> exchanges = new DefaultObjectPool<Exchange>(new DefaultPooledObjectPolicy<Exchange>(), 256);
        var recorder = new Recorder(_metrics, Signal, log);
        foreach (Route route in RouteTable.All.Append(Probes.Ready))
        {
            Map(app, route.Method, route.Pattern, new OperationHandler(route, coordinator, _scopes, exchanges, recorder, time).HandleAsync);
        }
    }

    private void MapEvents(WebApplication app)
    {
        var feed = new EventFeed(coordinator, Signal, _metrics, time);
        var events = new EventsHandler(coordinator, _scopes, feed, _metrics, time, app.Lifetime, log);
        app.MapMethods("/events", ["GET"], (RequestDelegate)events.HandleAsync);
    }

    private void MapPage(WebApplication app, KeyCheck keys)
    {
        var page = new PageHandler(new PageFiles(typeof(Pipeline).Assembly));
        var session = new SessionHandler(keys);
        Map(app, "GET", "/", page.WriteIndexAsync);
        Map(app, "GET", "/assets/{name}", page.WriteAssetAsync);
        Map(app, "GET", "/session", session.ShowAsync);
        Map(app, "POST", "/session", session.SignInAsync);
        Map(app, "DELETE", "/session", session.SignOutAsync);
    }

    private void Map(WebApplication app, string method, string pattern, RequestDelegate handle)
    {
        Prometheus.IObserver seconds = _metrics.RequestSeconds($"{method} {pattern}");
        string[] methods = method == "GET" ? ["GET", "HEAD"] : [method];
        app.MapMethods(pattern, methods, async (HttpContext context) =>
        {
            long start = time.GetTimestamp();
            await handle(context);
            seconds.Observe(time.GetElapsedTime(start).TotalSeconds);
        });
    }

    private static async Task WriteDocumentAsync(HttpContext context) =>
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, await ApiDocument.WriteAsync(context.RequestAborted));

    private Task WriteMetricsAsync(HttpContext context)
    {
        if (AccessGuard.ConfinedTo(context) is not null)
        {
            return AccessGuard.RefuseConfinedAsync(context);
        }

        context.Response.ContentType = Prometheus.PrometheusConstants.TextContentType;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : _metrics.WriteAsync(context.Response.Body, context.RequestAborted);
    }
}
