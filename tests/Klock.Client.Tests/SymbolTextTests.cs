using Klock.Client.Files;
using Klock.Client.Places;
using Klock.Client.Tests.Support;
using Klock.Kernel.Resources;

namespace Klock.Client.Tests;

/// <summary>A symbol as people write it, made what a request may have (KLIS-6).</summary>
public sealed class SymbolTextTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("klock").FullName;

    public SymbolTextTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "d"));
        Directory.CreateDirectory(Path.Combine(_folder, "d#1"));
        File.WriteAllText(Path.Combine(_folder, "a.erl"), "");
        File.WriteAllText(Path.Combine(_folder, "d#1", "a.erl"), "");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a.ts#login", "a.ts", "login")]
    [InlineData("d#1/a.ts#f#g", "d#1/a.ts", "f#g")]
    [InlineData("a.ts#", "a.ts", "")]
    [InlineData("C:\\C#\\x.cs#Main", "C:\\C#\\x.cs", "Main")]
    [InlineData(" c:/C#\\x.cs#Main", " c:/C#\\x.cs", "Main")]
    // A '/' in the name: the file on the disk shows where it starts.
    [InlineData("a.erl#f/1", "a.erl", "f%2F1")]
    [InlineData("a.erl#Vec#/", "a.erl", "Vec#%2F")]
    [InlineData("d#1/a.erl#f/1", "d#1/a.erl", "f%2F1")]
    // No file shows it: what the kernel refuses, or a flat name, stays as it is.
    [InlineData("d#1/a.erl", null, null)]
    [InlineData("new.erl#f/1", null, null)]
    [InlineData("#f", null, null)]
    [InlineData("login", null, null)]
    [InlineData("a/b", null, null)]
    public void A_symbol_is_parted_where_its_file_ends(string text, string? file, string? name)
    {
        (string File, string Name)? parted = SymbolText.Split(text, _folder);
        Assert.Equal(file, parted?.File);
        Assert.Equal(name, parted?.Name);
    }

    [Fact]
    public void What_was_parted_is_accepted_and_lies_in_its_file()
    {
        (string path, _) = Locator.LocateResource(ResourceType.Symbol, "d/../a.erl#f/1", _folder, Asked.Environment());
        Assert.True(Resource.TryCreate(ResourceType.Symbol, path, out Resource? symbol, out string? problem), problem);
        Assert.True(Resource.TryCreate(ResourceType.File, Asked.Of("a.erl", _folder).Name, out Resource? file, out _));
        Assert.True(file!.Meets(symbol!));
    }
}
