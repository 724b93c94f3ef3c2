using System.Text;
using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>The name of a request's field, what it may hold, and what is said when it holds something else.</summary>
internal abstract class Field(string name)
{
    private readonly byte[] _utf8Name = Encoding.UTF8.GetBytes(name);

    public string Name { get; } = name;

    /// <summary>What it may hold.</summary>
    public abstract FieldShape Shape { get; }

    /// <summary>What is allowed, as the end of a sentence.</summary>
    protected abstract string Allowed { get; }

    public static KlockException Invalid(string sentence) => new(ErrorCode.InvalidRequest, sentence);

    /// <summary>Whether the reader stands on this field's name.</summary>
    public bool IsAt(ref Utf8JsonReader json) => json.ValueIsEscaped ? IsUnescaped(ref json) : json.ValueSpan.SequenceEqual(_utf8Name);

    public KlockException Missing() => Invalid($"{Name} is missing: it must be {Allowed}.");

    public KlockException WrongType(JsonTokenType found) => Invalid($"{Name} is {Describe(found)}: it must be {Allowed}.");

    private bool IsUnescaped(ref Utf8JsonReader json)
    {
        try
        {
            return json.ValueTextEquals(_utf8Name);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: a name that nobody here knows.
            return false;
        }
    }

    private static string Describe(JsonTokenType found) => found switch
    {
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        _ => "an object",
    };
}
