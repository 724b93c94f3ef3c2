using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.Resources;

/// <summary>SPEC KLIS-6: the normal form of FILE paths, case by case.</summary>
public sealed class FilePathTests
{
    [Theory]
    // As it is.
    [InlineData("a", "a")]
    [InlineData("src/auth.ts", "src/auth.ts")]
    [InlineData("/src/auth.ts", "/src/auth.ts")]
    [InlineData("/", "/")]
    [InlineData(".", ".")]
    [InlineData("Src/AUTH.ts", "Src/AUTH.ts")]
    [InlineData("über/文/😀", "über/文/😀")]
    [InlineData("a b/c d", "a b/c d")]
    [InlineData("a#b:c", "a#b:c")]
    // Runs of slashes, and one at the end.
    [InlineData("a//b", "a/b")]
    [InlineData("//a///b//", "/a/b")]
    [InlineData("///", "/")]
    [InlineData("a/", "a")]
    [InlineData("/a/", "/a")]
    // Dots.
    [InlineData("./a", "a")]
    [InlineData("a/.", "a")]
    [InlineData("a/./b", "a/b")]
    [InlineData("./", ".")]
    [InlineData("/.", "/")]
    [InlineData("a/../b", "b")]
    [InlineData("a/b/..", "a")]
    [InlineData("a/..", ".")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/../b/./../c", "/c")]
    [InlineData("a/b/../../c", "c")]
    [InlineData(".a", ".a")]
    [InlineData("..a/b", "..a/b")]
    [InlineData("a..", "a..")]
    [InlineData("...", "...")]
    [InlineData("a/.git/x", "a/.git/x")]
    // White space around it, not within.
    [InlineData(" a ", "a")]
    [InlineData("\u00A0a\u3000", "a")]
    [InlineData(" /a/ ", "/a")]
    [InlineData("a /b", "a /b")]
    [InlineData("a/ b", "a/ b")]
    [InlineData("a /", "a")]
    [InlineData("./ a", "a")]
    public void A_path_has_one_normal_form(string raw, string normal) => AssertNormalForm(raw, normal, isSubtree: false);

    [Theory]
    [InlineData("a\\b", "a\\b")]
    [InlineData("/a\\..\\b", "/a\\..\\b")]
    [InlineData("C:\\a\\b", "C:/a/b")]
    [InlineData("C:\\a\\..\\b\\", "C:/b")]
    [InlineData("C:/a\\b//c", "C:/a/b/c")]
    [InlineData("c:/a", "C:/a")]
    [InlineData("c:\\A", "C:/A")]
    [InlineData("z:", "Z:/")]
    [InlineData("./c:/a", "C:/a")]
    [InlineData("c:a", "c:a")]
    [InlineData("C:", "C:/")]
    [InlineData("C:\\", "C:/")]
    [InlineData("C:/.", "C:/")]
    [InlineData(" C:\\a ", "C:/a")]
    [InlineData("C:a", "C:a")]
    [InlineData("CC:/a", "CC:/a")]
    [InlineData("1:/a", "1:/a")]
    [InlineData("/C:/a", "/C:/a")]
    public void A_drive_letter_is_a_root_and_makes_backslashes_separators(string raw, string normal) =>
        AssertNormalForm(raw, normal, isSubtree: false);

    [Theory]
    [InlineData("**", "**")]
    [InlineData("./**", "**")]
    [InlineData("/**", "/**")]
    [InlineData("a/**", "a/**")]
    [InlineData("a//b/../**/", "a/**")]
    [InlineData("a/**/.", "a/**")]
    [InlineData("a/../**", "**")]
    [InlineData("C:\\**", "C:/**")]
    [InlineData("C:/a/**", "C:/a/**")]
    public void A_subtree_ends_in_two_stars(string raw, string normal) => AssertNormalForm(raw, normal, isSubtree: true);

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" ", "empty")]
    [InlineData("\u3000", "empty")]
    [InlineData("..", "climbs")]
    [InlineData("../a", "climbs")]
    [InlineData("a/../..", "climbs")]
    [InlineData("a/../../a", "climbs")]
    [InlineData("/..", "climbs")]
    [InlineData("/a/../../b", "climbs")]
    [InlineData("C:/..", "climbs")]
    [InlineData("C:\\a\\..\\..\\b", "climbs")]
    [InlineData("../**", "climbs")]
    [InlineData("*", "'*'")]
    [InlineData("a/*", "'*'")]
    [InlineData("*.ts", "'*'")]
    [InlineData("a/*.ts", "'*'")]
    [InlineData("a**", "'*'")]
    [InlineData("a/b**", "'*'")]
    [InlineData("***", "'*'")]
    [InlineData("**/a", "'*'")]
    [InlineData("a/**/b", "'*'")]
    [InlineData("a/**/**", "'*'")]
    [InlineData("**/..", "'*'")]
    [InlineData("a*/../b", "'*'")]
    [InlineData("C:**", "'*'")]
    [InlineData("C:\\*\\a", "'*'")]
    [InlineData("a\\**", "'*'")]
    [InlineData("a\0b", "control")]
    [InlineData("a\tb", "control")]
    [InlineData("a\nb", "control")]
    [InlineData("a\u007Fb", "control")]
    [InlineData("a\u0085b", "control")]
    [InlineData("\u0001", "control")]
    [InlineData("a/\u001B[31m/..", "control")]
    public void What_is_no_path_is_refused_and_the_reason_is_named(string raw, string reason)
    {
        Assert.False(Resource.TryCreate(ResourceType.File, raw, out Resource? resource, out string? problem));
        Assert.Null(resource);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("/", "")]
    [InlineData("C:\\", "")]
    [InlineData("./", "/x/../y/..")]
    [InlineData("", "/**")]
    [InlineData("", "#f")]
    public void A_path_has_at_most_256_parts(string start, string end)
    {
        ResourceType type = end == "#f" ? ResourceType.Symbol : ResourceType.File;
        string longest = start + string.Join('/', Enumerable.Repeat("d", 256)) + end;
        Assert.True(Resource.TryCreate(type, longest, out _, out string? problem), problem);
        string longer = start + string.Join('/', Enumerable.Repeat("d", 257)) + end;
        Assert.False(Resource.TryCreate(type, longer, out _, out problem));
        Assert.Equal("has 257 parts, the names between its slashes: at most 256 are allowed", problem);
        Assert.True(Resource.TryRestore(type, longer, out _, out problem), problem);
    }

    [Fact]
    public void A_flat_name_has_no_parts()
    {
        string name = string.Join('/', Enumerable.Repeat("d", 1_000));
        Assert.Equal(name, Request.Resource(ResourceType.Custom, name).Path);
        Assert.Equal(name, Request.Resource(ResourceType.Symbol, name).Path);
    }

    [Fact]
    public void A_path_has_an_end()
    {
        Assert.True(Resource.TryCreate(ResourceType.Custom, new string('x', Resource.LongestPath), out _, out _));
        Assert.False(Resource.TryCreate(ResourceType.Custom, new string('x', Resource.LongestPath + 1), out _, out string? problem));
        Assert.Contains("65535", problem, StringComparison.Ordinal);
    }

    private static void AssertNormalForm(string raw, string normal, bool isSubtree)
    {
        Resource resource = Request.File(raw);
        Assert.Equal(normal, resource.Path);
        Assert.Equal($"FILE:{normal}", resource.ToString());
        Assert.Equal(isSubtree, resource.IsSubtree);
    }
}
