using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.Resources;

/// <summary>What is taken off a path can bare more to take off. A few such layers are resolved; a path made of them is refused.</summary>
public sealed class FilePathLayersTests
{
    private const int MostBytes = 4096;

    [Theory]
    [InlineData("./", "./ ", "a")]
    [InlineData("./", " ./", "a")]
    [InlineData("a", "/ ", "")]
    [InlineData("a", "/ /.", "")]
    public void A_path_made_of_layers_is_refused_before_it_costs(string start, string repeated, string end)
    {
        bool accepted = Resource.TryCreate(ResourceType.File, Repeat(start, repeated, end), out _, out string? problem);
        Assert.False(accepted);
        Assert.Equal("hides its form behind layers of white space", problem);
    }

    [Theory]
    [InlineData("./ ./ a", "a")]
    [InlineData("a/ / ", "a")]
    [InlineData("./C:/../a", "a")]
    public void A_few_layers_are_resolved(string path, string normal)
    {
        Assert.True(Resource.TryCreate(ResourceType.File, path, out Resource? resource, out string? problem), problem);
        Assert.Equal(normal, resource!.Path);
    }

    private static string Repeat(string start, string part, string end) =>
        start + string.Concat(Enumerable.Repeat(part, (MostBytes - start.Length - end.Length) / part.Length)) + end;
}
