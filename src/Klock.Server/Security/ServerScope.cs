using Klock.Coordinator.Namespaces;
using Klock.Server.Options;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Security;

/// <summary>The namespaces that a request may use: by its key, and by how the server was started.</summary>
internal sealed class ServerScope(ServeOptions options)
{
    private readonly NamespaceScope _all = options.DemandsNamespace ? NamespaceScope.All.Demanded() : NamespaceScope.All;

    /// <summary>That of a request.</summary>
    public NamespaceScope Of(HttpContext context) =>
        AccessGuard.RightsOf(context)?.Scope is not { } limited ? _all
        : options.DemandsNamespace ? limited.Demanded()
        : limited;
}
