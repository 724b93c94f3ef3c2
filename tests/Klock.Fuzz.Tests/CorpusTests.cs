using Xunit;

namespace Klock.Fuzz.Tests;

/// <summary>Every input that is kept: the ones written by hand, and those that the fuzzer found worth keeping.</summary>
public sealed class CorpusTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "corpus");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(s_folder).Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Input_keeps_the_rules(string file) => Script.Run(File.ReadAllBytes(Path.Combine(s_folder, file)));
}
