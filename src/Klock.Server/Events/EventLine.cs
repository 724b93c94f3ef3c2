using System.Text.Json;

namespace Klock.Server.Events;

/// <summary>One event of a coordinator's answer.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Kind">What happened.</param>
/// <param name="AgentId">Its agent, if any.</param>
/// <param name="SessionId">Its session, if any.</param>
/// <param name="Resource">Its resource, if any.</param>
/// <param name="Namespace">The resource's namespace, if any.</param>
/// <param name="Json">Where its JSON text is in the answer.</param>
internal readonly record struct EventLine(
    long Sequence, string Kind, string? AgentId, string? SessionId, string? Resource, string? Namespace, Range Json)
{
    /// <summary>Splits the answer of <c>events</c>, which is no error, into its events.</summary>
    public static List<EventLine> ReadAll(ReadOnlySpan<byte> answer)
    {
        var json = new Utf8JsonReader(answer);
        while (json.Read() && json.TokenType != JsonTokenType.StartArray)
        {
        }

        List<EventLine> lines = [];
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            lines.Add(Read(ref json));
        }

        return lines;
    }

    private static EventLine Read(ref Utf8JsonReader json)
    {
        int start = (int)json.TokenStartIndex;
        EventLine line = default;
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            line = json.ValueTextEquals("seq"u8) && json.Read() ? line with { Sequence = json.GetInt64() }
                : json.ValueTextEquals("kind"u8) && json.Read() ? line with { Kind = json.GetString()! }
                : json.ValueTextEquals("agent_id"u8) && json.Read() ? line with { AgentId = json.GetString() }
                : json.ValueTextEquals("session_id"u8) && json.Read() ? line with { SessionId = json.GetString() }
                : json.ValueTextEquals("resource"u8) && json.Read() ? line with { Resource = json.GetString() }
                : json.ValueTextEquals("namespace"u8) && json.Read() ? line with { Namespace = json.GetString() }
                : line;
            if (json.TokenType == JsonTokenType.PropertyName)
            {
                json.Skip();
            }
        }

        return line with { Json = start..(int)json.BytesConsumed };
    }
}
