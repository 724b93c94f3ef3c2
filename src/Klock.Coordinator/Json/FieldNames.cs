using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>Finds a field by its name: a hash table that is filled once, so that a look-up is one comparison.</summary>
internal static class FieldNames
{
    // A power of two, with which no two fields of today collide; a new field may.
    private const int Places = 64;

    private const int LongestName = 16;
    private const int BytesOfAnEscape = 6;

    private static readonly Field?[] s_table = Fill();

    /// <summary>The field of this name; null when there is none.</summary>
    public static Field? Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return null;
        }

        Field?[] table = s_table;
        for (int place = FirstPlace(name); ; place = (place + 1) % Places)
        {
            Field? field = table[place];
            if (field is null || field.IsNamed(name))
            {
                return field;
            }
        }
    }

    /// <summary>The field whose name is a reader's current token.</summary>
    public static Field? Find(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            return Find(json.ValueSpan);
        }

        if (json.ValueSpan.Length > LongestName * BytesOfAnEscape)
        {
            return null;
        }

        Span<byte> name = stackalloc byte[LongestName * BytesOfAnEscape];
        try
        {
            return Find(name[..json.CopyString(name)]);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no field has such a name.
            return null;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FirstPlace(ReadOnlySpan<byte> name) => (name[0] + name[^1] + (name.Length * 30)) % Places;

    private static Field?[] Fill()
    {
        var table = new Field?[Places];
        foreach (Field field in Fields.All)
        {
            if (field.Utf8Name.Length > LongestName)
            {
                throw new InvalidOperationException($"The name of field {field.Name} is longer than {LongestName} bytes.");
            }

            int place = FirstPlace(field.Utf8Name);
            while (table[place] is not null)
            {
                place = (place + 1) % Places;
            }

            table[place] = field;
        }

        return table;
    }
}
