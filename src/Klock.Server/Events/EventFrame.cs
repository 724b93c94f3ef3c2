using System.Text;

namespace Klock.Server.Events;

/// <summary>One event as it is sent to whoever wants it.</summary>
/// <param name="Line">What filters go by; its range of the answer's JSON is not valid any more.</param>
/// <param name="Bytes">All of it in the form of a stream.</param>
internal sealed record EventFrame(EventLine Line, byte[] Bytes)
{
    /// <summary>The event's number.</summary>
    public long Sequence => Line.Sequence;

    /// <summary>Out of an answer.</summary>
    public static EventFrame Of(in EventLine line, ReadOnlySpan<byte> answer) =>
        new(line, [.. Encoding.UTF8.GetBytes($"id: {line.Sequence}\ndata: "), .. answer[line.Json], .. "\n\n"u8]);
}
