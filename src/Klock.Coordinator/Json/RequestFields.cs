using System.Runtime.CompilerServices;
using System.Text.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Paths;
using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Json;

/// <summary>A request, parsed once: the position of each known field's value. Of a field given twice the last counts.</summary>
internal ref struct RequestFields
{
    private readonly ReadOnlySpan<byte> _utf8;
    private FieldPlaces _places;

    /// <summary>Parses a request. Whatever is not JSON is refused before any field is read.</summary>
    /// <param name="utf8">The request; must outlive this.</param>
    /// <exception cref="KlockException">It is too large, not JSON, not a JSON object, or not UTF-8.</exception>
    [SkipLocalsInit]
    public RequestFields(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > Limits.RequestBytes)
        {
            throw new KlockException(
                ErrorCode.PayloadTooLarge, $"The request is larger than {Limits.RequestBytes} bytes, which is the most allowed.");
        }

        _utf8 = utf8;
        Interning = Interning.Own;
        _places = new FieldPlaces();
        if (!PlainReader.TryRead(utf8, ref _places))
        {
            _places = new FieldPlaces();
            RequestReader.Read(utf8, ref _places);
        }
    }

    /// <summary>Parses an object inside a request.</summary>
    /// <param name="utf8">What the reader reads; known to be JSON.</param>
    /// <param name="json">Its current token is the object's start, and afterwards its end.</param>
    public RequestFields(ReadOnlySpan<byte> utf8, scoped ref Utf8JsonReader json)
    {
        _utf8 = utf8;
        Interning = Interning.Own;
        _places = new FieldPlaces();
        RequestReader.ReadObject(ref json, ref _places);
    }

    /// <summary>The root that relative names count from; null for none.</summary>
    public StoreRoot? Root { readonly get; set; }

    /// <summary>The namespaces that its caller may use.</summary>
    public NamespaceScope Scope { readonly get => field ?? NamespaceScope.All; set; }

    /// <summary>The interned names and resources of earlier requests.</summary>
    public readonly Interning Interning { get; }

    /// <summary>Whether a field is there, and not null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Has(Field field) => _places[field.Index].Kind is not (JsonTokenType.None or JsonTokenType.Null);

    /// <summary>The bytes between the quotes of a string without a backslash, as nearly all strings are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetPlain(Field field, out ReadOnlySpan<byte> utf8)
    {
        FieldPlace place = _places[field.Index];
        bool isPlain = place.IsPlainString;
        utf8 = isPlain ? _utf8.Slice(place.Start + 1, place.Length - 2) : default;
        return isPlain;
    }

    /// <summary>The value of a field.</summary>
    public readonly FieldValue this[Field field]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            FieldPlace place = _places[field.Index];
            return new FieldValue(_utf8.Slice(place.Start, place.Length), place.Kind, place.IsEscaped);
        }
    }
}
