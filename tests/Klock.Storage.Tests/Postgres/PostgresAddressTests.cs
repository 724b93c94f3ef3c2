using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Klock.Storage.Postgres;
using Npgsql;
using Xunit;

namespace Klock.Storage.Tests.Postgres;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("//h/d", "h", 5432, "d", null, null, "klock")]
    [InlineData("//me:p%40ss+1@h:5433/d?schema=team_1", "h:5433", 5432, "d", "me", "p@ss+1", "team_1")]
    [InlineData("//a:1,b:2/d", "a:1,b:2", 5432, "d", null, null, "klock")]
    [InlineData("Host=h;Port=7;Database=d;Username=me;Password=x y;Search Path=s", "h", 7, "d", "me", "x y", "s")]
    public void An_address_is_read(string text, string host, int port, string database, string? user, string? password, string schema)
    {
        PostgresAddress address = PostgresAddress.Parse(text);
        var read = new NpgsqlConnectionStringBuilder(address.ConnectionString);
        Assert.Equal(
            (host, port, database, user, password, schema),
            (read.Host, read.Port, read.Database, read.Username, read.Password, address.Schema));
    }

    [Theory]
    [InlineData("//me:secret@h/d?sslmode=verify-full&sslrootcert=/ca.pem", SslMode.VerifyFull)]
    [InlineData("Host=h;Database=d;Password=secret;SSL Mode=Require", SslMode.Require)]
    public void How_it_is_encrypted_is_read(string text, SslMode mode) =>
        Assert.Equal(mode, new NpgsqlConnectionStringBuilder(PostgresAddress.Parse(text).ConnectionString).SslMode);

    [Theory]
    [InlineData("postgres://me:secret@h/d?schema=s", "postgres://me:***@h/d?schema=s")]
    [InlineData("postgres://me:sec:r@t@h:1/d", "postgres://me:***@h:1/d")]
    [InlineData("postgres://h:1/d", "postgres://h:1/d")]
    [InlineData("postgres:Host=h;Password=secret;Database=d;SSL Password='x;y'", "postgres:Host=h;Database=d")]
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
    [InlineData("//me:secret@h/d?pool=1", "storage has the option 'pool', and there are sslmode, sslrootcert, sslcert, sslkey,")]
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
