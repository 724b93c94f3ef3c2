using Klock.Coordinator.Protocol;
using Klock.Server.Routes;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace Klock.Server.Documents;

/// <summary>Which errors a route can answer with, besides those of HTTP itself.</summary>
internal static class Statuses
{
    /// <summary>What a 429 means.</summary>
    public const string TooManyKeys =
        "UNAUTHORIZED: too many different wrong keys came from this address. Retry-After says how long to wait.";

    /// <summary>The statuses and what they mean.</summary>
    public static IEnumerable<(int Status, string Meaning)> ErrorsOf(Route route)
    {
        if (route.Input != Input.Nothing)
        {
            yield return Of(ErrorCode.InvalidRequest);
        }

        if (route.Operation != Operation.Health)
        {
            yield return Of(ErrorCode.Unauthorized);
            yield return (Status429TooManyRequests, TooManyKeys);
        }

        yield return Of(ErrorCode.Forbidden);
        if (NamesLease(route))
        {
            yield return Of(ErrorCode.UnknownLease);
            yield return Of(ErrorCode.Expired);
        }

        if (route.Operation == Operation.RegisterAgent)
        {
            yield return Of(ErrorCode.AgentBusy);
        }

        if (TakesBody(route))
        {
            yield return Of(ErrorCode.PayloadTooLarge);
            yield return (Status415UnsupportedMediaType, "INVALID_REQUEST: the body is not application/json.");
        }

        yield return Of(ErrorCode.Internal);
        (int status, string fails) = Of(ErrorCode.StorageUnavailable);
        yield return (status, $"{fails} {Of(ErrorCode.Closed).Meaning}");
    }

    /// <summary>Whether the route reads a body.</summary>
    public static bool TakesBody(Route route) => route.Input is Input.Body or Input.BodyOnLease or Input.LeaseAndBody;

    /// <summary>Whether the answer can be a refusal.</summary>
    public static bool CanRefuse(Route route) =>
        route.Operation is Operation.Acquire or Operation.ChangeLease or Operation.DeclareIntents;

    private static (int Status, string Meaning) Of(ErrorCode code) =>
        (code.Info().HttpStatus, $"{code.ToName()}: {code.Info().Meaning}");

    private static bool NamesLease(Route route) => route.Input is Input.Lease or Input.LeaseAndBody or Input.BodyOnLease;
}
