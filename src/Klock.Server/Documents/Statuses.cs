using Klock.Coordinator;
using Klock.Server.Routes;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace Klock.Server.Documents;

/// <summary>Which errors a route can answer with, besides those of HTTP itself.</summary>
internal static class Statuses
{
    /// <summary>The statuses and what they mean.</summary>
    public static IEnumerable<(int Status, string Meaning)> ErrorsOf(Route route)
    {
        if (route.Input != Input.Nothing)
        {
            yield return (Status400BadRequest, "INVALID_REQUEST: a field is missing or wrong, or the body is not a JSON object.");
        }

        if (route.Operation != Operation.Health)
        {
            yield return (Status401Unauthorized, "UNAUTHORIZED: the server has keys, and the request has none of them.");
        }

        yield return (Status403Forbidden, "FORBIDDEN: the key is read-only, or without keys the Host or Origin is foreign.");
        if (NamesLease(route))
        {
            yield return (Status404NotFound, "UNKNOWN_LEASE: released, revoked, ended long ago, or never there.");
            yield return (Status410Gone, "EXPIRED: the lease has run out.");
        }

        if (route.Operation == Operation.RegisterAgent)
        {
            yield return (Status409Conflict, "AGENT_BUSY: its priority cannot change while it holds or waits for anything.");
        }

        if (TakesBody(route))
        {
            yield return (Status413PayloadTooLarge, "PAYLOAD_TOO_LARGE: the body has more than 1 MiB.");
            yield return (Status415UnsupportedMediaType, "INVALID_REQUEST: the body is not application/json.");
        }

        yield return (Status500InternalServerError, "INTERNAL: a defect in Klock.");
        yield return (Status503ServiceUnavailable,
            "STORAGE_UNAVAILABLE: the store fails. CLOSED: the server stops, or the session was ended while the request waited.");
    }

    /// <summary>Whether a body is read.</summary>
    public static bool TakesBody(Route route) => route.Input is Input.Body or Input.BodyOnLease or Input.LeaseAndBody;

    /// <summary>Whether the answer can be a refusal.</summary>
    public static bool CanRefuse(Route route) =>
        route.Operation is Operation.Acquire or Operation.ChangeLease or Operation.DeclareIntents;

    private static bool NamesLease(Route route) => route.Input is Input.Lease or Input.LeaseAndBody or Input.BodyOnLease;
}
