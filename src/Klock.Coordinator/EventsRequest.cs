using Klock.Coordinator.Json;

namespace Klock.Coordinator;

/// <summary>Which events are asked for: <c>{"after"?,"limit"?}</c>.</summary>
/// <param name="After">Those with higher numbers.</param>
/// <param name="Limit">At most so many.</param>
internal readonly record struct EventsRequest(long After, int Limit)
{
    private const int UsualLimit = 100;

    public static EventsRequest Parse(in RequestFields request) => new(
        (long)(Fields.After.ReadOptional(request) ?? 0), (int)(Fields.Limit.ReadOptional(request) ?? UsualLimit));
}
