namespace Klock.Agents.Install.Text;

/// <summary>What a value is, as far as an editor must know.</summary>
internal enum JsonSpanKind
{
    /// <summary>A string, a number, true, false or null.</summary>
    Scalar,

    /// <summary>In brackets.</summary>
    Array,

    /// <summary>In braces.</summary>
    Object,
}

/// <summary>Where a value stands in a file, in bytes.</summary>
/// <param name="kind">What it is.</param>
/// <param name="start">Its first byte.</param>
internal sealed class JsonSpan(JsonSpanKind kind, int start)
{
    /// <summary>What it is.</summary>
    public JsonSpanKind Kind { get; } = kind;

    /// <summary>Its first byte.</summary>
    public int Start { get; } = start;

    /// <summary>The byte after its last one.</summary>
    public int End { get; set; }

    /// <summary>What is in it, in order; of a scalar nothing.</summary>
    public List<JsonMember> Members { get; } = [];
}

/// <summary>A member of an object, or an element of an array.</summary>
/// <param name="Name">Its key; of an element null.</param>
/// <param name="Start">Where it begins: at its key, or at its value.</param>
/// <param name="Value">Its value, with which it ends.</param>
internal sealed record JsonMember(string? Name, int Start, JsonSpan Value);
