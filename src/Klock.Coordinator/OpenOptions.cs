using System.Text.Json;
using Klock.Coordinator.Json;

namespace Klock.Coordinator;

/// <summary>
/// How a coordinator is opened: <c>{"storage":"memory"|"sqlite:&lt;path&gt;[?options]","bind_to_process"?:true|false}</c>.
/// </summary>
/// <param name="Storage">Where the state lives.</param>
/// <param name="BindToProcess">Whether leases end at once when the process that took them does.</param>
public sealed record OpenOptions(string Storage, bool BindToProcess)
{
    /// <summary>State that lives and dies with the handle: the default.</summary>
    public const string Memory = "memory";

    /// <summary>Reads the options: a JSON object, empty for the defaults.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: not JSON, or a field of the wrong type.</exception>
    public static OpenOptions Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Read(utf8);
        }
        catch (JsonException notJson)
        {
            throw RequestReader.NotJson(notJson);
        }
    }

    private static OpenOptions Read(ReadOnlySpan<byte> utf8)
    {
        Utf8JsonReader json = RequestReader.Open(utf8);
        var options = new OpenOptions(Memory, BindToProcess: true);
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.Storage, ref json))
            {
                options = options with { Storage = Fields.Storage.ReadOptional(ref json) ?? Memory };
            }
            else if (RequestReader.IsValueOf(Fields.BindToProcess, ref json))
            {
                options = options with { BindToProcess = Fields.BindToProcess.ReadOptional(ref json) ?? true };
            }
            else
            {
                RequestReader.SkipValue(ref json);
            }
        }

        return options;
    }
}
