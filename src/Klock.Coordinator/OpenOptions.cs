using System.Text.Json;
using Klock.Coordinator.Json;

namespace Klock.Coordinator;

/// <summary>How a coordinator is opened: <c>{"storage":"memory"|"sqlite:&lt;path&gt;[?synchronous=normal]"}</c>.</summary>
/// <param name="Storage">Where the state lives.</param>
public sealed record OpenOptions(string Storage)
{
    /// <summary>State that lives and dies with the handle: the default.</summary>
    public const string Memory = "memory";

    /// <summary>Reads the options: a JSON object, empty for the defaults.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: not JSON, or a field of the wrong type.</exception>
    public static OpenOptions Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return new OpenOptions(ReadStorage(utf8) ?? Memory);
        }
        catch (JsonException notJson)
        {
            throw RequestReader.NotJson(notJson);
        }
    }

    private static string? ReadStorage(ReadOnlySpan<byte> utf8)
    {
        Utf8JsonReader json = RequestReader.Open(utf8);
        string? storage = null;
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.Storage, ref json))
            {
                storage = Fields.Storage.ReadOptional(ref json);
            }
            else
            {
                RequestReader.SkipValue(ref json);
            }
        }

        return storage;
    }
}
