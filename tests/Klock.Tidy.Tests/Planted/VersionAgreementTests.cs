using Klock.Tidy.Tests.Checks;
using Klock.Tidy.Tests.Files;
using Xunit;

namespace Klock.Tidy.Tests.Planted;

/// <summary>A copy of the version that was forgotten is found.</summary>
public sealed class VersionAgreementTests
{
    [Fact]
    public void The_same_version_everywhere_is_right() => Assert.Empty(VersionAgreement.Find(Versions("1.2.3")));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Another_version_or_none_is_found(int index)
    {
        TextFile[] files = Versions("1.2.3");
        string path = files[index].Path;
        files[index] = Versions("1.2.4")[index];
        Assert.Equal([path], VersionAgreement.Find(files).Places());
        files[index] = new TextFile(path, "");
        Assert.Equal([path], VersionAgreement.Find(files).Places());
    }

    private static TextFile[] Versions(string version) => Plant.Tree(
        (VersionAgreement.Source, $"<Version>{version}</Version>\n"),
        ("bindings/c/include/klock.h", $"#define KLOCK_VERSION \"{version}\"\n"),
        ("bindings/c/pkg/klock.pc", $"Name: klock\nVersion: {version}\nLibs:\n"),
        ("bindings/c/pkg/klock-config-version.cmake", $"set(PACKAGE_VERSION \"{version}\")\n"),
        ("bindings/python/src/klock/_version.py", $"__version__ = \"{version}\"\n"),
        ("bindings/node/core/package.json", $"{{\n  \"version\": \"{version}\"\n}}\n"),
        ("bindings/node/linux-arm64/package.json", $"{{\n  \"version\": \"{version}\"\n}}\n"),
        ("bindings/node/linux-x64/package.json", $"{{\n  \"version\": \"{version}\"\n}}\n"));
}
