using System.Net;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Storage.Etcd;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Etcd;

/// <summary>TLS and users, on a real member.</summary>
public sealed class EtcdSecurityTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public void A_member_with_a_certificate_is_used_if_its_authority_is_known()
    {
        (string certificate, string key) = _certificates.Sign("member");
        using var member = new EtcdMember("--cert-file", certificate, "--key-file", key);
        Granted($"{member.NewAddress()}?ca={_certificates.Authority}");
        Refused(member.NewAddress(), "an authority that is not known here: name its file with ca=");
        using var others = new Certificates();
        Refused($"{member.NewAddress()}?ca={others.Authority}", "an authority that is not known here: name its file with ca=");
    }

    [Fact]
    public void A_certificate_for_another_host_is_refused()
    {
        (string certificate, string key) = _certificates.Sign("member", IPAddress.Parse("203.0.113.1"));
        using var member = new EtcdMember("--cert-file", certificate, "--key-file", key);
        Refused($"{member.NewAddress()}?ca={_certificates.Authority}", "etcd's certificate is for another host");
    }

    [Fact]
    public void A_member_that_wants_a_certificate_gets_one()
    {
        (string certificate, string key) = _certificates.Sign("member");
        (string mine, string myKey) = _certificates.Sign("klock");
        string authority = _certificates.Authority;
        using var member = new EtcdMember(
            "--cert-file", certificate, "--key-file", key, "--client-cert-auth", "--trusted-ca-file", authority);
        Granted($"{member.NewAddress()}?ca={authority}&cert={mine}&key={myKey}");
        File.WriteAllText(_certificates.At("both.pem"), File.ReadAllText(mine) + "\n" + File.ReadAllText(myKey));
        Granted($"{member.NewAddress()}?ca={authority}&cert={_certificates.At("both.pem")}");
        Refused($"{member.NewAddress()}?ca={authority}", "it may want a certificate of this server");
    }

    [Fact]
    public void A_member_with_users_is_used_by_one_that_it_knows()
    {
        using var member = new EtcdMember();
        member.Control("user", "add", "root:top");
        member.Control("user", "grant-role", "root", "root");
        member.Control("role", "add", "klock");
        member.Control("role", "grant-permission", "klock", "--prefix=true", "readwrite", "mine/");
        member.Control("user", "add", "klock:secret");
        member.Control("user", "grant-role", "klock", "klock");
        string url = $"{member.Url}/mine";
        Refused($"{url}?user=klock", "etcd asks for no user: take user= out of the store's name", "secret");
        member.Control("auth", "enable");
        Granted($"{url}?user=klock", "secret");
        string file = _certificates.At("password");
        File.WriteAllText(file, "secret\n");
        Granted($"{url}?user=klock&password_file={file}");
        Refused($"{url}?user=klock", "etcd does not know the user or the password", "wrong");
        Refused($"{url}?user=nobody", "etcd does not know the user or the password", "secret");
        Refused(url, "etcd wants a user: add user=<name>");
        Refused($"{member.Url}/others?user=klock", "etcd's user may not use these keys", "secret");
    }

    [Fact]
    public void A_sign_in_that_has_ended_is_made_anew()
    {
        using var member = new EtcdMember("--auth-token-ttl", "1");
        member.Control("user", "add", "root:top");
        member.Control("user", "grant-role", "root", "root");
        member.Control("auth", "enable");
        using LeaseCoordinator coordinator = Open($"{member.NewAddress()}?user=root", "top");
        var klock = new StoreClient(coordinator);
        Eventually(() => klock.Acquire("a", path: "1"));
        Thread.Sleep(TimeSpan.FromSeconds(3));
        Eventually(() => klock.Acquire("a", path: "2"));
        member.KillAndRestart();
        Eventually(() => klock.Acquire("a", path: "3"));
    }

    [Theory]
    [InlineData("?ca={0}/nowhere", "storage has the option ca, and the PEM file '{0}/nowhere' cannot be used: ")]
    [InlineData("?ca={0}/empty", "storage has the option ca, and the PEM file '{0}/empty' cannot be used: it has no certificate.")]
    [InlineData("?cert={0}/nowhere", "storage has the option cert, and the PEM file '{0}/nowhere' cannot be used: ")]
    [InlineData("?cert={0}/ca.pem&key={0}/empty", "storage has the option cert and key, and the PEM file '{0}/ca.pem' cannot be used: ")]
    [InlineData("?user=u&password_file={0}/nowhere", "storage has the option password_file, and '{0}/nowhere' cannot be read: ")]
    [InlineData("?user=u&password_file={0}/empty", "storage has the option password_file, and '{0}/empty' is empty.")]
    [InlineData("?user=u", "storage has the option user without a password: set KLOCK_ETCD_PASSWORD or add password_file=<file>.")]
    public void Files_that_cannot_be_used_are_told_at_the_start(string options, string told)
    {
        File.WriteAllText(_certificates.At("empty"), "");
        string folder = Path.GetDirectoryName(_certificates.Authority)!;
        KlockException refused = Assert.Throws<KlockException>(
            () => Open("https://localhost:1/p" + options.Replace("{0}", folder, StringComparison.Ordinal), password: null));
        Assert.StartsWith(told.Replace("{0}", folder, StringComparison.Ordinal), refused.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.InvalidRequest, refused.Code);
    }

    private static LeaseCoordinator Open(string address, string? password) =>
        new(EtcdStores.Open(address, password, TimeProvider.System, KernelRandom.Shared.Next()), KernelRandom.Shared);

    private static void Granted(string address, string? password = null)
    {
        using LeaseCoordinator coordinator = Open(address, password);
        var klock = new StoreClient(coordinator);
        Eventually(() => klock.Acquire("a", path: KernelRandom.Shared.Next().ToString()));
    }

    private static void Refused(string address, string told, string? password = null)
    {
        using LeaseCoordinator coordinator = Open(address, password);
        var klock = new StoreClient(coordinator);
        Answer refused = Patience.Until(() => klock.Acquire("a"), answer => answer.Text.Contains(told, StringComparison.Ordinal));
        Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
    }

    private static void Eventually(Func<Answer> ask) => Patience.Until(ask, static answer => answer.Success);
}
