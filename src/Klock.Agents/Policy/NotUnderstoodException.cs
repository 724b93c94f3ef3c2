namespace Klock.Agents.Policy;

/// <summary>A tool that writes, and nobody can tell what.</summary>
internal sealed class NotUnderstoodException(string trouble) : Exception(trouble);
