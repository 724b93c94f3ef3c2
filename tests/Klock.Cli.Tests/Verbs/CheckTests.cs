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
    public void It_makes_no_store()
    {
        _place.KlockWith(Manifest, "check").Well();
        _place.KlockWith(Manifest, "check", "--storage", "sqlite:here.db").Well();
        _place.KlockWith(Manifest, "check", "--storage", "sqlite:nowhere/here.db").Failed(4);
        _place.KlockWith(Manifest, "check", "--storage", "sqlite:here.db?no=option").Failed(2);
        Assert.False(Directory.Exists(_place.At(".git", "klock")));
        Assert.Empty(Directory.GetFiles(_place.Folder));
        Assert.Empty(Directory.GetFileSystemEntries(_place.Home));
    }

    [Theory]
    [InlineData("Mutates", "File", "a.ts", 11)]
    [InlineData("Consumes", "File", "./src/../a.ts", 11)]
    [InlineData("DependsOn", "ConfigKey", "limit", 0)]
    [InlineData("MUTATES", "API_ENDPOINT", "GET /a", 11)]
    [InlineData("Provides", "ApiEndpoint", "GET /a", 11)]
    public void The_originals_triples_are_judged_as_the_same_intents(string predicate, string type, string path, int code)
    {
        _place.Klock("acquire", "--file", "a.ts", "--resource", "API_ENDPOINT:GET /a", "--read", "b", "--agent", "holder").Well();
        string triple = "{\"subject\":\"me\",\"predicate\":\"" + predicate + "\",\"object\":{\"resource_type\":\"" + type
            + "\",\"path\":\"" + path + "\"},\"session_id\":\"s\",\"timestamp\":1,\"confidence\":\"High\"}";
        Ran whole = _place.KlockWith("{\"agent_id\":\"me\",\"session_id\":\"s\",\"intents\":[" + triple + "]}", "check");
        Ran bare = _place.KlockWith("{\"intents\":[" + triple + "," + triple + "]}", "check");
        Assert.Equal((code, code), (whole.Code, bare.Code));
        Assert.Equal("me", whole.Json.GetProperty("agent_id").GetString());
        Assert.Equal("s", bare.Json.GetProperty("session_id").GetString());
    }

    [Theory]
    [InlineData("""{"subject":"me","predicate":"Mutates","object":"a.ts"}""", "intents[0].object")]
    [InlineData("""{"subject":"me","predicate":"Mutates","object":{"resource_type":"File"}}""", "intents[0].object.path")]
    [InlineData("""{"subject":"me","predicate":"Mutates","object":{"path":"a"}}""", "intents[0].object.resource_type")]
    [InlineData("""{"subject":"me","predicate":"Mutates","object":{"resource_type":"Folder","path":"a"}}""", "object.resource_type")]
    [InlineData("""{"subject":"me","predicate":"Eats","object":{"resource_type":"File","path":"a"}}""", "intents[0].predicate")]
    [InlineData("""{"subject":7,"predicate":"Mutates","object":{"resource_type":"File","path":"a"}}""", "intents[0].subject")]
    [InlineData("""{"subject":"you","predicate":"Mutates","object":{"resource_type":"File","path":"a"}}""", "subject")]
    public void A_triple_that_is_not_one_names_its_field(string triple, string field)
    {
        string said = _place.KlockWith("{\"agent_id\":\"me\",\"session_id\":\"s\",\"intents\":[" + triple + "]}", "check").Failed(2);
        Assert.Contains(field, said, StringComparison.Ordinal);
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
