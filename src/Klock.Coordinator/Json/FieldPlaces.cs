using System.Runtime.CompilerServices;

namespace Klock.Coordinator.Json;

/// <summary>The positions of a request's fields; <c>default</c> for a field that it does not have.</summary>
/// <remarks>A bit set says which are there, so that the table need not be cleared for every request.</remarks>
internal struct FieldPlaces
{
    private uint _there;
    private Table _table;

    /// <summary>A request without fields.</summary>
    public FieldPlaces() => Unsafe.SkipInit(out _table);

    /// <summary>The position of the field with this <see cref="Field.Index"/>.</summary>
    public FieldPlace this[int index]
    {
        readonly get => (_there >> index & 1) != 0 ? _table[index] : default;
        set
        {
            _there |= 1u << index;
            _table[index] = value;
        }
    }

    [InlineArray(Fields.Count)]
    private struct Table
    {
        private FieldPlace _first;
    }
}
