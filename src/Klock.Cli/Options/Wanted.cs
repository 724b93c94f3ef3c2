namespace Klock.Cli.Options;

/// <summary>One lease that is asked for, or one resource that is asked about.</summary>
/// <param name="Type">FILE, SYMBOL and so on.</param>
/// <param name="Path">Its canonical path.</param>
/// <param name="Predicate">MUTATES and so on.</param>
internal readonly record struct Wanted(string Type, string Path, string Predicate);
