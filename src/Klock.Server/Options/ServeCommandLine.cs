using System.CommandLine;
using System.CommandLine.Help;
using Klock.Coordinator;
using Klock.Server.Keys;
using Klock.Server.Startup;

namespace Klock.Server.Options;

/// <summary>The flags of <c>klock serve</c> and its environment.</summary>
internal static class ServeCommandLine
{
    /// <summary>The variable that names the store when no flag does.</summary>
    public const string StorageVariable = "KLOCK_STORAGE";

    /// <summary>The variable with more names that clients may call the server by, separated by commas.</summary>
    public const string AllowHostsVariable = "KLOCK_ALLOW_HOSTS";

    private const string NoNamespace = "none";
    private const int DefaultPort = 3100;
    private const int DefaultMaxConnections = 16_384;

    private static readonly Option<int> Port = new("--port", "-p")
    {
        Description = "Port to listen on; 0 takes a free one and prints it",
        HelpName = "PORT",
        DefaultValueFactory = _ => DefaultPort,
        CustomParser = result => OptionValues.Integer(result, 0, 65_535),
    };

    private static readonly Option<string?> Host = new("--host")
    {
        Description = "Address to listen on [default: 0.0.0.0 with a key, 127.0.0.1 without]", HelpName = "ADDRESS",
    };

    private static readonly Option<string[]> AllowHost = new("--allow-host")
    {
        Description = $"Without a key: one more name that clients may call this server by; may be repeated [env: {AllowHostsVariable}]",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Storage = new("--storage")
    {
        Description = "memory, auto (as klock where), sqlite:<path>[?options], or, which several servers share, "
            + "etcd:http://<host>:<port>[,<host>:<port>...][/<prefix>][?options] or "
            + $"postgres://[<user>@]<host>[:<port>]/<database>[?options] [env: {StorageVariable}] [default: {OpenOptions.Memory}]",
        HelpName = "STORE",
    };

    private static readonly Option<bool> AcceptRestore = new("--accept-restore")
    {
        Description = "After etcd or PostgreSQL was restored from a backup: go on with that state, with fencing tokens above all that "
            + "were given since",
        Arity = ArgumentArity.Zero,
    };

    private static readonly Option<string?> Root = new("--root")
    {
        Description = "Folder that relative names count from: absolute paths in it are the same files [default: the top of the repository]",
        HelpName = "PATH",
        CustomParser = OptionValues.NonEmpty,
    };

    private static readonly Option<string> NamespaceBy = OptionValues.OneOf(
        "--namespace-by", "What keeps resources apart: nothing, or the repository that every request for one must then name", NoNamespace,
        NoNamespace, "repository");

    private static readonly Option<string?> KeyFile = new("--api-key-file")
    {
        Description = $"File of keys, one a line: {KeyRing.LineForm}; {KeyRing.Variable} adds one more", HelpName = "PATH",
    };

    private static readonly Option<string[]> CorsOrigin = new("--cors-origin")
    {
        Description = "Web page that may call, as in https://example.org; * for any, with a key; may be repeated", HelpName = "ORIGIN",
    };

    private static readonly Option<string?> TlsCertificate = new("--tls-cert")
    {
        Description = "PEM file with the certificate and its chain", HelpName = "PATH",
    };

    private static readonly Option<string?> TlsKey = new("--tls-key") { Description = "PEM file with its key", HelpName = "PATH" };

    private static readonly Option<string?> Socket = new("--socket")
    {
        Description = "Unix socket to listen on as well; only its owner can reach it", HelpName = "PATH",
    };

    private static readonly Option<int> MaxConnections = new("--max-connections")
    {
        Description = "Connections that may be open at once; further ones are closed",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultMaxConnections,
        CustomParser = result => OptionValues.Integer(result, 1, 1_000_000),
    };

    private static readonly Option<string> Level = OptionValues.OneOf(
        "--log-level", "How much goes to stderr; debug has a line a decision", "info", "error", "warn", "info", "debug");

    private static readonly Option<string> Format = OptionValues.OneOf("--log-format", "How it is written", "text", "text", "json");

    /// <summary>Reads the command line, and the environment for flags that were left out.</summary>
    /// <param name="args">What follows <c>klock serve</c>.</param>
    /// <param name="environment">Gives a variable, null when it is not set.</param>
    /// <param name="options">The result; null when there is nothing to serve.</param>
    /// <returns>The exit code when there is nothing to serve, as after <c>--help</c>; else null.</returns>
    /// <exception cref="StartFailure">A flag or a variable is wrong.</exception>
    public static int? Read(string[] args, Func<string, string?> environment, out ServeOptions? options)
    {
        options = null;
        Command klock = Command(), serve = klock.Subcommands[0];
        if (Typing.Problem(serve, [], args) is { } problem)
        {
            throw new StartFailure($"{problem}{(problem.EndsWith('?') ? "" : ".")} See klock serve --help.");
        }

        // '@' has no special meaning in the name of a file.
        ParseResult result = klock.Parse(["serve", .. args], new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is HelpAction help)
        {
            int code = help.Invoke(result);
            Examples.Write(result.InvocationConfiguration.Output, Examples.OfServe);
            return code;
        }

        if (result.Errors.Count > 0)
        {
            throw new StartFailure($"{result.Errors[0].Message.Trim().TrimEnd('.')}. See klock serve --help.");
        }

        options = ToOptions(result, environment);
        return null;
    }

    private static ServeOptions ToOptions(ParseResult result, Func<string, string?> environment)
    {
        KeyRing keys = KeyRing.Read(environment(KeyRing.Variable), result.GetValue(KeyFile));
        string? host = result.GetValue(Host);
        return new ServeOptions
        {
            Address = OptionValues.Address(host, hasKey: !keys.IsEmpty),
            Port = result.GetValue(Port),
            Host = host,
            AllowedHosts =
            [
                .. OptionValues.HostNames(AllowHost.Name, result.GetValue(AllowHost) ?? []),
                .. OptionValues.HostNames(AllowHostsVariable, OptionValues.List(environment(AllowHostsVariable))),
            ],
            Storage = result.GetValue(Storage) ?? NonEmpty(environment(StorageVariable)) ?? OpenOptions.Memory,
            AcceptsRestore = result.GetValue(AcceptRestore),
            Root = result.GetValue(Root),
            DemandsNamespace = result.GetValue(NamespaceBy) != NoNamespace,
            Keys = keys,
            KeyFile = result.GetValue(KeyFile),
            CorsOrigins = OptionValues.Origins(result.GetValue(CorsOrigin) ?? [], hasKey: !keys.IsEmpty),
            Tls = OptionValues.Tls(result.GetValue(TlsCertificate), result.GetValue(TlsKey)),
            SocketPath = OptionValues.SocketPath(result.GetValue(Socket)),
            MaxConnections = result.GetValue(MaxConnections),
            LogLevel = OptionValues.Level(result.GetValue(Level)!),
            LogsJson = result.GetValue(Format) == "json",
            Starter = Starter.Read(environment(Starter.Variable)),
        };
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    // Named as the user calls it: `klock` replaces itself by this program.
    private static Command Command() => new("klock")
    {
        new Command("serve", "Coordinate agents over HTTP.")
        {
            Port, Host, AllowHost, Storage, AcceptRestore, Root, NamespaceBy, KeyFile, CorsOrigin, TlsCertificate, TlsKey, Socket,
            MaxConnections, Level, Format,
            new HelpOption("--help", "-h"),
        },
    };
}
