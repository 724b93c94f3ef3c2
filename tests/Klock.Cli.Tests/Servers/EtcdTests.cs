using System.Net;
using Klock.Cli.Tests.Support;
using Klock.Storage.Tests.Etcd;
using Klock.Storage.Tests.Harness;

namespace Klock.Cli.Tests.Servers;

/// <summary><c>klock serve</c> on a store in etcd.</summary>
public sealed class EtcdTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Two_servers_on_one_etcd_are_one_coordinator()
    {
        using var member = new EtcdMember();
        string storage = "etcd:" + member.NewAddress();
        using var one = new Server(_place, "--storage", storage);
        using var two = new Server(_place, "--storage", storage);
        string lease = _place.Klock("acquire", "--file", "a.ts", "--agent", "a", "--server", one.Url).Well().Rows[0][0];
        _place.Klock("acquire", "--file", "a.ts", "--agent", "b", "--server", two.Url).Failed(11);
        Assert.Equal(lease, Assert.Single(_place.Klock("leases", "--server", two.Url).Well().Rows)[0]);
        _place.Klock("release", lease, "--server", two.Url).Well();
        Assert.Empty(_place.Klock("leases", "--server", one.Url).Well().Rows);
    }

    [Fact]
    public void One_that_speaks_TLS_is_used_if_its_authority_is_known()
    {
        using var certificates = new Certificates();
        using var others = new Certificates();
        (string certificate, string key) = certificates.Sign("member");
        using var member = new EtcdMember("--cert-file", certificate, "--key-file", key);
        string storage = "etcd:" + member.NewAddress();
        using var server = new Server(_place, "--storage", $"{storage}?ca={certificates.Authority}");
        _place.Klock("acquire", "--file", "a.ts", "--server", server.Url).Well();
        using var wrong = new Server(_place, "--storage", $"{storage}?ca={others.Authority}");
        string told = _place.Klock("acquire", "--file", "b.ts", "--server", wrong.Url).Failed(4);
        Assert.Contains("an authority that is not known here: name its file with ca=", told, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_cannot_be_reached_is_told()
    {
        using var server = new Server(_place, "--storage", "etcd:http://127.0.0.1:1");
        string told = _place.Klock("acquire", "--file", "a.ts", "--server", server.Url).Failed(4);
        Assert.Contains("The store ", told, StringComparison.Ordinal);
    }

    // Whoever starts a server anew when it is not alive must not do so because etcd is away.
    [Fact]
    public async Task Without_its_store_a_server_is_alive_and_not_ready()
    {
        using var server = new Server(_place, "--storage", "etcd:http://127.0.0.1:1");
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/livez", UriKind.Relative), cancel)).StatusCode);
        HttpResponseMessage ready = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("STORAGE_UNAVAILABLE", await ready.Content.ReadAsStringAsync(cancel), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_is_none_is_told()
    {
        Ran ran = _place.Klock("serve", "--storage", "etcd:localhost:2379");
        Assert.Equal(2, ran.Code);
        Assert.Contains("storage names no http:// or https:// address: it must be etcd:http://", ran.Error, StringComparison.Ordinal);
    }
}
