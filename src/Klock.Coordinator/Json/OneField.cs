using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>Reads a request of which one field counts.</summary>
internal static class OneField
{
    /// <summary>Reads the value a reader stands on.</summary>
    public delegate T Reader<T>(ref Utf8JsonReader json);

    /// <summary>The value of the field, the last one if it is there twice; null if it is not there.</summary>
    /// <exception cref="KlockException">The request, or the value, is not right.</exception>
    /// <exception cref="JsonException">The request is not JSON.</exception>
    public static T? Find<T>(ReadOnlySpan<byte> request, Field field, Reader<T> read)
        where T : struct
    {
        T? found = null;
        Utf8JsonReader json = RequestReader.Open(request);
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(field, ref json))
            {
                found = read(ref json);
            }
            else
            {
                RequestReader.SkipValue(ref json);
            }
        }

        return found;
    }
}
