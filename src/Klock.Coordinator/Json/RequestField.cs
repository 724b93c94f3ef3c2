namespace Klock.Coordinator.Json;

/// <summary>A field as one request has it.</summary>
/// <param name="Shape">What it may hold.</param>
/// <param name="IsRequired">Whether it must be there; an optional one may also be null.</param>
/// <param name="Meaning">What it is for, a sentence without its full stop.</param>
public sealed record RequestField(FieldShape Shape, bool IsRequired, string Meaning);
