namespace Klock.Tidy.Tests.Checks;

/// <summary>One place that breaks a rule.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line, from 1; 0 when it is the file as a whole.</param>
/// <param name="What">What is wrong there.</param>
internal sealed record Offence(string Path, int Line, string What)
{
    public override string ToString() => Line == 0 ? $"{Path}: {What}" : $"{Path}:{Line}: {What}";
}
