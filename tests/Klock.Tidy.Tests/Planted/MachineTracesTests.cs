using Klock.Tidy.Tests.Checks;
using Xunit;

namespace Klock.Tidy.Tests.Planted;

/// <summary>Paths and mirrors of one machine are found. They are put together here, else this file would be an offence itself.</summary>
public sealed class MachineTracesTests
{
    [Theory]
    [InlineData("path = \"{0}klock\"", "root")]
    [InlineData("{0}me/x", "home")]
    [InlineData("FILE:{0}main/a.ts", "work")]
    public void A_path_of_some_machine_is_found(string line, string folder) =>
        Assert.Equal(["a.py:2"], MachineTraces.Find(Plant.Tree(("a.py", "x\n" + line.Replace("{0}", $"/{folder}/") + "\n"))).Places());

    [Theory]
    [InlineData("{0}registry.npmjs.org/koffi")]
    [InlineData("{0}packages-mirror.corp/simple")]
    [InlineData("{0}api.nuget.org/v3/index.json")]
    public void A_package_registry_is_found(string line) =>
        Assert.Equal(["a.json:1"], MachineTraces.Find(Plant.Tree(("a.json", line.Replace("{0}", "https" + "://") + "\n"))).Places());

    [Theory]
    [InlineData("src/home/x.cs")]
    [InlineData("https://dotnet.microsoft.com/download")]
    [InlineData("$HOME/work/x")]
    [InlineData("/usr/bin/python3")]
    public void Anything_else_is_not(string line) => Assert.Empty(MachineTraces.Find(Plant.Tree(("a.md", line + "\n"))));
}
