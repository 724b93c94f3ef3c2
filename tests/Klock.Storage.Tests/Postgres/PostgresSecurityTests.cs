using System.Net;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Storage.Postgres;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Postgres;

/// <summary>TLS and passwords, on a real server.</summary>
public sealed class PostgresSecurityTests : IDisposable
{
    private const string Password = "sec-ret";
    private const string NotAccepted = "PostgreSQL's certificate is not accepted: either it is for another host";

    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public void A_server_with_a_certificate_is_used_if_its_authority_is_known_and_the_password_is_right()
    {
        using PostgresServer server = Secured();
        string address = Address(server, Password);
        Granted($"{address}&sslmode=verify-full&sslrootcert={_certificates.Authority}");
        Granted($"{address}&sslmode=require");
        Refused($"{address}&sslmode=verify-full", NotAccepted);
        using var others = new Certificates();
        Refused($"{address}&sslmode=verify-full&sslrootcert={others.Authority}", NotAccepted);
        Refused($"{address}&sslmode=disable", "PostgreSQL refuses: no pg_hba.conf entry");
        string right = $"sslmode=verify-full&sslrootcert={_certificates.Authority}";
        Refused($"{Address(server, "wr-ong")}&{right}", "PostgreSQL refuses: password authentication failed for user");
        Refused($"{Address(server, password: null)}&{right}", "No password has been provided");
        string file = _certificates.At("passwords");
        File.WriteAllText(file, $"127.0.0.1:*:*:agent:{Password}\n");
        Granted($"{Address(server, password: null)}&{right}&passfile={file}");
    }

    [Fact]
    public void A_certificate_for_another_host_is_refused()
    {
        using PostgresServer server = Secured(IPAddress.Parse("203.0.113.1"));
        string address = $"{Address(server, Password)}&sslrootcert={_certificates.Authority}";
        Refused($"{address}&sslmode=verify-full", NotAccepted);
        Granted($"{address}&sslmode=verify-ca");
    }

    [Fact]
    public void A_server_that_does_not_speak_TLS_is_refused_where_that_is_wanted() => Refused(
        $"//klock@{PostgresServer.Shared.Host}/postgres?sslmode=verify-full", "PostgreSQL: SSL connection requested");

    [Theory]
    [InlineData("sslrootcert={0}/nowhere", "storage has the option sslrootcert, and the PEM file '{0}/nowhere' cannot be used: ")]
    [InlineData("sslrootcert={0}/empty", "storage has the option sslrootcert, and the PEM file '{0}/empty' cannot be used: it has no")]
    [InlineData(
        "sslcert={0}/ca.pem&sslkey={0}/empty", "storage has the option sslcert and sslkey, and the PEM file '{0}/ca.pem' cannot be used: ")]
    [InlineData("passfile={0}/nowhere", "storage has the option passfile, and '{0}/nowhere' cannot be read: ")]
    public void Files_that_cannot_be_used_are_told_at_the_start(string options, string told)
    {
        File.WriteAllText(_certificates.At("empty"), "");
        string folder = Path.GetDirectoryName(_certificates.Authority)!;
        KlockException refused = Assert.Throws<KlockException>(
            () => Open("//me:sec-ret@localhost:1/d?" + options.Replace("{0}", folder, StringComparison.Ordinal)));
        Assert.StartsWith(told.Replace("{0}", folder, StringComparison.Ordinal), refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refused.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.InvalidRequest, refused.Code);
    }

    private PostgresServer Secured(IPAddress? host = null)
    {
        var server = new PostgresServer();
        (string certificate, string key) = _certificates.Sign("server", host);
        server.Ask($"create role agent login password '{Password}'; create schema team authorization agent");
        server.Secure(certificate, key);
        return server;
    }

    private static string Address(PostgresServer server, string? password) =>
        $"//agent{(password is null ? "" : ":" + password)}@{server.Host}/postgres?schema=team";

    private static LeaseCoordinator Open(string address) =>
        new(PostgresStores.Open(address, TimeProvider.System, KernelRandom.Shared.Next()), KernelRandom.Shared);

    private static void Granted(string address)
    {
        using LeaseCoordinator coordinator = Open(address);
        var klock = new StoreClient(coordinator);
        Patience.Until(() => klock.Acquire("a", path: $"{KernelRandom.Shared.Next()}"), static answer => answer.Success);
    }

    private static void Refused(string address, string told)
    {
        using LeaseCoordinator coordinator = Open(address);
        var klock = new StoreClient(coordinator);
        Answer refused = Patience.Until(
            () => klock.Acquire("a"), answer => answer.Text.Contains(told, StringComparison.Ordinal));
        Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
        Assert.DoesNotContain(Password, refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("wr-ong", refused.Text, StringComparison.Ordinal);
    }
}
