using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>A field that holds one of a few names, in any case. Another name is an error, never a default.</summary>
internal sealed class NameField<T> : Field
    where T : struct
{
    // Sixteen letters, more than any name has, each escaped as \u0041.
    private const int LongestNameBytes = 16 * 6;

    private readonly string _allowed;
    private readonly (byte[] Utf8, T Value)[] _names;

    /// <param name="name">The field's.</param>
    /// <param name="allowed">The names it may hold, as a sentence lists them.</param>
    /// <param name="toValue">What each of them stands for.</param>
    public NameField(string name, string allowed, Func<string, T> toValue)
        : base(name)
    {
        _allowed = allowed;
        _names = [.. Names.Select(known => (Encoding.UTF8.GetBytes(known), toValue(known)))];
    }

    public override FieldShape Shape => new(Name, FieldType.Name, 0, 0, Names, Allowed);

    protected override string Allowed => $"{_allowed} (in any case)";

    private string[] Names => _allowed.Split([", ", " or "], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Reads a request's value.</summary>
    public T Read(in RequestFields request)
    {
        ReadOnlySpan<byte> text = request.TryGetPlain(this, out ReadOnlySpan<byte> plain) ? plain : ReadOther(request);
        foreach ((byte[] utf8, T known) in _names)
        {
            if (utf8.Length == text.Length && Ascii.EqualsIgnoreCase(utf8, text))
            {
                return known;
            }
        }

        throw Invalid($"{Name} is \"{Excerpt.Of(request[this].Raw)}\": it must be {Allowed}.");
    }

    /// <summary>Reads a request's value; null where it has none, or JSON null.</summary>
    public T? ReadOptional(in RequestFields request) => request.Has(this) ? Read(request) : null;

    // For values with escapes, and for what is no string, which is refused.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte[] ReadOther(in RequestFields request)
    {
        FieldValue value = Need(request);
        return value.Kind == JsonTokenType.String ? Unescape(value) : throw WrongType(value.Kind);
    }

    // A text that is too long to be a name, or no text at all, is treated as the empty text: neither is an allowed name.
    private static byte[] Unescape(FieldValue value)
    {
        try
        {
            return value.Raw.Length > LongestNameBytes ? [] : Encoding.UTF8.GetBytes(value.Read().GetString()!);
        }
        catch (InvalidOperationException)
        {
            return [];
        }
    }
}
