using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Safety;

/// <summary>Without a key: only this machine, and no web page.</summary>
public sealed class ForeignTests(RunningServer running) : IClassFixture<RunningServer>
{
    private Api Api => running.Api;

    [Fact]
    public void Without_a_key_only_this_machine_is_served() => Assert.Equal("127.0.0.1", running.Server.Url.Host);

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:3100")]
    [InlineData("localhost.:3100")]
    [InlineData("127.0.0.1:3100")]
    [InlineData("127.9.9.9")]
    [InlineData("[::1]:3100")]
    public async Task This_machines_names_are_its_own(string host) => (await Api.GetAsync("/leases", ("Host", host))).Is(200);

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example:3100")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("192.168.0.7:3100")]
    [InlineData("10.1")]
    public async Task A_foreign_Host_is_refused(string host)
    {
        (await Api.GetAsync("/leases", ("Host", host))).IsError(403, "FORBIDDEN");
        (await Api.GetAsync("/health", ("Host", host))).IsError(403, "FORBIDDEN");
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost:1")]
    [InlineData("http://localhost.evil.example")]
    public async Task A_foreign_Origin_is_refused_and_changes_nothing(string origin)
    {
        (await Api.SendAsync("POST", "/agents", "{\"agent_id\":\"page\",\"priority\":1}", ("Origin", origin))).IsError(403, "FORBIDDEN");
        Assert.DoesNotContain("page", (await Api.GetAsync("/agents")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_the_server_itself_may_ask()
    {
        string self = $"http://{running.Server.Url.Authority}";
        Reply reply = (await Api.GetAsync("/leases", ("Origin", self))).Is(200);
        Assert.DoesNotContain(reply.Headers.Keys, name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));

        // A proxy may end TLS before the server.
        (await Api.SendAsync("POST", "/evict", null, ("Origin", self.Replace("http:", "https:", StringComparison.Ordinal)))).Is(200);
    }

    [Fact]
    public async Task No_page_is_let_in_unless_named()
    {
        Reply preflight = await Api.SendAsync(
            "OPTIONS", "/leases", null, ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST"));
        preflight.IsError(403, "FORBIDDEN");
    }

    [Fact]
    public async Task A_named_page_is_let_in_and_no_other()
    {
        await using ServerProcess server = await ServerProcess.StartAsync("--cors-origin", "https://good.example", "--cors-origin",
            "http://also.example:8080");
        using var api = new Api(server.Url);
        (string, string)[] headers = [("Origin", "https://good.example"), ("Access-Control-Request-Method", "PATCH"),
            ("Access-Control-Request-Headers", "content-type")];
        Reply preflight = (await api.SendAsync("OPTIONS", "/leases/x", null, headers)).Is(204);
        Assert.Equal("https://good.example", preflight.Headers["Access-Control-Allow-Origin"]);
        Assert.Contains("PATCH", preflight.Headers["Access-Control-Allow-Methods"], StringComparison.Ordinal);
        Reply answer = (await api.GetAsync("/leases", ("Origin", "http://also.example:8080"))).Is(200);
        Assert.Equal("http://also.example:8080", answer.Headers["Access-Control-Allow-Origin"]);
        (await api.GetAsync("/leases", ("Origin", "https://evil.example"))).IsError(403, "FORBIDDEN");
    }

    [Fact]
    public async Task An_explicit_host_is_obeyed_with_a_warning_when_it_is_open()
    {
        await using ServerProcess server = await ServerProcess.StartAsync("--host", "0.0.0.0", "--allow-host", "klock.internal");
        Assert.Equal("0.0.0.0", server.Url.Host);
        await server.UntilLoggedAsync("open to everyone who reaches");
        using var api = new Api(new Uri($"http://127.0.0.1:{server.Url.Port}"));
        (await api.GetAsync("/leases", ("Host", "klock.internal:3100"))).Is(200);
        (await api.GetAsync("/leases", ("Host", "192.168.0.7"))).Is(200);
        (await api.GetAsync("/leases", ("Host", "evil.example"))).IsError(403, "FORBIDDEN");
    }

    [Fact]
    public async Task A_variable_names_hosts_as_the_flag_does()
    {
        await using ServerProcess server = await ServerProcess.StartWithAsync(
            [("KLOCK_ALLOW_HOSTS", "klock, host.docker.internal,,my_service")], "--allow-host", "also.internal");
        using var api = new Api(server.Url);
        foreach (string host in (string[])["klock", "KLOCK:3100", "host.docker.internal:3100", "my_service", "also.internal"])
        {
            (await api.GetAsync("/leases", ("Host", host))).Is(200);
        }

        Reply foreign = await api.GetAsync("/leases", ("Host", "klock.evil.example"));
        foreign.IsError(403, "FORBIDDEN");
        Assert.Contains("KLOCK_ALLOW_HOSTS", foreign.Text, StringComparison.Ordinal);
    }
}
