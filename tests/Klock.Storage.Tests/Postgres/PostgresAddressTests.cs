using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Klock.Storage.Postgres;
using Npgsql;
using Xunit;

namespace Klock.Storage.Tests.Postgres;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("//h/d", "h 5432", "d", null, null, "klock")]
    [InlineData("//me:p%40ss+1@h:5433/d?schema=team_1", "h 5433", "d", "me", "p@ss+1", "team_1")]
    [InlineData("//a:1,b,[::1]:3,[::1]/d", "a 1, b 5432, ::1 3, ::1 5432", "d", null, null, "klock")]
    [InlineData("Host=h,g:8;Port=7;Database=d;Username=me;Password=x y;Search Path=s", "h 7, g 8", "d", "me", "x y", "s")]
    [InlineData("Host=/run/postgresql;Database=d;Target Session Attributes=primary", "/run/postgresql 5432", "d", null, null, "klock")]
    public void An_address_is_read(string text, string hosts, string database, string? user, string? password, string schema)
    {
        PostgresAddress address = PostgresAddress.Parse(text);
        NpgsqlConnectionStringBuilder[] read = [.. address.Hosts.Select(static host => new NpgsqlConnectionStringBuilder(host))];
        Assert.Equal(hosts, string.Join(", ", read.Select(static host => $"{host.Host} {host.Port}")));
        Assert.All(read, host => Assert.Equal((database, user, password), (host.Database, host.Username, host.Password)));
        Assert.Equal(schema, address.Schema);
        new Database(address, TimeSpan.FromSeconds(1)).Dispose();
    }

    [Theory]
    [InlineData("//me:secret@h/d?sslmode=verify-full&sslrootcert=/ca.pem", SslMode.VerifyFull)]
    [InlineData("Host=h;Database=d;Password=secret;SSL Mode=Require", SslMode.Require)]
    public void How_it_is_encrypted_is_read(string text, SslMode mode) =>
        Assert.Equal(mode, new NpgsqlConnectionStringBuilder(PostgresAddress.Parse(text).Hosts[0]).SslMode);

    [Theory]
    [InlineData("postgres://me:secret@h/d?schema=s", "postgres://me:***@h/d?schema=s")]
    [InlineData("postgres://me:sec:r@t@h:1/d", "postgres://me:***@h:1/d")]
    [InlineData("postgres://h:1/d", "postgres://h:1/d")]
    [InlineData("postgres:Host=h;Password=secret;Database=d;SSL Password='x;y'", "postgres:Host=h;Database=d")]
    [InlineData("postgres://me:a?b@h/d", "postgres://me:***@h/d")]
    [InlineData("postgres://me:a/b?c&d@h/d", "postgres://me:***@h/d")]
    [InlineData("postgres://me@h/d?password=secret&schema=s&sslpassword=x", "postgres://me@h/d?schema=s")]
    [InlineData("postgres://h/d?password=se@cret", "postgres://h:***@cret")]
    [InlineData("postgresql://me:secret@h/d", "postgresql://me:***@h/d")]
    [InlineData("sqlite:/a:b@c", "sqlite:/a:b@c")]
    public void A_name_is_shown_without_its_password(string storage, string shown) => Assert.Equal(shown, SharedStorage.Shown(storage));

    [Theory]
    [InlineData("", "storage names no host")]
    [InlineData("//h", "storage names no database")]
    [InlineData("//h/", "storage names no database")]
    [InlineData("///d", "storage names no host")]
    [InlineData("Host=h", "storage names no database")]
    [InlineData("Hots=h;Password=secret", "storage has a connection that Npgsql cannot read")]
    [InlineData("//h/d?schema=No", "storage has the schema 'No', which must be of 1 to 50 small letters, digits and '_', and not begin")]
    [InlineData("//h/d?schema=a;drop", "storage has the schema 'a;drop', which must be")]
    [InlineData("//me:secret@h/d?pool=1", "storage has an option that is none of sslmode, sslrootcert, sslcert, sslkey,")]
    [InlineData("//me:sec?ret=secret@h/d", "storage names no database")]
    [InlineData("//me:sec/ret@h/d", "storage has a host that is none, or one whose port is not from 1 to 65535")]
    [InlineData("//h:abc/d", "storage has a host that is none, or one whose port is not from 1 to 65535")]
    [InlineData("//h:70000/d", "storage has a host that is none, or one whose port is not from 1 to 65535")]
    [InlineData("//a,,b/d", "storage has a host that is none, or one whose port is not from 1 to 65535")]
    [InlineData("//me:secret@h/d?sslmode=maybe", "storage has the option 'sslmode=maybe', which has no such value")]
    public void What_is_no_address_is_told_and_no_password_with_it(string text, string told)
    {
        KlockException refused = Assert.Throws<KlockException>(() => PostgresAddress.Parse(text));
        Assert.Equal(ErrorCode.InvalidRequest, refused.Code);
        Assert.StartsWith(told, refused.Message, StringComparison.Ordinal);
        Assert.Contains("it must be postgres://[<user>", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }
}
