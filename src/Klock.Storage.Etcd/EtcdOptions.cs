using Klock.Coordinator.Protocol;

namespace Klock.Storage.Etcd;

/// <summary>The options that follow an address: <c>?compact=off&amp;ca=etcd-ca.pem</c>.</summary>
/// <param name="Compacts">Whether old revisions of the whole cluster are compacted: not where it is others' too.</param>
/// <param name="Tls">The files of TLS.</param>
/// <param name="User">Who is signed in; null where nobody has to.</param>
/// <param name="PasswordFile">A file with the password; null when it comes otherwise.</param>
internal sealed record EtcdOptions(bool Compacts, TlsFiles Tls, string? User, string? PasswordFile)
{
    private const string Known = "compact=on or compact=off, ca=<file>, cert=<file>, key=<file>, user=<name>, password_file=<file>; "
        + "several are joined by '&'";

    private static readonly string[] _names = ["compact", "ca", "cert", "key", "user", "password_file"];

    /// <summary>How long a call may take, over all members: a server that cannot reach the cluster says so within a second.</summary>
    public TimeSpan LongestCall { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>Those of an address without any.</summary>
    public static EtcdOptions None { get; } = new(Compacts: true, new TlsFiles(null, null, null), User: null, PasswordFile: null);

    /// <summary>Reads what follows the question mark.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: an unknown option or value, or one that is given twice.
    /// </exception>
    public static EtcdOptions Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string option in text.Split('&'))
        {
            string[] parts = option.Split('=', 2);
            string name = parts[0].ToLowerInvariant();
            if (!_names.Contains(name, StringComparer.Ordinal))
            {
                throw Invalid($"storage has an unknown option after '?': it must be {Known}.");
            }

            if (parts.Length < 2 || parts[1].Length == 0)
            {
                throw Invalid($"storage has no value for {name}.");
            }

            if (!values.TryAdd(name, parts[1]))
            {
                throw Invalid("storage has an option twice after '?': each may be given once.");
            }
        }

        bool compacts = values.GetValueOrDefault("compact", "on") switch
        {
            "on" => true,
            "off" => false,
            _ => throw Invalid("storage has an unknown value for compact: it must be on or off."),
        };
        Need(values, "key", "cert");
        Need(values, "password_file", "user");
        var tls = new TlsFiles(values.GetValueOrDefault("ca"), values.GetValueOrDefault("cert"), values.GetValueOrDefault("key"));
        return new EtcdOptions(compacts, tls, values.GetValueOrDefault("user"), values.GetValueOrDefault("password_file"));
    }

    private static void Need(Dictionary<string, string> values, string name, string other)
    {
        if (values.ContainsKey(name) && !values.ContainsKey(other))
        {
            throw Invalid($"storage has the option {name} without {other}: give both.");
        }
    }

    private static KlockException Invalid(string sentence) => new(ErrorCode.InvalidRequest, sentence);
}
