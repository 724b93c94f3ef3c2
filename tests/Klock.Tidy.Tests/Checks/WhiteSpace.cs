using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>Text files end in a line feed, and no line in blanks or a carriage return.</summary>
internal static class WhiteSpace
{
    public static IEnumerable<Offence> Find(IEnumerable<TextFile> files) =>
        files.Where(file => !IsGenerated(file) && !IsPicture(file)).SelectMany(Find);

    private static IEnumerable<Offence> Find(TextFile file)
    {
        if (file.Text.Length > 0 && !file.Text.EndsWith('\n'))
        {
            yield return new Offence(file.Path, file.Lines.Length, "no line feed at the end of the file");
        }

        // PowerShell on Windows reads scripts best with its own line ends.
        bool mayHaveCarriageReturns = file.Path.EndsWith(".ps1", StringComparison.Ordinal);
        foreach ((int index, string line) in file.Lines.Index())
        {
            string rest = mayHaveCarriageReturns && line.EndsWith('\r') ? line[..^1] : line;
            if (rest.EndsWith('\r'))
            {
                yield return new Offence(file.Path, index + 1, "a carriage return");
            }
            else if (rest.Length > 0 && char.IsWhiteSpace(rest[^1]))
            {
                yield return new Offence(file.Path, index + 1, "white space at the end of the line");
            }
        }
    }

    private static bool IsPicture(TextFile file) => file.Name.EndsWith(".png", StringComparison.Ordinal);

    // NuGet writes lock files without a last line feed, at every restore.
    private static bool IsGenerated(TextFile file) => file.Name == "packages.lock.json";
}
