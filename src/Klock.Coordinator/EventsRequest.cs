using System.Text.Json;
using Klock.Coordinator.Json;

namespace Klock.Coordinator;

/// <summary>Which events are asked for: <c>{"after"?,"limit"?}</c>.</summary>
/// <param name="After">Those with higher numbers.</param>
/// <param name="Limit">At most so many.</param>
internal readonly record struct EventsRequest(long After, int Limit)
{
    private const int UsualLimit = 100;

    public static EventsRequest Parse(ReadOnlySpan<byte> request)
    {
        ulong after = 0;
        ulong limit = UsualLimit;
        Utf8JsonReader json = RequestReader.Open(request);
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.After, ref json))
            {
                after = Fields.After.ReadOptional(ref json) ?? after;
            }
            else if (RequestReader.IsValueOf(Fields.Limit, ref json))
            {
                limit = Fields.Limit.ReadOptional(ref json) ?? limit;
            }
            else
            {
                RequestReader.SkipValue(ref json);
            }
        }

        return new EventsRequest((long)after, (int)limit);
    }
}
