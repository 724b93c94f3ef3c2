using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Servers;

/// <summary>A proxy gets nothing that is for this machine, and nothing that NO_PROXY excepts.</summary>
public sealed class ProxyTests : IDisposable
{
    private readonly Place _place = Place.InGit();
    private readonly FakeServer _proxy = new(_ => FakeServer.Http(200, """{"success":true,"data":[]}"""));

    public ProxyTests()
    {
        foreach (string name in (string[])["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",
            "NO_PROXY"])
        {
            _place.Environment[name] = null;
        }

        _place.Environment["KLOCK_API_KEY"] = "secret";
    }

    public void Dispose()
    {
        _proxy.Dispose();
        _place.Dispose();
    }

    [Theory]
    [InlineData("http_proxy")]
    [InlineData("HTTP_PROXY")]
    [InlineData("ALL_PROXY")]
    public void It_gets_what_is_for_another_machine(string variable)
    {
        _place.Environment[variable] = _proxy.Url;
        _place.Klock("leases", "--server", "http://klock.example.org:3100").Well();
        Assert.Contains("GET http://klock.example.org:3100/leases", Assert.Single(_proxy.Heard), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("127.1.2.3")]
    [InlineData("0.0.0.0")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("klock.localhost")]
    public void It_gets_nothing_that_is_for_this_machine(string host)
    {
        foreach (string variable in (string[])["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"])
        {
            _place.Environment[variable] = _proxy.Url;
        }

        // Whether somebody listens there does not matter.
        _place.Klock("leases", "--server", $"http://{host}:1").Failed(4);
        Assert.Empty(_proxy.Heard);
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("klock.invalid", true)]
    [InlineData(".klock.invalid", true)]
    [InlineData("*.klock.invalid", true)]
    [InlineData("other, KLOCK.invalid ,another", true)]
    [InlineData("klock.invalid:3100", true)]
    [InlineData("klock.invalid:3101", false)]
    [InlineData("lock.invalid", false)]
    [InlineData("klock.invalid.example.org", false)]
    [InlineData("", false)]
    public void It_gets_nothing_that_is_excepted(string exceptions, bool isExcepted)
    {
        _place.Environment["HTTP_PROXY"] = _proxy.Url;
        _place.Environment["NO_PROXY"] = exceptions;
        Ran ran = _place.Klock("leases", "--server", "http://a.klock.invalid:3100");
        Assert.Equal(isExcepted ? 4 : 0, ran.Code);
        Assert.Equal(isExcepted ? 0 : 1, _proxy.Heard.Count);
    }

    [Theory]
    [InlineData("192.0.2.0/24", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("198.51.100.0/24", false)]
    public void Networks_are_excepted_too(string exceptions, bool isExcepted)
    {
        _place.Environment["HTTP_PROXY"] = _proxy.Url;
        _place.Environment["NO_PROXY"] = exceptions;
        using Running klock = _place.Start("leases", "--server", "http://192.0.2.7:1");
        if (isExcepted)
        {
            // Nobody is at that address (RFC 5737).
            Thread.Sleep(500);
            Assert.Empty(_proxy.Heard);
            return;
        }

        klock.End().Well();
        Assert.Single(_proxy.Heard);
    }

    [Fact]
    public void The_error_names_it_but_not_its_password()
    {
        _place.Environment["HTTP_PROXY"] = "http://user:pass-word@127.0.0.1:1";
        string error = _place.Klock("leases", "--server", "http://klock.example.org:3100").Failed(4);
        Assert.Contains("http://klock.example.org:3100 (through the proxy http://127.0.0.1:1)", error, StringComparison.Ordinal);
        Assert.DoesNotContain("pass-word", error, StringComparison.Ordinal);
        using var refusing = new FakeServer(_ => FakeServer.Http(502, "no"));
        _place.Environment["HTTP_PROXY"] = refusing.Url;
        error = _place.Klock("leases", "--server", "http://klock.example.org:3100").Failed(4);
        Assert.Contains($"(through the proxy {refusing.Url})", error, StringComparison.Ordinal);
        _place.Environment["HTTP_PROXY"] = "gopher://x";
        Assert.Contains("HTTP_PROXY", _place.Klock("leases", "--server", "http://klock.example.org").Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_is_sent_elsewhere_with_the_key()
    {
        using var other = new FakeServer(_ => FakeServer.Http(200, """{"success":true,"data":[]}"""));
        string elsewhere = $"HTTP/1.1 302 X\r\nLocation: {other.Url}/leases\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        using var sender = new FakeServer(_ => elsewhere);
        Assert.Contains("302", _place.Klock("leases", "--server", sender.Url).Failed(4), StringComparison.Ordinal);
        Assert.Empty(other.Heard);
    }
}
