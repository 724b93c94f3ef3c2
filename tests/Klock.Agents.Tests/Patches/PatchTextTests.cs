using CsCheck;
using Klock.Agents.Changes;
using Klock.Agents.Patches;

namespace Klock.Agents.Tests.Patches;

/// <summary>Codex' patches, as models write them.</summary>
public sealed class PatchTextTests
{
    private const string Whole = """
        *** Begin Patch
        *** Add File: new.txt
        +hello
        +*** Delete File: only text
        *** Update File: src/a.ts
        @@ class A
        -x
        +y
         *** Delete File: context
        *** End of File
        *** Update File: old name.ts
        *** Move to: new name.ts
        @@
        -1
        +2
        *** Delete File: gone.ts
        *** End Patch
        """;

    private static readonly FileChange[] _changes =
    [
        new("new.txt", ChangeKind.Create), new("src/a.ts", ChangeKind.Edit), new("old name.ts", ChangeKind.Rename, "new name.ts"),
        new("gone.ts", ChangeKind.Delete),
    ];

    [Fact]
    public void Every_file_of_a_patch_is_found() => AssertChanges(Whole);

    [Fact]
    public void Line_ends_of_Windows_are_read() => AssertChanges(Whole.Replace("\n", "\r\n", StringComparison.Ordinal));

    [Fact]
    public void A_byte_order_mark_is_read() => AssertChanges("\uFEFF" + Whole[(Whole.IndexOf('\n', StringComparison.Ordinal) + 1)..]);

    [Fact]
    public void The_begin_and_the_end_may_be_missing() => AssertChanges(
        Whole.Replace("*** Begin Patch\n", "", StringComparison.Ordinal).Replace("*** End Patch", "", StringComparison.Ordinal));

    [Fact]
    public void Text_may_stand_around_it() => AssertChanges($"Here it is:\n\n$ apply_patch <<'EOF'\n{Whole}\nEOF\nDone.\n");

    [Fact]
    public void Blanks_around_a_header_are_passed_over() => AssertChanges(
        Whole.Replace("*** Add File: new.txt", "  *** Add File:new.txt  ", StringComparison.Ordinal));

    [Theory]
    [InlineData("", "no header")]
    [InlineData("*** Begin Patch\n*** End Patch\n", "no header")]
    [InlineData("--- a/x\n+++ b/x\n", "no header")]
    [InlineData("*** Update File:\n", "without a path")]
    [InlineData("*** Add File: a\n*** Move to: b\n", "after no")]
    [InlineData("*** Move to: b\n", "after no")]
    public void What_is_no_patch_is_not_understood(string text, string trouble)
    {
        PatchReading reading = PatchText.Read(text);
        Assert.False(reading.IsUnderstood);
        Assert.Contains(trouble, reading.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_are_held()
    {
        string many = string.Concat(Enumerable.Range(0, PatchText.MaxFiles + 1).Select(i => $"*** Delete File: f{i}\n"));
        Assert.Contains("10000 files", PatchText.Read(many).Trouble, StringComparison.Ordinal);
        Assert.Contains("characters", PatchText.Read("*** Delete File: " + new string('a', PatchText.MaxPath + 1))
            .Trouble, StringComparison.Ordinal);
        Assert.Contains("characters", PatchText.Read(new string('a', PatchText.MaxLength + 1)).Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_has_an_answer() => Gen.OneOf(Gen.String, OneOf.These(
        "*** Add File:", "*** Update File: a", "*** Move to: b", "\n", "\r", " ", "+", "*** End of File", "\uFEFF")
        .Array[0, 20].Select(string.Concat))
        .Sample(text => PatchText.Read(text) is { } reading && (reading.Changes.Count > 0 || !reading.IsUnderstood), iter: 10_000);

    private static void AssertChanges(string text)
    {
        PatchReading reading = PatchText.Read(text);
        Assert.Null(reading.Trouble);
        Assert.Equal(_changes, reading.Changes);
    }
}
