namespace Klock.Kernel.Tests.Sequences;

/// <summary>What an acquire asks for, in the words of the wire.</summary>
internal sealed record Ask(
    string Agent, string Session, string Type, string Path, string Predicate, long TtlMs, string? Note = null, string? RequestId = null);
