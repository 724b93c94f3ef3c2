using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>One file, one concept: a long one needs a reason, written here.</summary>
internal static class FileLength
{
    /// <summary>The most lines a file of code may have without a reason.</summary>
    public const int Max = 400;

    /// <summary>Path to reason. An entry that is not needed any more is an offence of its own.</summary>
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["bindings/c/include/klock.h"] = "the reference of the C interface, which is read in one piece",
    };

    public static IEnumerable<Offence> Find(IReadOnlyList<TextFile> files, IReadOnlyDictionary<string, string> reasons)
    {
        ILookup<bool, TextFile> code = files.Where(file => file.IsCode).ToLookup(file => file.Lines.Length > Max);
        IEnumerable<Offence> tooLong = code[true].Where(file => !reasons.ContainsKey(file.Path))
            .Select(file => new Offence(file.Path, 0, $"{file.Lines.Length} lines, at most {Max} without a reason"));
        IEnumerable<Offence> needless = reasons.Keys.Except(code[true].Select(file => file.Path))
            .Select(path => new Offence(path, 0, $"is excused from {Max} lines and does not need to be"));
        return tooLong.Concat(needless);
    }
}
