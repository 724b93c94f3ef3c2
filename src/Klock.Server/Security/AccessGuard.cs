using System.Text;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;
using Klock.Server.Http;
using Klock.Server.Keys;
using Klock.Server.Options;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Security;

/// <summary>Admits requests by their key, or, on a server without keys, by their Host and Origin.</summary>
internal sealed class AccessGuard(ServeOptions options)
{
    private const string Scheme = "Bearer ";

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

        return FindRights(context.Request) switch
        {
            { Access: Access.Full, Scope.IsConfined: false } => next(context),
            { } rights => PassLimitedAsync(context, rights, next),
            // A load balancer checks health and has no key.
            _ when context.Request.Path == "/health" => next(context),
            _ => RefuseAsync(context),
        };
    }

    private static KeyRights? RightsOf(HttpContext context) =>
        context.Items.TryGetValue(RightsMark, out object? rights) ? (KeyRights?)rights : null;

    private static Task PassLimitedAsync(HttpContext context, KeyRights rights, RequestDelegate next)
    {
        context.Items.Add(RightsMark, rights);
        return next(context);
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return ErrorAnswer.WriteAsync(
            context, ErrorCode.Unauthorized, "Authorization has no key that is known here: it must be 'Bearer' and a key of this server.");
    }

    private static string Foreign(string header) => header == "Host"
        ? "Host names another server: without a key it must be localhost, an address of this server, or what --host, --allow-host or "
            + "KLOCK_ALLOW_HOSTS name."
        : "Origin is another web page: without a key it must be this server or what --cors-origin names.";

    private KeyRights? FindRights(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return options.Keys.Find(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()));
    }
}
