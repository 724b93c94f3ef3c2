using System.Text.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Json;

/// <summary>The position of a field's value in a request.</summary>
/// <param name="kind">What it is.</param>
/// <param name="start">Its first byte: of a string the quote, of a list the bracket.</param>
/// <param name="length">How many bytes, up to its end: at most <see cref="Limits.RequestBytes"/>.</param>
/// <param name="isEscaped">Whether it is a string with a backslash in it.</param>
internal readonly struct FieldPlace(JsonTokenType kind, int start, int length, bool isEscaped = false)
{
    private const int KindBits = 4;

    private readonly int _rest = (length << (KindBits + 1)) | ((int)kind << 1) | (isEscaped ? 1 : 0);

    public int Start { get; } = start;

    public int Length => _rest >> (KindBits + 1);

    public JsonTokenType Kind => (JsonTokenType)((_rest >> 1) & ((1 << KindBits) - 1));

    public bool IsEscaped => (_rest & 1) != 0;

    /// <summary>Whether it is a string without a backslash.</summary>
    public bool IsPlainString => (_rest & ((1 << (KindBits + 1)) - 1)) == (int)JsonTokenType.String << 1;
}
