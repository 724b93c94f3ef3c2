using System.Text;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;
using Klock.Server.Http;
using Klock.Server.Keys;
using Klock.Server.Options;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Security;

/// <summary>Admits requests by their key, or, on a server without keys, by their Host and Origin.</summary>
internal sealed class AccessGuard(ServeOptions options, KeyCheck keys)
{
    private const string Scheme = "Bearer ";
    private const string McpPath = "/mcp";

    private static readonly object RightsMark = new();

    private readonly HostRule _hosts = new(options);

    /// <summary>Whether the request came with a read-only key.</summary>
    public static bool IsReadOnly(HttpContext context) => RightsOf(context)?.Access == Access.ReadOnly;

    /// <summary>The namespaces that the key of a request is confined to; null when it is confined to none.</summary>
    public static NamespaceScope? ConfinedTo(HttpContext context) => RightsOf(context)?.Scope is { IsConfined: true } scope ? scope : null;

    /// <summary>Answers that the key is read-only.</summary>
    public static Task RefuseReadOnlyAsync(HttpContext context) => ErrorAnswer.WriteAsync(
        context, ErrorCode.Forbidden, "The key is read-only: it may GET and declare intents, and a request like this needs a full key.");

    /// <summary>Answers that the key is confined, and the request concerns all namespaces.</summary>
    public static Task RefuseConfinedAsync(HttpContext context) =>
        ErrorAnswer.WriteAsync(context, ErrorCode.Forbidden, NamespaceScope.ConcernsAll);

    /// <summary>Passes a request on, or answers why it is refused.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (options.Keys.IsEmpty)
        {
            return _hosts.FindForeign(context.Request) is { } header
                ? ErrorAnswer.WriteAsync(context, ErrorCode.Forbidden, Foreign(header))
                : next(context);
        }

        byte[]? key = BearerIn(context.Request);
        byte[]? cookie = key is null ? PageCookie.KeyIn(context.Request) : null;
        TimeSpan? wait = null;
        KeyRights? rights = (key ?? cookie) is { } shown ? keys.Find(context, shown, out wait) : null;
        string? foreign = cookie is not null && rights is not null ? PageRule.Problem(context.Request, MayChange(context.Request)) : null;
        if (IsOpen(context.Request.Path))
        {
            return PassAsync(context, foreign is null ? rights : null, next);
        }

        if (foreign is not null)
        {
            return ErrorAnswer.WriteAsync(context, ErrorCode.Forbidden, foreign);
        }

        if (cookie is not null)
        {
            // Of what is shown to who is signed in, the browser keeps nothing.
            context.Response.Headers.CacheControl = "no-store";
        }

        return rights switch
        {
            { Access: Access.Full, Scope.IsConfined: false } => next(context),
            { } limited => PassAsync(context, limited, next),
            _ => KeyCheck.RefuseAsync(context, wait, "Authorization has no key that is known here: it must be 'Bearer' and a key of this "
                + "server."),
        };
    }

    /// <summary>The rights of a request's key; null for a full key that is not confined, and where none is needed.</summary>
    public static KeyRights? RightsOf(HttpContext context) =>
        context.Items.TryGetValue(RightsMark, out object? rights) ? (KeyRights?)rights : null;

    // A load balancer checks health and has no key; the page, in which there is no data, is where a browser signs in.
    private static bool IsOpen(PathString path) =>
        path == "/health" || path == "/readyz" || path == "/livez" || path == "/" || path == "/session"
        || path.StartsWithSegments("/assets", StringComparison.Ordinal);

    // With a GET or a DELETE one takes part in a session of MCP, which can.
    private static bool MayChange(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        || request.Path.StartsWithSegments(McpPath, StringComparison.OrdinalIgnoreCase);

    private static Task PassAsync(HttpContext context, KeyRights? rights, RequestDelegate next)
    {
        if (rights is not null)
        {
            context.Items.Add(RightsMark, rights);
        }

        return next(context);
    }

    private static string Foreign(string header) => header == "Host"
        ? "Host names another server: without a key it must be localhost, an address of this server, or what --host, --allow-host or "
            + "KLOCK_ALLOW_HOSTS name."
        : "Origin is another web page: without a key it must be this server or what --cors-origin names.";

    // A proxy before the server may use another scheme: then the cookie counts. Of two keys none does.
    private static byte[]? BearerIn(HttpRequest request)
    {
        string?[] keys = [.. request.Headers.Authorization.Where(
            header => header?.StartsWith(Scheme.TrimEnd(), StringComparison.OrdinalIgnoreCase) == true)];
        return keys switch
        {
            [] => null,
            [{ } header] when header.Length > Scheme.Length => Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()),
            _ => [],
        };
    }
}
