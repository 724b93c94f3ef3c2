using Klock.Tidy.Tests.Checks;
using Xunit;

namespace Klock.Tidy.Tests.Planted;

/// <summary>What a build makes is distinguished from what people write.</summary>
public sealed class BuildOutputTests
{
    [Theory]
    [InlineData("dist/include/klock.h")]
    [InlineData("artifacts/logs/compile.txt")]
    [InlineData("src/Klock.Kernel/obj/project.assets.json")]
    [InlineData("bindings/python/src/klock/__pycache__/x.txt")]
    [InlineData("bindings/python/libklock.so")]
    [InlineData("klock-0.1.0-py3-none-any.whl")]
    public void Output_is_found(string path) => Assert.Equal([path], BuildOutput.Find(Plant.Tree((path, "x\n"))).Places());

    [Fact]
    public void A_binary_file_is_found_whatever_it_is_called() =>
        Assert.Equal(["docs/a"], BuildOutput.Find(Plant.Tree(("docs/a", "x\0y"))).Places());

    [Theory]
    [InlineData("build/Making/Dotnet.cs")]
    [InlineData("examples/c/dist.c")]
    [InlineData("docs/distribution.md")]
    public void Source_is_not(string path) => Assert.Empty(BuildOutput.Find(Plant.Tree((path, "x\n"))));
}
