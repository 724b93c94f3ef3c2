using System.Buffers;

namespace Klock.Coordinator.Protocol;

/// <summary>The answer to one request: its text and its kind. Reusable; one caller at a time.</summary>
/// <param name="firstBytes">The initial capacity; at least 1.</param>
public sealed class Reply(int firstBytes = 256)
{
    /// <summary>The text, a JSON object in UTF-8, as far as it is written.</summary>
    public ReadOnlyMemory<byte> Text => Writer.WrittenMemory;

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Utf8 => Writer.WrittenSpan;

    /// <summary>The memory that it takes, in bytes.</summary>
    public int Capacity => Writer.Capacity;

    /// <summary>Its kind; <see cref="ReplyKind.None"/> while nothing is written.</summary>
    public Outcome Outcome { get; internal set; }

    /// <summary>Where the text is written.</summary>
    public ArrayBufferWriter<byte> Writer { get; } = new(firstBytes);

    /// <summary>Makes it empty.</summary>
    public void Clear()
    {
        Writer.ResetWrittenCount();
        Outcome = default;
    }

    /// <summary>Copies another reply's text and kind.</summary>
    internal void CopyFrom(Reply other)
    {
        Clear();
        Writer.Write(other.Utf8);
        Outcome = other.Outcome;
    }
}
