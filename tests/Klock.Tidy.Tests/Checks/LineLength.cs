using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>Code fits the width of two windows side by side.</summary>
internal static class LineLength
{
    /// <summary>The longest line allowed, in UTF-16 units, the line end not counted.</summary>
    public const int Max = 140;

    public static IEnumerable<Offence> Find(IEnumerable<TextFile> files) =>
        from file in files
        where file.IsCode
        from line in file.Lines.Index()
        let length = line.Item.TrimEnd('\r').Length
        where length > Max
        select new Offence(file.Path, line.Index + 1, $"{length} characters, at most {Max}");
}
