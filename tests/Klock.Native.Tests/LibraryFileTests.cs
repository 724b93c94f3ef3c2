using System.Globalization;
using Klock.Coordinator.Protocol;
using Klock.Native.Tests.Support;

namespace Klock.Native.Tests;

/// <summary>What the file itself promises: one file, from any folder, into any host.</summary>
public sealed class LibraryFileTests
{
    [Fact]
    public void The_shipped_library_exports_the_listed_names_and_nothing_else() =>
        Assert.Equal(Listed("exports.txt"), Exported(Repo.Product));

    [Fact]
    public void The_test_flavour_exports_the_test_names_besides() =>
        Assert.Equal(Listed("exports.txt", "exports-test.txt"), Exported(Repo.TestFlavour));

    [Fact]
    public void The_header_declares_every_name_of_the_list()
    {
        string header = File.ReadAllText(Repo.At("bindings", "c", "include", "klock.h"));
        IEnumerable<string> declared = header.Split('\n')
            .Where(line => line.StartsWith("KLOCK_API ", StringComparison.Ordinal))
            .Select(line => line.Split('(')[0].Split(' ', '*')[^1]);
        Assert.Equal(Listed("exports.txt"), declared.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("KLOCK_REQUESTS", typeof(Operation))]
    [InlineData("KLOCK_TICKETS", typeof(TicketVerb))]
    public void The_shim_calls_each_request_by_its_number(string table, Type enumeration)
    {
        string shim = File.ReadAllText(Repo.At("src", "Klock.Native", "shim", "library.h"));
        var numbered = shim.Split($"#define {table}(X)")[1].Split("#define")[0].Split('\n')
            .Where(line => line.StartsWith("    X(", StringComparison.Ordinal))
            .Select(line => line.Split('(', ')')[1].Split(", "))
            .ToList();
        Assert.NotEmpty(numbered);
        Assert.All(numbered, each =>
        {
            string name = each[0].Replace("_", "", StringComparison.Ordinal);
            Assert.Equal(name, Enum.GetName(enumeration, int.Parse(each[1], CultureInfo.InvariantCulture)), ignoreCase: true);
        });
        Assert.Contains($"#define KLOCK_EVICT_EXPIRED {(int)Operation.EvictExpired}\n", shim, StringComparison.Ordinal);
    }

    [Fact]
    public void It_needs_libc_and_libm_alone()
    {
        IEnumerable<string> needed = Tool.Output("readelf", "-dW", Repo.Product).Split('\n')
            .Where(line => line.Contains("(NEEDED)", StringComparison.Ordinal))
            .Select(line => line.Split('[', ']')[1]);
        Assert.Equal(["ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6"], needed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_is_missing_at_load_time() =>
        Assert.DoesNotContain("not found", Tool.Output("ldd", "-r", Repo.Product), StringComparison.Ordinal);

    [Fact]
    public void It_has_a_name_and_cannot_be_unloaded()
    {
        string dynamic = Tool.Output("readelf", "-dW", Repo.Product);
        const string Define = "#define KLOCK_ABI_VERSION ";
        string abi = File.ReadLines(Repo.At("bindings", "c", "include", "klock.h")).Single(
            line => line.StartsWith(Define, StringComparison.Ordinal))[Define.Length..];
        Assert.Contains($"Library soname: [libklock.so.{abi}]", dynamic, StringComparison.Ordinal);
        Assert.Equal(Path.GetFileName(Repo.Product), new FileInfo($"{Repo.Product}.{abi}").LinkTarget);
        Assert.Matches("FLAGS_1.*NODELETE", dynamic);
    }

    [Fact]
    public void Its_pages_are_shared_between_processes() =>
        Assert.DoesNotContain("TEXTREL", Tool.Output("readelf", "-dW", Repo.Product), StringComparison.Ordinal);

    [Fact]
    public void Version_and_ABI_version_are_those_of_the_header()
    {
        string program = Tool.CompileHost("version");
        Assert.Equal("ok\n", Tool.Output(program, Repo.Product));
    }

    [Fact]
    public void A_host_that_unloads_it_goes_on()
    {
        string program = Tool.CompileHost("unload");
        Assert.Equal("ok\n", Tool.Output(program, Repo.Product));
    }

    private static string[] Listed(params string[] files) =>
        [.. files.SelectMany(file => File.ReadAllLines(Repo.At("src", "Klock.Native", "shim", file))).Order(StringComparer.Ordinal)];

    // V1.0 is not a function but the version that the linker gives to all of them.
    private static string[] Exported(string library) =>
        [.. Tool.Output("nm", "-D", "--defined-only", "--format=posix", library).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')[0].Split('@')[0]).Where(name => name != "V1.0").Order(StringComparer.Ordinal)];
}
