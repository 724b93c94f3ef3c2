using CsCheck;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Tests.Model;
using Xunit;

namespace Klock.Kernel.Tests.Resources;

/// <summary>SPEC KLIS-6 for every path: the kernel, its short cut included, does what the plain rules do.</summary>
public sealed class FilePathProperties
{
    private const string Telling = "a./C:\\* ";

    private static readonly Gen<string> _wild = Gen.OneOf(
            "a", "b", "C", "C:", "C:\\", "/", "/", "\\", ".", "..", "*", "**", "#", ":", " ", "~",
            "é", "\u00A0", "\t", "\u0001", "\u007F", "\u0085", "😀")
        .Array[0, 10]
        .Select(string.Concat);

    [Fact]
    public void Every_short_path_of_telling_characters_is_normalised_by_the_rules()
    {
        foreach (string path in Words(Telling, upTo: 6))
        {
            Check(path);
        }
    }

    [Fact]
    public void Wild_paths_are_normalised_by_the_rules() => _wild.Sample(Check, iter: 30_000);

    [Fact]
    public void Every_short_symbol_of_telling_characters_is_what_the_rules_say()
    {
        foreach (string path in Words("a./C:\\#", upTo: 6))
        {
            CheckSymbol(path);
        }
    }

    [Fact]
    public void Wild_symbols_are_what_the_rules_say() => _wild.Sample(CheckSymbol, iter: 30_000);

    [Fact]
    public void Whatever_was_accepted_can_be_held_and_let_go()
    {
        LeaseTable table = new(0);
        foreach (string path in Words(Telling, upTo: 4))
        {
            foreach (ResourceType type in new[] { ResourceType.File, ResourceType.Symbol })
            {
                string named = type == ResourceType.File ? path : $"{path}#f";
                if (Resource.TryCreate(type, named, out Resource? resource, out _))
                {
                    AcquireAndRelease(table, resource!, named);
                }
            }
        }

        Assert.Equal(0, table.ResourceNodeCount);
    }

    [Fact]
    public void Detours_lead_to_the_same_file() => Gen.Select(
            Gen.OneOf("", "/", "C:/"),
            Gen.OneOf("a", "b", ".c", "d e").Array[1, 4],
            Gen.OneOf("/", "//", "/./", "/x/../", "/x/y/../../").Array[5],
            Gen.OneOf("", "/", "/.", "//", "/x/..", " "))
        .Sample(
            (root, names, separators, end) =>
            {
                Resource plain = Request.File(root + string.Join('/', names));
                string detour = root + string.Concat(names.Select((name, i) => name + (i < names.Length - 1 ? separators[i] : ""))) + end;
                Assert.Equal(plain, Request.File(detour));
                Assert.True(plain.Meets(Request.File(detour)));
                Assert.Equal(plain.GetHashCode(), Request.File(detour).GetHashCode());
            },
            iter: 5_000);

    private static void AcquireAndRelease(LeaseTable table, Resource resource, string named)
    {
        try
        {
            table.Release(table.Hold("a", "s", resource, Predicate.Mutates, 1).Id, 1);
        }
        catch (Exception unforeseen) when (unforeseen is not InvalidOperationException)
        {
            Assert.Fail($"'{named}' was accepted as {resource} and then: {unforeseen}");
        }
    }

    private static void Check(string path)
    {
        string? expected = ModelPath.Normalise(path);
        bool accepted = Resource.TryCreate(ResourceType.File, path, out Resource? resource, out string? problem);
        if (expected != resource?.Path || accepted == (problem is not null))
        {
            Assert.Fail($"'{path}' should be '{expected ?? "refused"}' but is '{resource?.Path ?? problem}'");
        }

        if (accepted && (!Resource.TryCreate(ResourceType.File, resource!.Path, out Resource? again, out _) || !again!.Equals(resource)))
        {
            Assert.Fail($"'{path}' became '{resource.Path}', which is not normal");
        }
    }

    private static void CheckSymbol(string path)
    {
        ModelResource? expected = ModelResource.Parse("SYMBOL", path);
        bool accepted = Resource.TryCreate(ResourceType.Symbol, path, out Resource? resource, out string? problem);
        if (expected?.Text != resource?.ToString() || accepted == (problem is not null))
        {
            Assert.Fail($"'{path}' should be '{expected?.Text ?? "refused"}' but is '{resource?.ToString() ?? problem}'");
        }

        foreach (string file in new[] { "a", "C:/a", "**" })
        {
            Resource around = Request.File(file);
            if (accepted && around.Meets(resource!) != ModelResource.Parse("FILE", file)!.Meets(expected!))
            {
                Assert.Fail($"'{path}' and FILE:{file}: {around.Meets(resource!)}");
            }
        }
    }

    private static IEnumerable<string> Words(string characters, int upTo)
    {
        string[] longest = [""];
        for (int length = 1; length <= upTo; length++)
        {
            longest = [.. longest.SelectMany(word => characters.Select(character => word + character))];
            foreach (string word in longest)
            {
                yield return word;
            }
        }
    }
}
