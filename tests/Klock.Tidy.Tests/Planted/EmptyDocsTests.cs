using Klock.Tidy.Tests.Checks;
using Xunit;
using static Klock.Tidy.Tests.Planted.Plant;

namespace Klock.Tidy.Tests.Planted;

/// <summary>Doc comments that only repeat a verb are found.</summary>
public sealed class EmptyDocsTests
{
    [Fact]
    public void A_verb_alone_is_found_and_a_sentence_is_not()
    {
        var files = Tree(
            ("src/P/A.cs", "/// <summary>Reads it.</summary>\n/// <summary>Rings.</summary>\n/// <summary>Reads a file.</summary>\n"),
            ("tests/A.cs", "/// <summary>Reads it.</summary>\n"));
        Assert.Equal(["src/P/A.cs:1", "src/P/A.cs:2"], EmptyDocs.Find(files).Places());
    }
}
