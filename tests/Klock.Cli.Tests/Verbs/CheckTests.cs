using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>check: a manifest on stdin, the flat verdict on stdout.</summary>
public sealed class CheckTests : IDisposable
{
    private const string Manifest =
        """{"agent_id":"me","session_id":"s","intents":[{"predicate":"MUTATES","resource_type":"FILE","resource_path":"./src/../a.ts"}]}""";

    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Its_exit_code_is_the_verdict()
    {
        Ran granted = _place.KlockWith(Manifest, "check").Well();
        Assert.Equal(
            """{"success":true,"agent_id":"me","session_id":"s","status":"Granted","reason":null,"held_by":null,"""
            + "\"conflicts\":[],\"retry_after_ms\":null}\n",
            granted.Out);
        _place.Klock("acquire", "--file", "a.ts", "--agent", "holder").Well();
        Ran die = _place.KlockWith(Manifest, "check");
        Assert.Equal(
            (11, "Die", "holder"), (die.Code, die.Json.GetProperty("status").GetString(), die.Json.GetProperty("held_by").GetString()));
        _place.Klock("acquire", "--file", "other", "--agent", "me", "--priority", "1").Well();
        Ran wait = _place.KlockWith(Manifest, "check");
        Assert.Equal((10, "Wait"), (wait.Code, wait.Json.GetProperty("status").GetString()));
    }

    [Fact]
    public void It_leaves_nothing_behind_even_when_the_manifest_has_a_ttl()
    {
        _place.KlockWith(Manifest.Replace("{\"agent_id", "{\"ttl\":60000,\"agent_id", StringComparison.Ordinal), "check").Well();
        Assert.Empty(_place.Klock("leases").Well().Out);
        Assert.Empty(_place.Klock("agents").Well().Out);
    }

    [Fact]
    public void Paths_are_made_canonical_unless_they_are_raw()
    {
        Directory.CreateDirectory(_place.At("src"));
        Directory.CreateSymbolicLink(_place.At("link"), "src");
        _place.Klock("acquire", "--file", "src/x").Well();
        string linked = Manifest.Replace("./src/../a.ts", "link/x", StringComparison.Ordinal);
        Assert.Equal(11, _place.KlockWith(linked, "check").Code);
        Assert.Equal(0, _place.KlockWith(linked, "check", "--raw").Code);
    }

    [Fact]
    public void A_raw_absolute_path_in_the_repository_is_the_same_file()
    {
        _place.Klock("acquire", "--file", "src/x").Well();
        string absolute = Manifest.Replace("./src/../a.ts", _place.At("src", "x"), StringComparison.Ordinal);
        Assert.Equal(11, _place.KlockWith(absolute, "check", "--raw").Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"agent_id":"a","session_id":"s","intents":[]}""")]
    [InlineData("""{"agent_id":"a","session_id":"s","intents":[1]}""")]
    [InlineData("""{"agent_id":"a","session_id":"s","intents":[{"predicate":"EATS","resource_type":"FILE","resource_path":"a"}]}""")]
    [InlineData("""{"agent_id":"a","session_id":"s","intents":[{"predicate":"MUTATES","resource_type":"FILE","resource_path":7}]}""")]
    public void What_is_no_manifest_is_refused(string input) => _place.KlockWith(input, "check").Failed(2);

    [Fact]
    public void Too_much_is_refused() => _place.KlockWith(Manifest + new string(' ', 1_100_000), "check").Failed(2);
}
