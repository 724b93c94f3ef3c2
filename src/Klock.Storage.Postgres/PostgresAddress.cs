using System.Globalization;
using System.Net;
using Klock.Coordinator.Protocol;
using Npgsql;

namespace Klock.Storage.Postgres;

/// <summary>Where a journal is: a database, and the schema with its tables.</summary>
/// <param name="Hosts">What Npgsql connects with, for each host.</param>
/// <param name="Schema">The schema, which is made when it is not there.</param>
internal sealed record PostgresAddress(IReadOnlyList<string> Hosts, string Schema)
{
    private const string Form =
        "it must be postgres://[<user>[:<password>]@]<host>[:<port>][,<host>…]/<database>[?options] or postgres:Host=…;Database=…";

    private const string DefaultSchema = "klock";

    // As libpq names them, and as Npgsql does.
    private static readonly Dictionary<string, string> _options = new(StringComparer.Ordinal)
    {
        ["sslmode"] = "SSL Mode", ["sslrootcert"] = "Root Certificate", ["sslcert"] = "SSL Certificate", ["sslkey"] = "SSL Key",
        ["application_name"] = "Application Name", ["passfile"] = "Passfile", ["schema"] = "Search Path",
    };

    /// <summary>Reads what follows <c>postgres:</c> in a store's name.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: what is wrong. It does not repeat the password.</exception>
    public static PostgresAddress Parse(string text)
    {
        NpgsqlConnectionStringBuilder read = text.StartsWith("//", StringComparison.Ordinal) ? ReadUrl(text[2..]) : ReadKeywords(text);
        if (string.IsNullOrEmpty(read.Host))
        {
            throw Bad("names no host");
        }

        if (string.IsNullOrEmpty(read.Database))
        {
            throw Bad("names no database");
        }

        string schema = read.SearchPath ?? DefaultSchema;
        if (!IsPlainName(schema))
        {
            throw Bad($"has the schema '{schema}', which must be of 1 to 50 small letters, digits and '_', and not begin with a digit");
        }

        // It is set in each connection: a pooler between refuses it as a parameter of its start.
        read.SearchPath = null;

        // Hosts are tried here, in their order; see Database.
        read.TargetSessionAttributes = null;
        read.LoadBalanceHosts = false;

        // What a server that is gone may cost, and what is asked again and again.
        read.Timeout = 5;
        read.CommandTimeout = 5;
        read.CancellationTimeout = -1;
        read.KeepAlive = 5;

        // Else what is set when a connection begins is lost when it is used for the second time.
        read.NoResetOnClose = true;
        read.MaxPoolSize = 8;
        read.ApplicationName ??= "klock";
        if (!read.ShouldSerialize("Max Auto Prepare"))
        {
            read.MaxAutoPrepare = 16;
        }

        return new PostgresAddress([.. read.Host.Split(',').Select(host => To(read, host))], schema);
    }

    /// <summary>It cannot be connected with. What Npgsql says of it may repeat a password.</summary>
    internal static KlockException Unreadable() => Bad("has a connection that Npgsql cannot read");

    private static string To(NpgsqlConnectionStringBuilder all, string host)
    {
        int colon = host.LastIndexOf(':');
        bool hasPort = colon > 0 && host[^1] != ']' && host[0] != '/';
        ushort port = (ushort)all.Port;
        bool isPort = !hasPort || (ushort.TryParse(host.AsSpan(colon + 1), CultureInfo.InvariantCulture, out port) && port != 0);
        if (host.Length == 0 || !isPort)
        {
            throw Bad("has a host that is none, or one whose port is not from 1 to 65535");
        }

        string name = (hasPort ? host[..colon] : host).Trim('[', ']');
        return new NpgsqlConnectionStringBuilder(all.ConnectionString) { Host = name, Port = port }.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder ReadUrl(string text)
    {
        var read = new NpgsqlConnectionStringBuilder();
        int mark = text.IndexOf('?', StringComparison.Ordinal);
        string options = mark < 0 ? "" : text[(mark + 1)..];
        string rest = mark < 0 ? text : text[..mark];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            throw Bad("names no database");
        }

        read.Database = Decoded(rest[(slash + 1)..]);
        string authority = rest[..slash];
        if (authority.LastIndexOf('@') is int at and >= 0)
        {
            string[] user = authority[..at].Split(':', 2);
            read.Username = Decoded(user[0]);
            read.Password = user.Length > 1 ? Decoded(user[1]) : null;
            authority = authority[(at + 1)..];
        }

        read.Host = authority;
        foreach (string option in options.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = option.Split('=', 2);
            if (pair.Length != 2 || !_options.TryGetValue(pair[0], out string? name))
            {
                // It is not repeated: it may be the end of a password with a '?' in it.
                throw Bad($"has an option that is none of {string.Join(", ", _options.Keys)}, each with '=' and a value");
            }

            Set(read, name, pair[0], Decoded(pair[1]));
        }

        return read;
    }

    private static NpgsqlConnectionStringBuilder ReadKeywords(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or NotSupportedException)
        {
            throw Unreadable();
        }
    }

    private static void Set(NpgsqlConnectionStringBuilder read, string name, string given, string value)
    {
        try
        {
            read[name] = name == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            throw Bad($"has the option '{given}={value}', which has no such value");
        }
    }

    private static string Decoded(string text) => WebUtility.UrlDecode(text.Replace("+", "%2B", StringComparison.Ordinal));

    private static KlockException Bad(string problem) => new(ErrorCode.InvalidRequest, $"storage {problem}: {Form}.");

    // What needs no quoting, with room for more in a name of 63.
    private static bool IsPlainName(string text) => text.Length is > 0 and <= 50 && !char.IsAsciiDigit(text[0])
        && text.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_');
}
