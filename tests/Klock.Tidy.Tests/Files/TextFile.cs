namespace Klock.Tidy.Tests.Files;

/// <summary>One file as git has it listed.</summary>
/// <param name="Path">From the top of the checkout, with forward slashes.</param>
/// <param name="Text">Its content as UTF-8.</param>
internal sealed record TextFile(string Path, string Text)
{
    /// <summary>The lines without their line feeds; a carriage return stays, so that a check can see it.</summary>
    public string[] Lines { get; } = SplitLines(Text);

    /// <summary>What it is written in.</summary>
    public Language Language { get; } = Languages.Of(Path);

    /// <summary>True for what people write to be executed.</summary>
    public bool IsCode => Language != Language.Other;

    /// <summary>The last part of the path.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The path of its folder, empty for the top.</summary>
    public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')] : "";

    /// <summary>True when the path lies below the folder.</summary>
    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string[] SplitLines(string text)
    {
        string[] lines = text.Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
