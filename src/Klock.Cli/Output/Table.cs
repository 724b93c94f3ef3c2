namespace Klock.Cli.Output;

/// <summary>Rows of text under titles.</summary>
internal sealed record Table(string Title, string[] Columns, IReadOnlyList<string[]> Rows);
