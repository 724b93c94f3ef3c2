using Klock.Cli.Tests.Support;
using Klock.Storage.Tests.Harness;
using Klock.Storage.Tests.Postgres;

namespace Klock.Cli.Tests.Servers;

/// <summary><c>klock serve</c> on a store in a PostgreSQL that is reached by TLS and a password alone.</summary>
public sealed class PostgresTests : IDisposable
{
    private const string Password = "sec-ret";
    private const int SigTerm = 15;

    private readonly Place _place = Place.InGit();
    private readonly Certificates _certificates = new();
    private readonly PostgresServer _database;

    public PostgresTests()
    {
        _database = new PostgresServer();
        (string certificate, string key) = _certificates.Sign("server");
        _database.Ask($"create role agent login password '{Password}'; create schema team authorization agent");
        _database.Secure(certificate, key);
    }

    public void Dispose()
    {
        _database.Dispose();
        _certificates.Dispose();
        _place.Dispose();
    }

    [Fact]
    public void Servers_with_the_password_from_a_variable_and_from_a_file_are_one_coordinator()
    {
        _place.Environment["PGPASSWORD"] = Password;
        using var one = new Server(_place, "--storage", Storage($"sslrootcert={_certificates.Authority}"));
        _place.Environment.Remove("PGPASSWORD");
        File.WriteAllText(_certificates.At("passwords"), $"127.0.0.1:*:*:agent:{Password}\n");
        _place.Environment["PGPASSFILE"] = _certificates.At("passwords");
        using var two = new Server(_place, "--storage", Storage($"sslrootcert={_certificates.Authority}"));
        string lease = Until(static ran => ran.Code == 0, "acquire", "--file", "a.ts", "--server", one.Url).Rows[0][0];
        Assert.Equal(lease, Assert.Single(Until(static ran => ran.Code == 0, "leases", "--server", two.Url).Rows)[0]);
        const string Encrypted = "select count(distinct pid) from pg_stat_ssl join pg_stat_activity using (pid) where ssl "
            + "and usename = 'agent' and query like 'listen%'";
        Running.Until(() => _database.Ask(Encrypted) is 2L, "each of both servers listens over TLS");
    }

    [Fact]
    public void What_is_wrong_is_told_in_one_line_without_the_password()
    {
        using var others = new Certificates();
        string right = $"sslrootcert={_certificates.Authority}";
        Refused(Password, $"sslrootcert={others.Authority}", "PostgreSQL's certificate is not accepted: ");
        Refused("wr-ong", right, "PostgreSQL refuses: password authentication failed for user \"agent\" (28P01)");
        Refused(Password, "sslmode=disable", "PostgreSQL refuses: no pg_hba.conf entry");
    }

    [Fact]
    public void A_file_that_is_not_there_ends_the_server_at_once()
    {
        Ran ran = _place.Klock("serve", "--storage", Storage("sslrootcert=/nowhere").Replace("agent@", $"agent:{Password}@"));
        Assert.Equal(2, ran.Code);
        Assert.Contains("storage has the option sslrootcert, and the PEM file '/nowhere' cannot be used: ", ran.Error);
        Assert.Single(ran.Error.Trim().Split('\n'));
        Assert.DoesNotContain(Password, ran.Error);
    }

    private string Storage(string options) => $"postgres://agent@{_database.Host}/postgres?schema=team&sslmode=verify-full&{options}";

    // It starts nevertheless: who it is told by, and its database, may be put right while it runs.
    private void Refused(string password, string options, string told)
    {
        string storage = Storage(options).Replace("agent@", $"agent:{password}@");
        using var server = new Server(_place, "--storage", storage);
        string asked = Until(ran => ran.Error.Contains(told), "acquire", "--file", "a.ts", "--server", server.Url).Failed(4);
        server.Process.Signal(SigTerm);
        Ran ended = server.Process.End();
        Assert.InRange(ended.Error.Split('\n').Count(line => line.Contains(told)), 0, 1);
        Assert.DoesNotContain(password, asked + ended.Out + ended.Error);
    }

    // The machine may be busy, and then no answer comes in time.
    private Ran Until(Predicate<Ran> isIt, params string[] arguments)
    {
        Ran ran = _place.Klock(arguments);
        Running.Until(() => isIt(ran) || isIt(ran = _place.Klock(arguments)), $"{string.Join(' ', arguments)}: {ran.Error}");
        return ran;
    }
}
