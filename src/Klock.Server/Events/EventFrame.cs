using System.Text;

namespace Klock.Server.Events;

/// <summary>One event as it is sent to clients.</summary>
/// <param name="Line">The fields for filters; its range of the answer's JSON is not valid any more.</param>
/// <param name="Bytes">The whole event in the format of a stream.</param>
internal sealed record EventFrame(EventLine Line, byte[] Bytes)
{
    /// <summary>The event's number.</summary>
    public long Sequence => Line.Sequence;

    /// <summary>Made of an answer.</summary>
    public static EventFrame Of(in EventLine line, ReadOnlySpan<byte> answer) =>
        new(line, [.. Encoding.UTF8.GetBytes($"id: {line.Sequence}\ndata: "), .. answer[line.Json], .. "\n\n"u8]);
}
