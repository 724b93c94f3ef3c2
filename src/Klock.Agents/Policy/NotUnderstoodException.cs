namespace Klock.Agents.Policy;

/// <summary>A tool that writes, and it is not known what.</summary>
internal sealed class NotUnderstoodException(string trouble) : Exception(trouble);
