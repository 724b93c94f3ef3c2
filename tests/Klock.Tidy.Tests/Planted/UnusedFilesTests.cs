using Klock.Tidy.Tests.Checks;
using Xunit;
using static Klock.Tidy.Tests.Planted.Plant;

namespace Klock.Tidy.Tests.Planted;

/// <summary>Files that nobody uses are found, each kind by its own rule.</summary>
public sealed class UnusedFilesTests
{
    [Fact]
    public void CSharp_without_a_project_is_found()
    {
        var files = Tree(("Klock.sln", "src/A/A.csproj"), ("src/A/A.csproj", "<Compile Include=\"../C/Linked.cs\" />"),
            ("src/A/X/Used.cs", ""), ("src/C/Linked.cs", ""), ("src/B/Lost.cs", ""));
        Assert.Equal(["src/B/Lost.cs"], UnusedFiles.Find(files).Places());
    }

    [Fact]
    public void A_project_that_no_solution_names_is_found()
    {
        var files = Tree(("Klock.sln", "src\\A\\A.csproj"), ("src/A/A.csproj", ""), ("src/B/B.csproj", ""));
        Assert.Equal(["src/B/B.csproj"], UnusedFiles.Find(files).Places());
    }

    [Fact]
    public void A_page_that_no_link_leads_to_is_found()
    {
        var files = Tree(("README.md", "[a](docs/a.md) and [site](https://example.com/docs/lost.md)"),
            ("docs/a.md", "[b](./sub/b.md#part)"), ("docs/sub/b.md", "[up](../../README.md)"), ("docs/lost.md", "[a](a.md)"));
        Assert.Equal(["docs/lost.md"], UnusedFiles.Find(files).Places());
    }

    [Fact]
    public void A_script_or_data_file_that_nobody_names_is_found()
    {
        var files = Tree(("tests/c/run.py", "compile('used.c')"), ("tests/c/used.c", ""), ("tests/c/unused.c", ""),
            ("build.sh", "tests/c/run.py"), ("docs/data.json", ""));
        Assert.Equal(["tests/c/unused.c", "docs/data.json"], UnusedFiles.Find(files).Places());
    }

    [Fact]
    public void A_Python_module_is_used_when_it_is_imported_or_run_by_pytest()
    {
        var files = Tree(("p/__init__.py", "from . import used"), ("p/used.py", ""), ("p/lost.py", "lost = 1"),
            ("tests/test_p.py", "import p"));
        Assert.Equal(["p/lost.py"], UnusedFiles.Find(files).Places());
    }

    [Fact]
    public void A_pattern_uses_what_lies_beneath_its_own_folder()
    {
        var files = Tree(("tests/c/run.py", "glob('*.c') # run"), ("tests/c/abuse/a.c", ""), ("examples/b.c", ""), ("build.sh", "run.py"));
        Assert.Equal(["examples/b.c"], UnusedFiles.Find(files).Places());
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_found()
    {
        var files = Tree(("README.md", "[folder](docs/)\n[a](docs/a.md#x) [gone](docs/gone.md)\n[here](#here)"), ("docs/a.md", ""));
        Assert.Equal(["README.md:2"], MarkdownLinks.FindBroken(files).Places());
    }
}
