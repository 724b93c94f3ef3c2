using Klock.Client.Files;

namespace Klock.Client.Tests;

/// <summary>One file has one name, also where the file system takes any case.</summary>
public sealed class SpellingOnDiskTests
{
    [Theory]
    [InlineData("README.md", "README.md", "src", "README.md")]
    [InlineData("readme.md", "README.md", "src", "README.md")]
    [InlineData("readme.md", "readme.md", "README.md", "readme.md")]
    [InlineData("new.md", "new.md", "README.md")]
    public void The_folders_own_spelling_is_the_name(string asked, string name, params string[] names) =>
        Assert.Equal(name, SpellingOnDisk.Choose(names, asked));

    [Fact]
    public void On_Linux_two_cases_are_two_files()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux is sure to tell them apart");
        string folder = Directory.CreateTempSubdirectory("klock-spelling-").FullName;
        File.WriteAllText(Path.Combine(folder, "A.txt"), "");
        Assert.Equal(Path.Combine(folder, "a.txt"), RealPath.Resolve(Path.Combine(folder, "a.txt")));
        Directory.Delete(folder, recursive: true);
    }
}
