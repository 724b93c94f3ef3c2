namespace Klock.Coordinator.Json;

/// <summary>What a field of a request may hold, for documentation. The readers use the same values.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Type">Of which kind its value is.</param>
/// <param name="Min">The minimum: of an integer its value, of text its bytes of UTF-8, of a list its length.</param>
/// <param name="Max">The maximum, likewise.</param>
/// <param name="Names">The names it may hold, if it holds one of a few; upper and lower case are equal.</param>
/// <param name="Allowed">What is allowed, as error messages say it.</param>
public sealed record FieldShape(string Name, FieldType Type, ulong Min, ulong Max, IReadOnlyList<string> Names, string Allowed);

/// <summary>The kinds of value that fields hold.</summary>
public enum FieldType
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>One of a few names.</summary>
    Name,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>A list of intents, each with the fields of <see cref="RequestShapes.Intent"/>.</summary>
    Intents,
}
