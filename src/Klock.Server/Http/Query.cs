using Klock.Coordinator.Protocol;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Http;

/// <summary>The query of a request: what follows the path's question mark.</summary>
internal static class Query
{
    /// <summary>One field of the query; null when it is not there.</summary>
    /// <exception cref="KlockException">It is there twice.</exception>
    public static string? Field(HttpRequest request, string name) => request.Query[name] switch
    {
        [] => null,
        [var value] => value,
        _ => throw new KlockException(ErrorCode.InvalidRequest, $"{name} is in the query more than once: it may be there once."),
    };
}
